import { describe, expect, test } from 'vitest'
import { firstSteps } from '../../console/keys/first-steps.ts'
import { isInForce, isLastAdmin } from '../../console/keys/queries.ts'
import type { Key } from '../../sdk/index.ts'

const now = Date.UTC(2026, 0, 31)
const key = (id: number, more: Partial<Key> = {}): Key => ({
  id,
  label: `key ${id}`,
  prefix: 'wgl_1',
  user_id: 1,
  user_uuid: '781117b4-695a-4f69-9d53-1e9c5b78075f',
  read_access: true,
  write_access: true,
  admin_access: true,
  created_at: '2026-01-01T00:00:00.000Z',
  last_used_at: null,
  expires_at: null,
  revoked_at: null,
  ...more,
})

describe('which key opens', () => {
  test.each([
    [{}, true],
    [{ revoked_at: '2026-01-30T00:00:00.000Z' }, false],
    [{ expires_at: '2026-01-30T00:00:00.000Z' }, false],
    [{ expires_at: '2026-02-01T00:00:00.000Z' }, true],
  ])('%j: %s', (more, isOpen) => expect(isInForce(key(1, more), now)).toBe(isOpen))
})

describe('the last admin key', () => {
  test('alone it is the last, beside another it is not', () => {
    expect(isLastAdmin(key(1), [key(1)], now)).toBe(true)
    expect(isLastAdmin(key(1), [key(1), key(2)], now)).toBe(false)
    expect(isLastAdmin(key(1), [key(1), key(2, { admin_access: false })], now)).toBe(true)
  })

  test('one that ends before it does not count, as on the server', () => {
    const short = key(2, { expires_at: '2026-02-01T00:00:00.000Z' })
    expect(isLastAdmin(key(1), [key(1), short], now)).toBe(true)
    expect(isLastAdmin(short, [key(1), short], now)).toBe(false)
  })

  test('one that does not administer, or has ended, may always go', () => {
    expect(isLastAdmin(key(1, { admin_access: false }), [], now)).toBe(false)
    expect(isLastAdmin(key(1, { revoked_at: '2026-01-30T00:00:00.000Z' }), [], now)).toBe(false)
  })
})

describe('what a new key is tried with', () => {
  const rights = { key: 'wgl_secret', read_access: false, write_access: false, admin_access: false }
  const command = (more: Partial<typeof rights>, lead?: { id: number; status: 'new' | 'contacted' }): string =>
    firstSteps({ ...rights, ...more }, lead, 'https://leads.example').command

  test('a change, where it may write; another status than the lead has', () => {
    expect(command({ write_access: true }, { id: 7, status: 'contacted' })).toContain('"status": "qualified"')
    expect(command({ write_access: true }, { id: 7, status: 'new' })).toContain(
      'PATCH "https://leads.example/api/v1/leads/7"',
    )
  })

  test('a first lead, where there is none; a look, where it may read; endpoints, where it may only administer', () => {
    expect(command({ write_access: true })).toContain('POST "https://leads.example/api/v1/leads"')
    expect(command({ read_access: true }, { id: 7, status: 'new' })).toContain('/api/v1/leads?pageSize=')
    expect(command({ admin_access: true })).toContain('/api/v1/webhooks"')
  })
})
