import { describe, expect, onTestFinished, test } from 'vitest'
import { makeKey, revokeKey } from '../../src/keys/make.ts'
import { newKey } from '../../src/keys/secret.ts'
import { backends } from '../backends.ts'

describe.each(backends)('keys on %s', (_, start) => {
  const begin = async () => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }
  const request = {
    companyId: 3,
    userId: 31,
    label: 'CRM sync',
    mayRead: true,
    mayWrite: false,
    mayAdminister: false,
    expiresAt: null,
  }

  test('a new key opens what its switches say, and is kept as its prefix and digest', async () => {
    const api = await begin()
    const key = newKey()
    const { reply } = await api.database.transact(makeKey({ ...request, key }))
    expect(await api.get('/api/v1/leads/4711', key)).toMatchObject({ status: 200 })
    const row = await api.database.read('api_keys', { company_id: 3, id: reply.id })
    expect(row).toMatchObject({ label: 'CRM sync', prefix: key.slice(0, 12), may_read: true, may_write: false })
    expect(JSON.stringify(row)).not.toContain(key)
  })

  test('a revoked key stays revoked at the time it was', async () => {
    const api = await begin()
    expect((await api.database.transact(revokeKey(3, 1))).reply).toEqual({ found: true })
    const first = await api.database.read('api_keys', { id: 1 })
    await api.database.transact(revokeKey(3, 1))
    expect(await api.database.read('api_keys', { id: 1 })).toEqual(first)
    expect((await api.database.transact(revokeKey(3, 999))).reply).toEqual({ found: false })
  })

  test("another company's key is not found", async () => {
    const api = await begin()
    expect((await api.database.transact(revokeKey(3, 7))).reply).toEqual({ found: false })
    expect(await api.database.read('api_keys', { id: 7 })).toMatchObject({ revoked_at: null })
  })
})
