import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type FieldType, fieldTypes } from '../../src/contract/fields.ts'
import { contactMembers } from '../../src/contract/lead-members.ts'
import { LeadPatch, patchMembers } from '../../src/contract/leads.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { readPatch } from '../../src/leads/patch.ts'
import { leadView } from '../../src/leads/state.ts'
import type { Row } from '../../src/storage/tables.ts'
import { type Api, backends } from '../backends.ts'
import { definitionsOf, tagUuid } from '../fixture.ts'
import { aLead, aMoment, decided, expectNoChange } from '../leads/examples.ts'
import { anyBodies, goodBodies, noise } from './bodies.ts'

type Members = Readonly<Record<string, unknown>>
const definitions = definitionsOf(3)

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const membersOf = (value: unknown): Members => (isMembers(value) ? value : {})
const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const sameSet = (left: readonly unknown[], right: readonly unknown[]): boolean =>
  new Set(left).size === new Set(right).size && left.every((one) => right.includes(one))

/** The id that an element of a patch means; the patch was accepted, so it means one. */
function idMeant(element: unknown, find: (reference: string) => { id: number } | undefined): number {
  const { id, uuid } = isMembers(element) ? element : { id: element, uuid: undefined }
  const named = id ?? uuid
  return typeof named === 'string' && named.includes('-') ? (find(named.toLowerCase())?.id ?? 0) : Number(named)
}

/** The value that an accepted element of `customFields` sets; undefined when it clears the field. */
function valueMeant(type: FieldType, value: unknown): unknown {
  const sent = membersOf(value)
  const given = type === 'textarea' ? (sent['text'] ?? sent['textarea']) : sent[fieldTypes[type].key]
  if (type === 'select') return given === null || given === undefined ? undefined : Number(given)
  if (type === 'multi_select')
    return elementsOf(given).length === 0 ? undefined : [...new Set(elementsOf(given).map(Number))]
  return given === null || given === undefined || given === '' ? undefined : given === 0 ? 0 : given
}

/** The lead after an accepted body, members apart that every change moves: said a second time, in other words. */
function leadMeant(body: unknown, lead: Row<'leads'>): Members {
  const sent = membersOf(body)
  const next: Record<string, unknown> = { ...lead }
  for (const member of contactMembers) {
    if (Object.hasOwn(sent, member)) next[member] = sent[member] === null ? null : String(sent[member]).trim() || null
  }
  if (Object.hasOwn(sent, 'external_id')) {
    next['external_id'] = sent['external_id'] === null ? null : String(sent['external_id']).trim() || null
  }
  if (Object.hasOwn(sent, 'status')) next['status'] = sent['status']
  if (Object.hasOwn(sent, 'tags')) {
    const ids = [...new Set(elementsOf(sent['tags']).map((one) => idMeant(one, (uuid) => definitions.tags.get(uuid))))]
    if (!sameSet(ids, lead.tags)) next['tags'] = ids
  }
  if (Object.hasOwn(sent, 'assignedUsers')) {
    const named = elementsOf(sent['assignedUsers'])
    const ids = [...new Set(named.map((one) => idMeant(one, (uuid) => definitions.users.get(uuid))))]
    if (!sameSet(ids, lead.assigned_users)) next['assigned_users'] = ids
  }
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(lead.custom_fields).map(([id, { value }]) => [id, value]),
  )
  for (const one of elementsOf(sent['customFields']).map(membersOf)) {
    const id = idMeant(one['customFieldId'], (uuid) => definitions.fields.get(uuid))
    const value = valueMeant(definitions.fields.get(id)?.type ?? 'text', one['value'])
    const held = values[id]
    if (value === undefined) delete values[id]
    else if (!Array.isArray(held) || !sameSet(held, elementsOf(value))) values[id] = value
  }
  next['custom_fields'] = values
  return next
}

const plain = ({ updated_at: _, version: __, last_sequence: ___, ...lead }: Row<'leads'>): Members => ({
  ...lead,
  custom_fields: Object.fromEntries(Object.entries(lead.custom_fields).map(([id, { value }]) => [id, value])),
})

/** The columns of a lead by the members of a patch. */
const columnOf = (member: string): string =>
  ({ assignedUsers: 'assigned_users', customFields: 'custom_fields' })[member] ?? member

/** What comes of a body: the decision, or undefined when it is refused. */
function outcomeOf(body: unknown, lead: Row<'leads'>) {
  try {
    return decided(body, lead)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.status).toBe(400)
    expect(error.message).not.toBe('')
    return undefined
  }
}

describe('any JSON as the body of a patch', () => {
  test('is refused with 400, or changes exactly what it names', () => {
    const seen = { refused: 0, changed: 0, same: 0 }
    const lead = aLead({ tags: [8, 7] })
    const before = structuredClone(lead)
    fc.assert(
      fc.property(anyBodies, (body) => {
        const outcome = outcomeOf(body, lead)
        expect(lead).toEqual(before)
        if (outcome === undefined) {
          seen.refused += 1
          return
        }
        const { custom_fields, ...rest } = leadMeant(body, lead)
        const { updated_at, version, last_sequence, archived_at, ...meant } = { ...rest, custom_fields } as Members
        const { archived_at: archived, ...is } = plain(outcome.lead)
        expect(is).toEqual(meant)
        expect([updated_at, version, last_sequence, archived]).toEqual([lead.updated_at, 1, 1, archived_at])
        const was = plain(lead)
        const changed = patchMembers.filter(
          (member) => JSON.stringify(was[columnOf(member)]) !== JSON.stringify(is[columnOf(member)]),
        )
        expect(Object.keys(outcome.changes)).toEqual(changed)
        expect(outcome.writes).toHaveLength(changed.length === 0 ? 0 : 2)
        expect(outcome.reply.version).toBe(changed.length === 0 ? 1 : 2)
        seen[changed.length === 0 ? 'same' : 'changed'] += 1
      }),
      { numRuns: 1_500 },
    )
    expect(Math.min(seen.refused, seen.changed)).toBeGreaterThan(150)
    expect(seen.same).toBeGreaterThan(0)
  })

  test('sent twice, it changes nothing the second time', () => {
    fc.assert(
      fc.property(goodBodies, (body) => {
        const outcome = outcomeOf(body, aLead())
        if (outcome !== undefined) expectNoChange(body, outcome.lead)
      }),
      { numRuns: 500 },
    )
  })

  test('what a read answers, sent back with its ids, changes nothing', () => {
    fc.assert(
      fc.property(goodBodies, fc.constantFrom(4711, 4713), fc.boolean(), (body, id, whole) => {
        const outcome = outcomeOf(body, aLead({}, id))
        if (outcome !== undefined) {
          const row = overTheWire(leadView(outcome.lead, aMoment().definitions, false))
          expectNoChange(patchOf(row, whole), outcome.lead)
        }
      }),
      { numRuns: 500 },
    )
  })
})

const overTheWire = (value: unknown): Members => membersOf(JSON.parse(JSON.stringify(value)))

/** A row of GET as a patch: whole rows of tags and users, or their ids alone. */
function patchOf(row: Members, whole: boolean): Members {
  const list = (name: string): unknown[] => elementsOf(row[name]).map((one) => (whole ? one : membersOf(one)['id']))
  const customFields = elementsOf(row['custom_fields'])
    .map(membersOf)
    .map(({ id, type, value }) => ({ customFieldId: id, type, value }))
  return { ...row, tags: list('tags'), assignedUsers: list('assigned_users'), customFields }
}

describe.each(backends)('any body over HTTP on %s', (_, start) => {
  const path = '/api/v1/leads/4711'
  const begin = async (): Promise<Api> => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }
  const shown: Readonly<Record<string, string>> = { assignedUsers: 'assigned_users', customFields: 'custom_fields' }

  /** Sends a body; what is not named stays, and what is refused changes nothing. */
  async function sent(api: Api, body: string): Promise<number> {
    const [before, events] = [await api.lead(), await api.events()]
    const headers = { 'content-type': 'application/json' }
    const reply = await api.request('PATCH', path, { headers, body })
    const [after, more] = [await api.lead(), (await api.events()).slice(events.length)]
    if (reply.status !== 200) {
      expect(reply.status).toBe(400)
      expect(reply.body.error).toEqual(expect.any(String))
      expect([after, more]).toEqual([before, []])
      return reply.status
    }
    const changed = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    const named = patchMembers.filter((member) => Object.hasOwn(JSON.parse(body), member))
    const [event, ...others] = more
    expect(others).toEqual([])
    expect(changed.toSorted()).toEqual(
      event === undefined ? [] : [...event.members.map((name) => shown[name] ?? name), 'updated_at'].toSorted(),
    )
    for (const member of event?.members ?? []) expect(named).toContain(member)
    expect(reply.body).toEqual({ id: 4711, uuid: after.uuid, updated_at: after.updated_at })
    expect(reply.headers.has('x-waggle-sequence')).toBe(event !== undefined)
    return reply.status
  }

  test('is refused with 400, or changes what it names and nothing else', async () => {
    const api = await begin()
    const statuses = new Set<number>()
    const texts = fc.oneof(
      { weight: 9, arbitrary: anyBodies.map((body) => JSON.stringify(body)) },
      { weight: 1, arbitrary: fc.string({ minLength: 1 }) },
    )
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        statuses.add(await sent(api, text))
      }),
      { numRuns: 80 },
    )
    expect(statuses).toEqual(new Set([200, 400]))
  })

  test.each([4711, 4713])('lead %i as it is read, sent back with its ids, changes nothing', async (id) => {
    const api = await begin()
    const to = `/api/v1/leads/${id}`
    const customFields = [
      { customFieldId: 5, value: { number: 1e21 } },
      { customFieldId: 12, value: { text: ' a\nb ' } },
    ]
    await api.patch(to, { tags: [17, 8, 7].slice(id === 4713 ? 0 : 1), customFields })
    const [lead, events] = [await api.lead(id), await api.events()]
    for (const whole of [true, false]) {
      expect((await api.patch(to, patchOf(lead, whole))).status).toBe(200)
      expect([await api.lead(id), await api.events()]).toEqual([lead, events])
    }
  })
})

/**
 * The published schema and the reader say the same of a body's shape. Beyond a schema: what U+0000 and lone
 * surrogates are, limits that count after trimming, digits of a number over 2^53 − 1, names of types that do not exist, and what
 * `value` must hold.
 */
describe('the schema of a patch', () => {
  const schema = Compile(LeadPatch)
  const isRead = (body: unknown): boolean => {
    try {
      readPatch(body)
      return true
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }
  const agrees = (body: unknown): void => {
    const reader = isRead(body)
    expect({ body, schema: schema.Check(body), reader }).toEqual({ body, schema: reader, reader })
  }
  const isStorable = (value: unknown): boolean =>
    typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))

  const uuid = tagUuid(8)
  const element = fc.oneof(
    noise,
    fc.constantFrom<unknown>(7, '7', uuid, uuid.toUpperCase(), 2 ** 53 - 1, '9007199254740991', '1'.repeat(17)),
    fc.record(
      { id: fc.oneof(noise, fc.constantFrom<unknown>(7, '7', uuid)), uuid: fc.oneof(noise, fc.constant(uuid)) },
      { requiredKeys: [] },
    ),
  )
  const contact = noise.filter(isStorable)
  const customField = fc.oneof(
    noise.filter((value) => !Object.hasOwn(membersOf(value), 'customFieldId')),
    fc.record({
      customFieldId: element,
      type: fc.oneof(
        fc.constantFrom(...Object.keys(fieldTypes), null),
        noise.filter((one) => typeof one !== 'string'),
      ),
      value: fc.constant(null),
    }),
  )
  const ids = fc.oneof(fc.array(element, { minLength: 1, maxLength: 2 }), noise)
  const members: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    ...Object.fromEntries(contactMembers.map((member) => [member, contact])),
    email: fc.oneof(
      contact.filter((value) => typeof value !== 'string'),
      fc.constantFrom('', ' a@b '),
    ),
    status: fc.oneof(fc.constantFrom<unknown>('new', 'lost'), noise),
    tags: ids,
    assignedUsers: ids,
    customFields: fc.oneof(
      fc.array(customField, { minLength: 1, maxLength: 2 }),
      noise.filter((value) => !Array.isArray(value)),
    ),
    unknown: noise,
  }
  const shapes = fc
    .constantFrom(...Object.entries(members))
    .chain(([member, value]) => value.map((sent): unknown => JSON.parse(JSON.stringify({ [member]: sent }))))

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['text', 'x'],
    ['nothing', {}],
    ['no status', { status: null }],
    ['another status', { status: 'won' }],
    ['no tags', { tags: null }],
    ['tags that are no list', { tags: {} }],
    ['100 tags', { tags: Array.from({ length: 100 }, () => 7) }],
    ['101 tags', { tags: Array.from({ length: 101 }, () => 7) }],
    ['200 fields', { customFields: Array.from({ length: 200 }, () => ({ customFieldId: 5, value: null })) }],
    ['201 fields', { customFields: Array.from({ length: 201 }, () => ({ customFieldId: 5, value: null })) }],
    ['members that are cleared', { company_name: null, email: null, first_name: '' }],
    ['the largest id', { tags: ['9007199254740991', 2 ** 53 - 1] }],
    ['an id beside nonsense', { tags: [{ id: 7, uuid: 'nonsense' }] }],
    ['a uuid beside null', { tags: [{ id: null, uuid }] }],
  ])('agrees with the reader on %s', (_name, body) => agrees(body))

  test('of an object with id and uuid: the id decides', () => {
    for (const id of ['x', '07', '', 0, -1, 1.5, true, {}, [], uuid]) agrees({ tags: [{ id, uuid }] })
  })

  test('of an e-mail address: one @ with text on both sides, no white space within', () => {
    const good = ['a@b', ' a@b\n', '', '  ', 'ä.ö+x@ü.example', '\u00a0🐝@x']
    const bad = ['x', '@', 'a@', '@b', 'a@b@c', 'a b@c', 'a@b c', 'a\u0001@b', 'a@\u0085b', 'a@\u00a0b']
    for (const address of [...good, ...bad]) agrees({ email: address })
  })

  test('agrees with the reader on any shape', () => {
    fc.assert(fc.property(shapes, agrees), { numRuns: 3_000 })
  })

  test('takes every patch that is right', () => {
    fc.assert(
      fc.property(goodBodies, (body) => {
        if (outcomeOf(body, aLead()) !== undefined) expect(schema.Check(body)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
