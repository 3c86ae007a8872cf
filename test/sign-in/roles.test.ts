import { describe, expect, test, vi } from 'vitest'
import type { Operation } from '../../src/contract/operation.ts'
import { isOpenTo } from '../../src/contract/roles.ts'
import { backends } from '../backends.ts'
import { operations } from '../every-operation.ts'
import { begin, signedIn } from './browser.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

const ofPartners = /^\/api\/v1\/((companies\/:companyId\/)?leads|views)(\/|$)/
const ofAdmins = /^\/api\/(v1\/company|v1\/users|console\/users|v1\/(tags|custom-fields|tiers|categories|stages)\/)/

/** What docs/behaviour.md says of a role, by the path of the operation. */
function isSaidToOpen(role: 'admin' | 'partnerships' | 'partner', { access, path }: Operation): boolean {
  if (role === 'admin' || access === 'read' || access === 'public' || access === 'person') return true
  if (path.endsWith('/erase')) return false
  if (role === 'partner') return ofPartners.test(path)
  return access === 'write' || !ofAdmins.test(path)
}

describe.each(backends)('roles on %s', (_, start) => {
  test.each([
    ['admin', 31],
    ['partnerships', 32],
    ['partner', 35],
  ] as const)('%s opens what the table says, and nothing else', async (role, id) => {
    const api = await begin(start)
    const admin = await signedIn(api, 31)
    if (role === 'partner') await admin.send('PATCH', `/api/v1/users/${id}`, { role })
    const browser = await signedIn(api, id)
    expect(operations.length).toBeGreaterThan(60)
    const told = (await browser.send('GET', '/api/v1/me')).body.operations

    for (const operation of operations) {
      const { access, method, path } = operation
      const open = isSaidToOpen(role, operation)
      expect([operation.id, isOpenTo(role, operation)]).toEqual([operation.id, open])
      expect([operation.id, told.includes(operation.id)]).toEqual([operation.id, open])
      if (access === 'public') continue
      // Nothing has this number, and no body is sent, so that what is open is refused for another reason.
      const sent = path.replace(':companyId', '3').replace(/:\w+/g, '999999')
      const headers = { cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '), origin: api.url }
      const reply = await fetch(`${api.url}${sent}`, { method, headers })
      const refusal = `${access === 'admin' ? 'Admin' : 'Write'} access required for this operation`
      const answer = reply.status === 403 ? JSON.parse(await reply.text()).error : 'open'
      await reply.body?.cancel().catch(() => {}) // some are streams without an end
      expect([method, path, answer]).toEqual([method, path, open ? 'open' : refusal])
    }
  })

  test('partnerships makes, changes and ends keys, but none that may administer', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 32)
    const label = 'CRM sync'
    const made = await browser.send('POST', '/api/v1/keys', { label, read_access: true })
    expect(made.status).toBe(201)
    expect((await browser.send('PATCH', `/api/v1/keys/${made.body.id}`, { label: 'Other' })).status).toBe(200)
    expect((await browser.send('POST', `/api/v1/keys/${made.body.id}/rotate`, {})).status).toBe(201)
    expect((await browser.send('DELETE', `/api/v1/keys/${made.body.id}`)).status).toBe(204)

    const refused = { status: 403, body: { error: 'Admin access required for this operation' } }
    expect(await browser.send('POST', '/api/v1/keys', { label, admin_access: true })).toMatchObject(refused)
    const keys = (await browser.send('GET', '/api/v1/keys')).body
    const { id } = keys.find((key: { admin_access: boolean }) => key.admin_access)
    expect(await browser.send('PATCH', `/api/v1/keys/${id}`, { label })).toMatchObject(refused)
    expect(await browser.send('POST', `/api/v1/keys/${id}/rotate`, {})).toMatchObject(refused)
    expect(await browser.send('DELETE', `/api/v1/keys/${id}`)).toMatchObject(refused)
  })
})
