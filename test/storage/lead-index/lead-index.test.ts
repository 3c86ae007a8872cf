import { expect, test } from 'vitest'
import { statuses } from '../../../src/contract/lead-members.ts'
import { chanceFrom } from '../../../src/sample/chance.ts'
import type { IndexedLead } from '../../../src/storage/lead-index/column.ts'
import { neededBy, neededToSort } from '../../../src/storage/lead-index/columns.ts'
import { LeadIndex } from '../../../src/storage/lead-index/lead-index.ts'
import { foldedText } from '../../../src/storage/lead-index/sort-keys.ts'
import type { AskedPage, Condition, Cursor, OrderEntry } from '../../../src/storage/lead-list.ts'

const pageSize = 37
const asked: AskedPage = { conditions: [], order: [], cursor: undefined, page: 1, pageSize }
const names = ['Ärzte', 'arzt', 'ARZTE', 'Zoo', 'Straße', 'strasse', 'Łódź', 'a', null] as const

/** A lead with values drawn by chance; made at a time that others have too, not always behind all others. */
function drawn(chance: ReturnType<typeof chanceFrom>, id: number, at: number): IndexedLead {
  const value = (held: string | number | boolean | readonly number[]) => ({ id: 1, uuid: '', value: held })
  return {
    id,
    created_at: 1_000 + Math.floor(at / 3) - (chance.happens(0.05) ? chance.between(0, 200) : 0),
    updated_at: chance.between(0, 100),
    status: chance.pick(statuses),
    partner_type: chance.happens(0.3) ? 'reseller' : null,
    campaign_id: chance.happens(0.1) ? 1 : null,
    archived_at: chance.happens(0.1) ? 1 : null,
    tags: chance.some([7, 8, 16, 30], 0, 3),
    assigned_users: chance.some([31, 32, 35], 0, 2),
    company_name: chance.pick(names),
    email: chance.happens(0.5) ? `lead${chance.between(0, 500)}@example.com` : null,
    source: chance.pick(['manual', 'integration']),
    created_by_user_id: chance.happens(0.5) ? 31 : null,
    custom_fields: {
      ...(chance.happens(0.6) && { 5: value(chance.between(-3, 3) / 2) }),
      ...(chance.happens(0.6) && { 7: value(chance.some([1, 2, 3], 1, 3)) }),
      ...(chance.happens(0.6) && { 10: value(chance.pick(['2026-01-02', '2026-01-02T12:00:00+02:00', '2025-12-31'])) }),
    },
  }
}

const entry = (of: OrderEntry['by']['of'], descending = false): OrderEntry =>
  of === 'company_name' || of === 'email'
    ? { by: { kind: 'text', of }, descending }
    : { by: { kind: 'number', of: of as 'status' }, descending }

const orders: readonly (readonly OrderEntry[])[] = [
  [],
  ...(['status', 'company_name', 'email', 'created_at', 'updated_at', 5, 7, 10] as const).flatMap((of) => [
    [entry(of)],
    [entry(of, true)],
  ]),
  [entry('status', true), entry('company_name')],
  [entry(5), entry('company_name', true), entry('updated_at')],
]

/** What a lead is sorted by, as the order says. */
function valueIn(lead: IndexedLead, { by }: OrderEntry): number | string | undefined {
  if (by.of === 'status') return statuses.indexOf(lead.status)
  if (by.of === 'company_name' || by.of === 'email') return lead[by.of] ? foldedText(lead[by.of] ?? '') : undefined
  if (by.of === 'created_at' || by.of === 'updated_at') return lead[by.of]
  const held = lead.custom_fields?.[String(by.of)]?.value
  if (typeof held === 'object') return Math.min(...held)
  return typeof held === 'string' ? new Date(held).getTime() : (held as number | undefined)
}

/** The order of two leads, read once more. */
function compare(order: readonly OrderEntry[], a: IndexedLead, b: IndexedLead): number {
  for (const one of order) {
    const [left, right] = [valueIn(a, one), valueIn(b, one)]
    if (left === right) continue
    if (left === undefined) return 1
    if (right === undefined) return -1
    return left < right === one.descending ? 1 : -1
  }
  return b.created_at - a.created_at || b.id - a.id
}

/** An index with the columns that conditions and orders need, and the leads that it holds. */
class Leads {
  readonly index = new LeadIndex()
  readonly all = new Map<number, IndexedLead>()
  readonly #chance: ReturnType<typeof chanceFrom>

  constructor(seed: number, conditions: readonly Condition[]) {
    this.#chance = chanceFrom(seed)
    for (const needed of [...conditions.map(neededBy), ...orders.flat().map(neededToSort)])
      if (needed !== undefined && !this.index.has(needed.name)) this.index.adopt(needed.name, needed.make())
  }

  change(count: number): void {
    for (let at = 0; at < count; at += 1) {
      const present = this.#chance.happens(0.4)
        ? this.all.get(this.#chance.between(1, Math.max(1, this.all.size)))
        : undefined
      const id = present?.id ?? this.all.size + 1
      const lead = {
        ...drawn(this.#chance, id, this.all.size),
        ...(present !== undefined && { created_at: present.created_at }),
      }
      this.index.put(lead)
      this.all.set(id, lead)
    }
  }

  expected(order: readonly OrderEntry[], holds: (lead: IndexedLead) => boolean = () => true): number[] {
    return [...this.all.values()]
      .filter((lead) => lead.archived_at === null && holds(lead))
      .sort((a, b) => compare(order, a, b))
      .map(({ id }) => id)
  }
}

test('any page of any order is what the leads say, after any changes', async () => {
  const leads = new Leads(5, [])
  for (const changes of [1_200, 1, 3, 40, 700]) {
    leads.change(changes)
    for (const order of orders) {
      for (const tag of [undefined, 7]) {
        const conditions = tag === undefined ? [] : [{ kind: 'has', column: 'tags', ids: [tag] } as const]
        const expected = leads.expected(order, ({ tags }) => tag === undefined || tags.includes(tag))
        for (const page of [1, 2, 11, 200]) {
          const found = await leads.index.page({ ...asked, conditions, order, page })
          expect(found.total).toBe(expected.length)
          expect(found.ids, JSON.stringify(order)).toEqual(expected.slice((page - 1) * pageSize, page * pageSize))
        }
      }
    }
  }
})

test('leads that are sorted in several turns are in order, and who goes away is not waited for', async () => {
  const leads = new Leads(3, [])
  leads.change(40_000)
  const order = [entry('status', true), entry(5)]
  const expected = leads.expected(order)
  const gone = new AbortController()
  const mine = leads.index.page({ ...asked, order }, gone.signal)
  gone.abort()
  await expect(mine).rejects.toThrow('aborted')
  expect((await leads.index.page({ ...asked, order, pageSize: 100_000 })).ids).toEqual(expected)
}, 30_000)

test('a walk by cursors in any order meets each lead that is not changed once, whatever else is changed', async () => {
  for (const order of orders) {
    const leads = new Leads(8, [])
    leads.change(600)
    const before = new Map(leads.all)
    const seen: number[] = []
    let cursor: Cursor | undefined
    do {
      const { ids, next } = await leads.index.page({ ...asked, order, cursor })
      seen.push(...ids)
      cursor = next
      leads.change(5)
    } while (cursor !== undefined)
    const kept = [...before.values()].filter((lead) => lead.archived_at === null && leads.all.get(lead.id) === lead)
    const isKept = new Set(kept.map(({ id }) => id))
    expect(isKept.size).toBeGreaterThan(200)
    const met = seen.filter((id) => isKept.has(id))
    expect(met.toSorted((a, b) => a - b)).toEqual([...isKept].toSorted((a, b) => a - b))
    expect(met, JSON.stringify(order)).toEqual(leads.expected(order, ({ id }) => isKept.has(id)))
  }
})

const midnight = Date.UTC(2026, 0, 2)
const filters: readonly (readonly [Condition, (lead: IndexedLead) => boolean])[] = [
  [
    { kind: 'holds', member: 'company_name', needle: 'ärz' },
    ({ company_name }) => company_name?.toLowerCase().includes('ärz') === true,
  ],
  [{ kind: 'filled', of: 'email', is: true }, ({ email }) => email !== null],
  [{ kind: 'filled', of: 'tags', is: false }, ({ tags }) => tags.length === 0],
  [{ kind: 'filled', of: 'users', is: true }, ({ assigned_users }) => assigned_users.length > 0],
  [{ kind: 'filled', of: 5, is: false }, ({ custom_fields }) => custom_fields?.[5] === undefined],
  [{ kind: 'source', sources: ['manual'] }, ({ source }) => source === 'manual'],
  [{ kind: 'created by', users: [31, 404] }, ({ created_by_user_id }) => created_by_user_id === 31],
  [
    { kind: 'within', of: 5, min: -0.5, max: 1 },
    ({ custom_fields }) => [-0.5, 0, 0.5, 1].includes((custom_fields?.[5]?.value as number) ?? 9),
  ],
  [
    { kind: 'within', of: 10, min: midnight, max: midnight + 1 },
    ({ custom_fields }) => custom_fields?.[10]?.value === '2026-01-02',
  ],
  [{ kind: 'within', of: 'updated_at', min: 50, max: 60 }, ({ updated_at: at }) => at >= 50 && at <= 60],
  [{ kind: 'not', condition: { kind: 'status', statuses: ['new', 'lost'] } }, ({ status }) => !/new|lost/.test(status)],
  [
    { kind: 'not', condition: { kind: 'holds', member: 'company_name', needle: 'a' } },
    ({ company_name }) => company_name?.toLowerCase().includes('a') !== true,
  ],
]

test('a filter finds the leads that it says, and counts tell how many there are of each kind', async () => {
  const leads = new Leads(
    11,
    filters.map(([condition]) => condition),
  )
  for (const changes of [1_500, 200, 1]) {
    leads.change(changes)
    for (const [condition, holds] of filters) {
      const expected = leads.expected([], holds)
      expect(expected.length).toBeGreaterThan(0)
      const found = await leads.index.page({ ...asked, conditions: [condition], pageSize: 5_000 })
      expect(found.ids, JSON.stringify(condition)).toEqual(expected)
      const these = expected.flatMap((id) => leads.all.get(id) ?? [])
      const count = (has: (lead: IndexedLead) => boolean): number => these.filter(has).length
      const { status, tags, users, ...rest } = await leads.index.counts([condition])
      expect(rest).toEqual({ total: these.length, unassigned: count(({ assigned_users: on }) => on.length === 0) })
      for (const one of statuses) expect(status[one]).toBe(count((lead) => lead.status === one))
      for (const id of [7, 8, 16, 30]) expect(tags.get(id) ?? 0).toBe(count((lead) => lead.tags.includes(id)))
      for (const id of [31, 32, 35]) expect(users.get(id) ?? 0).toBe(count((lead) => lead.assigned_users.includes(id)))
      expect([...tags.keys()].every((id) => [7, 8, 16, 30].includes(id))).toBe(true)
      expect([...tags.values(), ...users.values()]).not.toContain(0)
    }
  }
})

test.each([
  ['Ärzte', 'arzte'],
  ['ÉMILE', 'emile'],
  ['Straße', 'strasse'],
  ['Œuvre', 'oeuvre'],
  ['Łódź', 'lodz'],
  ['Жук Й', 'жук и'],
  ['東京', '東京'],
  ['x'.repeat(300), 'x'.repeat(255)],
  ['🐝'.repeat(300), '🐝'.repeat(255)],
])('%j is sorted as %j', (text, folded) => {
  expect(foldedText(text)).toBe(folded)
})
