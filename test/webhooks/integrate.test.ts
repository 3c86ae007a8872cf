import { describe, expect, onTestFinished, test } from 'vitest'
import { vaultOf } from '../../src/kernel/vault.ts'
import { createIntegration, sealedIntegration } from '../../src/webhooks/integrate.ts'
import { sealedAs } from '../../src/webhooks/secrets.ts'
import { backends } from '../backends.ts'
import { keys, noon, uuidOf } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { aMoment, refusalFrom } from '../leads/examples.ts'
import { administrator } from './examples.ts'

const uuid = uuidOf(7, 1)
const vault = vaultOf(new Uint8Array(32).fill(3))
const body = {
  name: 'CRM',
  apiKey: 'their-key',
  configuration: [{ id: 'a' }],
  externalSettings: '{"b":1}',
  ignored: [],
}

describe('the decision', () => {
  const work = (present: number) => createIntegration(3, sealedIntegration(vault, uuid, body), present)

  test('is one row, its secrets sealed for its uuid', () => {
    const { reply, writes } = work(0).decide({}, aMoment())
    expect(reply).toEqual({ id: 100, uuid })
    const [write, ...more] = writes
    expect(more).toEqual([])
    if (write?.kind !== 'insert' || write.table !== 'integrations') throw new Error('no integration was made')
    const { api_key, external_settings, ...row } = write.row
    expect(row).toEqual({
      company_id: 3,
      id: 100,
      uuid,
      name: 'CRM',
      configuration: [{ id: 'a' }],
      created_at: noon + 86_400_000,
    })
    expect(vault.open(api_key ?? new Uint8Array(), sealedAs.apiKey(uuid))).toBe('their-key')
    expect(vault.open(external_settings ?? new Uint8Array(), sealedAs.externalSettings(uuid))).toBe('{"b":1}')
  })

  test('what is not given is not sealed', () => {
    const bare = sealedIntegration(vault, uuid, { ...body, apiKey: null, externalSettings: null })
    expect(bare).toMatchObject({ api_key: null, external_settings: null })
  })

  test('refuses the hundred and first', () => {
    expect(work(99).decide({}, aMoment()).writes).toHaveLength(1)
    const refusal = refusalFrom(() => work(100).decide({}, aMoment()))
    expect(refusal).toMatchObject({ failure: 'invalid_body', message: 'A company has at most 100 integrations' })
  })
})

describe.each(backends)('integrations on %s', (_, start) => {
  const clock = handClock()
  const begin = async () => {
    const api = await start({ clock })
    onTestFinished(() => api.close())
    return { api, admin: administrator(api) }
  }

  test('are listed as they were made, oldest first, without their secrets', async () => {
    const { admin } = await begin()
    const configuration = [{ id: 'lead_integration_settings', selected: [{ id: 'x', value: 'email' }] }]
    const externalSettings = { authorisation: [{ id: 'api_key', value: 'secret-of-theirs' }] }
    const first = await admin.post('/integrations', {
      name: ' CRM ',
      apiKey: 'key-of-ours',
      configuration,
      externalSettings,
    })
    const second = await admin.post('/integrations', { name: 'Slack', apiKey: null, externalSettings: null })

    expect(first).toMatchObject({ status: 201, body: { id: 1, uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) } })
    const { status, body } = await admin.get('/integrations')
    expect(status).toBe(200)
    const created_at = new Date(clock.now()).toISOString()
    expect(body).toEqual([
      { ...first.body, name: 'CRM', created_at, configuration, has_api_key: true, has_external_settings: true },
      {
        ...second.body,
        name: 'Slack',
        created_at,
        configuration: [],
        has_api_key: false,
        has_external_settings: false,
      },
    ])
  })

  test("are the own company's only", async () => {
    const { admin } = await begin()
    await admin.integration()
    expect((await admin.get('/integrations', keys.otherAdmin)).body).toEqual([])
    await admin.integration({ name: 'Theirs' }, keys.otherAdmin)
    expect((await admin.get('/integrations')).body).toMatchObject([{ name: 'CRM' }])
    expect((await admin.get('/integrations', keys.otherAdmin)).body).toMatchObject([{ name: 'Theirs' }])
  })

  test('need the switch for administration', async () => {
    const { admin } = await begin()
    for (const reply of [
      await admin.get('/integrations', keys.full),
      await admin.post('/integrations', { name: 'CRM' }, { key: keys.full }),
    ]) {
      expectRefused(reply, 403, 'Admin access required for this operation')
    }
  })

  test('every fault of a body is told', async () => {
    const { admin } = await begin()
    const reply = await admin.post('/integrations', {
      name: 7,
      apiKey: 'x'.repeat(1001),
      configuration: {},
      externalSettings: [],
    })
    expectRefused(reply, 400, 'name must be a string')
    expect(reply.body.details).toEqual([
      { path: '/name', message: 'name must be a string' },
      { path: '/apiKey', message: 'apiKey must be at most 1000 characters' },
      { path: '/configuration', message: 'configuration must be an array' },
      { path: '/externalSettings', message: 'externalSettings must be an object' },
    ])
    expect((await admin.get('/integrations')).body).toEqual([])
  })

  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
  test.each([
    [{}, 'name is required'],
    [{ name: null }, 'name is required'],
    [{ name: '  ' }, 'name is required'],
    [{ name: 'x'.repeat(256) }, 'name must be at most 255 characters'],
    [{ name: 'a\0' }, 'name contains invalid characters'],
    [{ name: 'a', apiKey: '\ud800' }, 'apiKey contains invalid characters'],
    [{ name: 'a', configuration: null }, 'configuration must be an array'],
    [{ name: 'a', configuration: [{}, 1] }, 'configuration[1] must be an object'],
    [{ name: 'a', configuration: [{ a: { b: ['\0'] } }] }, 'configuration contains invalid characters'],
    [{ name: 'a', configuration: [{ '\ud800': 1 }] }, 'configuration contains invalid characters'],
    [{ name: 'a', configuration: [{ a: 'x'.repeat(16_384) }] }, 'configuration must be at most 16384 bytes of JSON'],
    [{ name: 'a', configuration: [{ a: deep(31) }] }, 'configuration must be nested at most 32 levels'],
    [{ name: 'a', externalSettings: 'x' }, 'externalSettings must be an object'],
    [{ name: 'a', externalSettings: { a: 'ä'.repeat(8200) } }, 'externalSettings must be at most 16384 bytes of JSON'],
  ])('%# is refused', async (sent, error) => {
    const { admin } = await begin()
    expectRefused(await admin.post('/integrations', sent), 400, error)
  })

  test('settings nested beyond any stack are refused, and those within the bound are kept', async () => {
    const { api, admin } = await begin()
    const nested = `{"name":"a","configuration":[{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}]}`
    const headers = { 'content-type': 'application/json' }
    const reply = await api.request('POST', '/api/v1/integrations', { key: keys.admin, headers, body: nested })
    expectRefused(reply, 400, 'configuration must be nested at most 32 levels')
    expect(await admin.post('/integrations', { name: 'a', configuration: [{ a: deep(30) }] })).toMatchObject({
      status: 201,
    })
  })

  test('what is no object is refused', async () => {
    const { admin } = await begin()
    for (const body of [null, [], 'a', 1]) {
      expectRefused(await admin.post('/integrations', body), 400, 'Request body must be a JSON object')
    }
  })

  test('unknown members are named and ignored, or refused when that is asked for', async () => {
    const { admin } = await begin()
    const reply = await admin.post('/integrations', { name: 'CRM', colour: 'red' })
    expect(reply.status).toBe(201)
    expect(reply.headers.get('x-waggle-ignored-fields')).toBe('colour')
    const headers = { prefer: 'handling=strict' }
    expectRefused(
      await admin.post('/integrations', { name: 'CRM', colour: 'red' }, { headers }),
      400,
      'Unknown field: colour',
    )
    expect((await admin.get('/integrations')).body).toHaveLength(1)
  })

  test('a repeated request with its idempotency key makes one, and is answered the same', async () => {
    const { admin } = await begin()
    const send = (name: string) => admin.post('/integrations', { name }, { headers: { 'idempotency-key': 'once-1' } })
    const first = await send('CRM')
    const second = await send('CRM')
    expect(second).toMatchObject({ status: 201, body: first.body })
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect((await admin.get('/integrations')).body).toHaveLength(1)
    expectRefused(await send('Other'), 422, 'Idempotency key was used with another request')
  })

  test('a company has a hundred at the most, and the last can still be repeated', async () => {
    const { api, admin } = await begin()
    const row = {
      company_id: 3,
      created_at: noon,
      name: 'CRM',
      configuration: [],
      api_key: null,
      external_settings: null,
    }
    await api.database.load(
      Array.from({ length: 99 }, (_value, index) => ({
        kind: 'insert' as const,
        table: 'integrations' as const,
        row: { ...row, id: index + 1, uuid: uuidOf(7, index + 1) },
      })),
    )
    const last = () => admin.post('/integrations', { name: 'Last' }, { headers: { 'idempotency-key': 'last' } })
    expect(await last()).toMatchObject({ status: 201 })
    expectRefused(await admin.post('/integrations', { name: 'More' }), 400, 'A company has at most 100 integrations')
    expect(await last()).toMatchObject({ status: 201 })
    expect(await admin.post('/integrations', { name: 'Theirs' }, { key: keys.otherAdmin })).toMatchObject({
      status: 201,
    })
  })
})
