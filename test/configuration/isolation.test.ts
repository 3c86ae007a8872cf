import { describe, expect, onTestFinished, test } from 'vitest'
import * as ofTags from '../../src/contract/configuration.ts'
import * as deletions from '../../src/contract/deletions.ts'
import * as ofKeys from '../../src/contract/keys.ts'
import type { Operation } from '../../src/contract/operation.ts'
import * as ofStages from '../../src/contract/stages.ts'
import * as ofTiers from '../../src/contract/tiers.ts'
import * as ofUsers from '../../src/contract/users.ts'
import { type Api, backends } from '../backends.ts'
import { categoryUuid, fieldUuid, keys, stageUuid, tagUuid, tierUuid, userUuid } from '../fixture.ts'
import { sender } from './requests.ts'

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'path' in value && 'access' in value

/** Every operation on what a company defines, its users and its keys. */
const operations = [ofTags, ofTiers, ofStages, ofUsers, deletions, ofKeys].flatMap((module) =>
  Object.values<unknown>(module).filter(isOperation),
)
const named = operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const)
const withParams = named.filter(([, { params }]) => params !== undefined)

/** What the other company has, by number and by uuid. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  tagId: ['90', tagUuid(90)],
  fieldId: ['91', fieldUuid(91)],
  optionId: ['1'],
  tierId: ['64', tierUuid(64)],
  categoryId: ['74', categoryUuid(74)],
  userId: ['44', userUuid(44)],
  keyId: ['7', '9'],
}
const foreignStages = { partner: ['88', stageUuid(88)], deal: ['89', stageUuid(89)] }

function pathsOf({ path }: Operation): string[] {
  const stages = path.includes('partner-stages') ? foreignStages.partner : foreignStages.deal
  const of = (name: string): readonly string[] => (name === 'stageId' ? stages : (foreign[name] ?? []))
  return [0, 1].map((at) => path.replace(/:(\w+)/g, (_, name: string) => of(name)[at] ?? of(name)[0] ?? 'missing'))
}

/** All rows of a company. */
async function rowsOf({ database }: Api, companyId: number): Promise<unknown> {
  const all: Record<string, unknown> = {}
  for (const table of [
    'users',
    'api_keys',
    'tags',
    'custom_fields',
    'tiers',
    'categories',
    'stages',
    'leads',
  ] as const) {
    const rows = await database.find((db) =>
      db.selectFrom(table).selectAll().where('company_id', '=', companyId).orderBy('id'),
    )
    all[table] = rows.map((row) => ({ ...row, ...('last_used_at' in row && { last_used_at: null }) }))
  }
  return { ...all, log: await database.read('company_log', { company_id: companyId }) }
}

const opening = { public: keys.full, read: keys.full, write: keys.full, admin: keys.admin } as const
const closed = {
  public: [],
  read: [keys.writeOnly, keys.admin],
  write: [keys.readOnly, keys.admin],
  admin: [keys.full, keys.readOnly, keys.writeOnly],
} as const
const bodyOf = ({ body, id }: Operation): unknown =>
  body === undefined ? undefined : id === 'createCustomFieldOption' ? { label: 'x' } : {}

describe.each(backends)('companies apart on %s', (_, start) => {
  const begin = async () => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }

  test("another company's ids are not found, and leave no trace there", async () => {
    const api = await begin()
    const before = await rowsOf(api, 4)
    expect(withParams.length).toBeGreaterThan(15)
    for (const [name, operation] of withParams) {
      for (const path of pathsOf(operation)) {
        const reply = await sender(api)(operation.method, path, bodyOf(operation), opening[operation.access])
        expect(reply, `${name} as ${path}`).toMatchObject({ status: 404 })
        expect(Object.keys(reply.body)).toEqual(['error'])
      }
    }
    expect(await rowsOf(api, 4)).toEqual(before)
  })

  test('no list tells of another company', async () => {
    const api = await begin()
    const lists = named.filter(([, { method, params }]) => method === 'GET' && params === undefined)
    expect(lists).toHaveLength(8)
    const isForeign = (id: number): boolean => [90, 91, 64, 74, 44, 88, 89].includes(id)
    for (const [name, { path, access }] of lists) {
      const all = await api.get(`${path}?archived=1&indirect=1&revoked=1`, opening[access])
      expect(all.body.length, name).toBeGreaterThan(0)
      if (access !== 'admin')
        expect(
          all.body.filter(({ id }: { id: number }) => isForeign(id)),
          name,
        ).toEqual([])
      else expect(all.body.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4, 5, 6])
    }
  })

  test('a key without the switch is refused before anything is looked at', async () => {
    const api = await begin()
    const before = await rowsOf(api, 3)
    const texts = { read: 'Read', write: 'Write', admin: 'Admin', public: '' }
    for (const [name, operation] of named) {
      const path = operation.path.replace(/:\w+/g, '1')
      for (const key of closed[operation.access]) {
        const reply = await api.request(operation.method, path, {
          key,
          headers: { 'content-type': 'application/json' },
          ...(operation.body !== undefined && { body: '{bad' }),
        })
        const error = `${texts[operation.access]} access required for this operation`
        expect(reply, name).toMatchObject({ status: 403, body: { error } })
      }
    }
    expect(await rowsOf(api, 3)).toEqual(before)
  })
})
