import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys, noon, userUuid } from '../fixture.ts'

describe.each(backends)('users on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const idsOf = ({ body }: Reply): number[] => body.map(({ id }: { id: number }) => id)

  test('are listed with every member; disabled and indirect ones only when asked for', async () => {
    const reply = await api.get('/api/v1/users')
    expect(idsOf(reply)).toEqual([31, 32, 35])
    expect(reply.body[0]).toEqual({
      id: 31,
      uuid: userUuid(31),
      created_at: new Date(noon).toISOString(),
      email: 'user31@our.example',
      first_name: 'Eva',
      last_name: 'Nr 31',
      role: 'admin',
      position: null,
      email_verified: new Date(noon).toISOString(),
      disabled_at: null,
      color: '#3B82F6',
      profile_image_id: null,
      profile_image_uuid: null,
      country_id: null,
      country_label: null,
      country_code: null,
    })
    expect(idsOf(await api.get('/api/v1/users?indirect=1'))).toEqual([31, 32, 33, 34, 35])
    expect(idsOf(await api.get('/api/v1/users?pageSize=2&page=2'))).toEqual([35])
  })

  test('a company sees its own only, and a key needs the read switch', async () => {
    expect(idsOf(await api.get('/api/v1/users', keys.other))).toEqual([44])
    expect((await api.get('/api/v1/tags', keys.other)).body).toMatchObject([{ id: 90 }])
    expect((await api.get('/api/v1/custom-fields', keys.other)).body).toMatchObject([{ id: 91 }])
    expect(await api.get('/api/v1/users', keys.writeOnly)).toMatchObject({ status: 403 })
  })
})
