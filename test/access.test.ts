import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Operation } from '../src/contract/operation.ts'
import { isOpenTo } from '../src/contract/roles.ts'
import { givenRoles } from '../src/contract/users.ts'
import { keyRow } from '../src/keys/make.ts'
import { type Api, backends } from './backends.ts'
import { operations, rowsOf, spelled } from './every-operation.ts'
import { keys, noon } from './fixture.ts'

/** The table of docs/access.md: the cells of an operation by their heads. */
const table = new Map<string, Readonly<Record<string, string>>>()
const [head = '', , ...rows] = readFileSync(join(import.meta.dirname, '../docs/access.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''))
for (const row of rows) {
  const cells = cellsOf(row)
  table.set(cells[0] ?? '', Object.fromEntries(cellsOf(head).map((name, at) => [name, cells[at] ?? ''])))
}

/** What the page says of an operation for a caller. */
function said({ id }: Operation, column: string): string {
  const cell = table.get(id)?.[column]
  if (cell === undefined) throw new Error(`docs/access.md does not tell of ${id} under "${column}": npm run docs`)
  return cell
}

const refusals = /^(Read|Write|Admin) access required for this operation$|^Only a person who is signed in may do this$/

const aloneKeys = { admin: keys.admin, read: keys.readOnly, write: keys.writeOnly }

/** A key of the fixture's company with all three switches. */
const everything = 'jb_api_everything_0000000000'

async function begin(start: (typeof backends)[number][1]): Promise<Api> {
  const api = await start()
  onTestFinished(() => api.close())
  const switches = { mayRead: true, mayWrite: true, mayAdminister: true }
  const request = { companyId: 3, userId: 31, label: 'All', key: everything, ...switches, expiresAt: null }
  const row = keyRow(request, 900, noon)
  await api.database.load([{ kind: 'insert', table: 'api_keys', row }])
  return api
}

/** Asks so that nothing is done where it is open: no row has the number, no body is JSON. */
async function answered(api: Api, { method, path, body, file }: Operation, key: string | null): Promise<string> {
  const sent = path.replace(':companyId', '3').replace(/:\w+/g, '999999')
  const reply = await fetch(`${api.url}${sent}`, {
    method,
    headers: {
      origin: api.url,
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(file !== undefined && { 'content-type': 'text/plain' }),
    },
    ...((body ?? file) !== undefined && { body: '{bad' }),
  })
  const isRefused = reply.status === 401 || reply.status === 403
  const { error } = isRefused ? JSON.parse(await reply.text()) : { error: '' }
  await reply.body?.cancel().catch(() => {}) // some are streams without an end
  expect(reply.status, `${method} ${path} is a fault`).toBeLessThan(500)
  if (reply.status === 403) expect(error).toMatch(refusals)
  if (reply.status === 401) expect(error).toBe('Invalid API key or insufficient permissions')
  return isRefused ? String(reply.status) : 'yes'
}

test('the page tells of each operation once, and of no other', () => {
  expect(rows).toHaveLength(table.size)
  expect([...table.keys()].sort()).toEqual(operations.map(({ id }) => id).sort())
})

test.each(givenRoles)('the page tells what is open to the role %s', (role) => {
  for (const operation of operations) {
    expect([operation.id, said(operation, `person: ${role}`)]).toEqual([
      operation.id,
      isOpenTo(role, operation) ? 'yes' : '403',
    ])
  }
})

describe.each(backends)('who may do what, on %s', (_, start) => {
  const without = [null, 'jb_api_unknown_0000000000000', keys.revoked, keys.expired, keys.suspended]

  test.each(without)('the key %s opens what is public, and nothing else', async (key) => {
    const api = await begin(start)
    for (const [name, operation] of spelled) {
      expect([name, await answered(api, operation, key)]).toEqual([name, said(operation, 'no valid key')])
    }
  })

  test.each(['read', 'write', 'admin'] as const)(
    'a key with the switch %s alone opens what the page says',
    async (one) => {
      const api = await begin(start)
      const before = await rowsOf(api, 3)
      for (const [name, operation] of spelled) {
        expect([name, await answered(api, operation, aloneKeys[one])]).toEqual([name, said(operation, `key: ${one}`)])
      }
      expect(await rowsOf(api, 3)).toEqual(before)
    },
  )

  test.each([
    ['read and write', keys.full, ['read', 'write']],
    ['all three', everything, ['read', 'write', 'admin']],
    ["another company's, read and write", keys.other, ['read', 'write']],
    ["another company's, admin", keys.otherAdmin, ['admin']],
  ] as const)('a key with %s opens what one of them opens', async (_switches, key, held) => {
    const api = await begin(start)
    const before = await rowsOf(api, 3)
    for (const [name, operation] of spelled) {
      const cells = held.map((one) => said(operation, `key: ${one}`))
      const expected = cells.includes('yes') ? 'yes' : '403'
      expect([name, await answered(api, operation, key)]).toEqual([name, expected])
    }
    expect(await rowsOf(api, 3)).toEqual(before)
  })
})
