import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { contactMembers } from '../../src/contract/lead-members.ts'
import { fillWithSample, integrationUuids, sampleKeys, sampleMap } from '../../src/sample/workspace.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database } from '../../src/storage/port.ts'
import type { TableName } from '../../src/storage/tables.ts'

const noon = Date.UTC(2026, 2, 2, 12)
const dayMs = 86_400_000
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const map = sampleMap('http://127.0.0.1:4000')

async function open(): Promise<{ database: Database; close: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-sample-'))
  const database = await openDatabase({ directory })
  const close = async (): Promise<void> => {
    await database.close()
    rmSync(directory, { recursive: true })
  }
  return { database, close }
}

let database: Database
let close: () => Promise<void>
beforeAll(async () => {
  ;({ database, close } = await open())
  await fillWithSample(database, noon)
})
afterAll(() => close())

const all = <T extends TableName>(table: T, from: Database = database) =>
  from.find((db) => db.selectFrom(table).selectAll())
const leadOf = (id: number) => database.read('leads', { id })

describe('the map', () => {
  test('has exactly the members that scripts rely on', () => {
    expect(Object.keys(map).sort()).toEqual(
      [
        'baseUrl',
        'companyId',
        'otherCompanyId',
        'integrationUuid',
        'keys',
        'leadId',
        'leadUuid',
        'leadIds',
        'archivedLeadId',
        'userIds',
        'disabledUserId',
        'tagIds',
        'dealTagId',
        'customFields',
        'other',
      ].sort(),
    )
    expect(Object.keys(map.keys).sort()).toEqual(
      ['readWrite', 'readOnly', 'writeOnly', 'admin', 'revoked', 'otherCompany', 'otherCompanyAdmin'].sort(),
    )
    expect(Object.keys(map.customFields).sort()).toEqual(
      [
        'number',
        'select',
        'selectOptions',
        'multiSelect',
        'multiSelectOptions',
        'text',
        'textarea',
        'date',
        'boolean',
        'requiredText',
        'dealField',
      ].sort(),
    )
    expect(Object.keys(map.other).sort()).toEqual(
      ['leadId', 'tagId', 'userId', 'customFieldId', 'integrationUuid'].sort(),
    )
  })

  test('names what the documented examples name', () => {
    expect(map).toMatchObject({
      baseUrl: 'http://127.0.0.1:4000',
      leadId: 789,
      tagIds: [1, 2, 3, 10, 11, 12],
      keys: { readWrite: 'jb_api_1234567890abcdef' },
      customFields: { number: 5, select: 6, selectOptions: [1, 2, 3] },
    })
    expect(map.userIds.slice(0, 2)).toEqual([123, 456])
    expect(new Set([map.leadId, map.archivedLeadId, ...map.leadIds]).size).toBe(10)
    expect(map.leadIds).toHaveLength(8)
  })

  test('holds fixed uuids', () => {
    expect(sampleMap('http://127.0.0.1:1').leadUuid).toBe(map.leadUuid)
    expect(map.integrationUuid).toBe(integrationUuids.main)
    expect(map.other.integrationUuid).toBe(integrationUuids.other)
    for (const uuid of [map.leadUuid, map.integrationUuid, map.other.integrationUuid]) expect(uuid).toMatch(uuidForm)
    expect(map.integrationUuid).not.toBe(map.other.integrationUuid)
  })
})

describe('keys', () => {
  test.each([
    ['readWrite', map.companyId, [true, true, false]],
    ['readOnly', map.companyId, [true, false, false]],
    ['writeOnly', map.companyId, [false, true, false]],
    ['admin', map.companyId, [true, true, true]],
    ['revoked', map.companyId, [true, true, false]],
    ['otherCompany', map.otherCompanyId, [true, true, false]],
    ['otherCompanyAdmin', map.otherCompanyId, [true, true, true]],
  ] as const)('%s has its company and its switches', async (name, companyId, switches) => {
    const key = sampleKeys[name]
    const row = await database.read('api_keys', { digest: hash('sha256', key, 'buffer') })

    expect(key.length).toBeGreaterThanOrEqual(20)
    expect(row).toMatchObject({ company_id: companyId, prefix: key.slice(0, 8), expires_at: null })
    expect([row?.may_read, row?.may_write, row?.may_administer]).toEqual(switches)
    expect(row?.revoked_at === null).toBe(name !== 'revoked')
    expect(await database.read('users', { id: row?.user_id ?? 0 })).toMatchObject({ company_id: companyId })
  })

  test('there are no others', async () => {
    expect(await all('api_keys')).toHaveLength(Object.keys(sampleKeys).length)
  })
})

describe('definitions', () => {
  test('users: the ones to assign are active, the disabled one is disabled', async () => {
    const { users } = await database.definitions(map.companyId)
    for (const id of map.userIds) {
      expect(users.get(id)).toMatchObject({ disabled_at: null })
      expect(users.get(id)?.role).not.toBe('indirect')
    }
    expect(users.get(map.disabledUserId)?.disabled_at).toBeLessThan(noon)
    expect(new Set(Array.from(users.all(), ({ role }) => role)).size).toBe(4)
  })

  test('tags: of leads, and one of deals', async () => {
    const { tags } = await database.definitions(map.companyId)
    for (const id of map.tagIds) expect(tags.get(id)).toMatchObject({ association: 'lead', archived_at: null })
    expect(tags.get(map.dealTagId)).toMatchObject({ association: 'lead_deal' })
  })

  test('custom fields: one of every type, one required, one of deals', async () => {
    const { fields } = await database.definitions(map.companyId)
    const named = map.customFields
    const types = ['number', 'select', 'text', 'textarea', 'date', 'boolean'] as const
    for (const type of types) {
      expect(fields.get(named[type])).toMatchObject({ type, category: 'lead', required: false })
    }
    expect(fields.get(named.multiSelect)).toMatchObject({ type: 'multi_select', category: 'lead' })
    expect(fields.get(named.requiredText)).toMatchObject({ type: 'text', category: 'lead', required: true })
    expect(fields.get(named.dealField)).toMatchObject({ category: 'lead_deal' })
    expect([...(fields.get(named.select)?.options.keys() ?? [])]).toEqual(named.selectOptions)
    expect([...(fields.get(named.multiSelect)?.options.keys() ?? [])]).toEqual(named.multiSelectOptions)
  })

  test('the other company has its own', async () => {
    const { tags, users, fields } = await database.definitions(map.otherCompanyId)
    const main = await database.definitions(map.companyId)
    expect(tags.get(map.other.tagId)).toMatchObject({ association: 'lead' })
    expect(users.get(map.other.userId)).toMatchObject({ disabled_at: null })
    expect(fields.get(map.other.customFieldId)).toMatchObject({ category: 'lead' })
    expect(main.tags.get(map.other.tagId)).toBeUndefined()
    expect(main.users.get(map.other.userId)).toBeUndefined()
    expect(main.fields.get(map.other.customFieldId)).toBeUndefined()
  })
})

describe('leads', () => {
  test('there are 200 and an archived one, of 120 days, unlike each other', async () => {
    const leads = (await all('leads')).filter(({ company_id }) => company_id === map.companyId)
    expect(leads).toHaveLength(201)
    for (const { created_at } of leads) {
      expect(created_at).toBeGreaterThanOrEqual(noon - 120 * dayMs)
      expect(created_at).toBeLessThan(noon)
    }
    const distinct = (read: (lead: (typeof leads)[number]) => unknown): number => new Set(leads.map(read)).size
    expect(distinct((lead) => lead.created_at)).toBe(201)
    expect(distinct((lead) => lead.company_name)).toBeGreaterThan(180)
    expect(distinct((lead) => `${lead.first_name} ${lead.last_name}`)).toBeGreaterThan(150)
    expect(distinct((lead) => lead.status)).toBe(5)
    for (const { email } of leads) expect(email ?? 'a.b@c.example').toMatch(/^[a-z.-]+@[a-z-]+\.example$/)
  })

  test('ids and uuids come once', async () => {
    const leads = await database.find((db) => db.selectFrom('leads').select(['uuid', 'custom_fields']))
    const values = leads.flatMap(({ custom_fields }) => Object.values(custom_fields))
    const uuids = [...leads, ...values, ...(await all('users')), ...(await all('tags'))].map(({ uuid }) => uuid)
    expect(new Set(values.map(({ id }) => id)).size).toBe(values.length)
    expect(new Set(uuids).size).toBe(uuids.length)
    for (const uuid of uuids) expect(uuid).toMatch(uuidForm)
  })

  test('what they refer to is there, and fits', async () => {
    for (const lead of await all('leads')) {
      const { tags, users, fields } = await database.definitions(lead.company_id)
      for (const id of lead.tags) expect(tags.get(id)?.association).toBe('lead')
      for (const id of lead.assigned_users) expect(users.get(id)).toBeDefined()
      for (const id of Object.keys(lead.custom_fields)) expect(fields.get(Number(id))?.category).toBe('lead')
    }
  })

  test('the example lead is there, and the example request changes every member it names', async () => {
    const lead = await leadOf(map.leadId)
    expect(lead).toMatchObject({ company_id: map.companyId, uuid: map.leadUuid, archived_at: null, version: 1 })
    expect(lead).not.toMatchObject({ status: 'qualified' })
    expect(lead?.company_name).not.toBe('TechCorp Solutions Inc')
    expect(lead?.phone_number).not.toBe('+1-555-123-4567')
    expect(lead?.assigned_users).not.toEqual([123, 456])
    expect(lead?.tags).not.toEqual([10, 11, 12])
    expect(lead?.custom_fields[5]?.value).not.toBe(150_000)
    expect(lead?.custom_fields[6]?.value).not.toBe(3)
  })

  test('the named leads stand, each with every contact member and the required text', async () => {
    for (const id of [map.leadId, ...map.leadIds]) {
      const lead = await leadOf(id)
      expect(lead).toMatchObject({ company_id: map.companyId, archived_at: null })
      expect(lead?.custom_fields[map.customFields.requiredText]?.value).toEqual(expect.stringMatching(/./))
      for (const member of contactMembers) expect(lead?.[member]).toEqual(expect.stringMatching(/./))
    }
    expect((await leadOf(map.leadIds.at(-1) ?? 0))?.assigned_users).toContain(map.disabledUserId)
    expect(await leadOf(map.other.leadId)).toMatchObject({ company_id: map.otherCompanyId, archived_at: null })
  })
})

describe('the log', () => {
  test.each([map.companyId, map.otherCompanyId])(
    'of company %i is dense and in the order of time',
    async (companyId) => {
      const events = (await all('events'))
        .filter(({ company_id }) => company_id === companyId)
        .sort((left, right) => left.sequence - right.sequence)
      const log = await database.read('company_log', { company_id: companyId })
      const times = events.map(({ at }) => at)

      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
      expect(times).toEqual(times.toSorted((left, right) => left - right))
      expect(log).toMatchObject({ last_sequence: events.length, definitions_version: 1 })
      expect(log?.last_time).toBeGreaterThanOrEqual(times.at(-1) ?? noon)
      expect(log?.last_time).toBeLessThanOrEqual(noon)
      for (const { lead_id, sequence, version } of events) {
        const lead = await leadOf(lead_id)
        if (lead?.version === version) expect(lead.last_sequence).toBe(sequence)
      }
    },
  )

  test('tells how the archived lead began and ended', async () => {
    const lead = await leadOf(map.archivedLeadId)
    const events = await database.find((db) =>
      db.selectFrom('events').selectAll().where('lead_id', '=', map.archivedLeadId).orderBy('sequence'),
    )
    const [began, ended] = events

    expect(events).toHaveLength(2)
    expect(began).toMatchObject({ name: 'lead_created', version: 1, previous_sequence: 0 })
    expect(ended).toMatchObject({ name: 'lead_deleted', version: 2, previous_sequence: began?.sequence })
    expect(lead).toMatchObject({ version: 2, last_sequence: ended?.sequence, archived_at: ended?.at })
  })
})

test('each company has the integration that the map names, with settings and no credentials', async () => {
  const integrations = await all('integrations')
  expect(integrations).toMatchObject([
    { company_id: map.companyId, uuid: map.integrationUuid, name: 'CRM connector' },
    { company_id: map.otherCompanyId, uuid: map.other.integrationUuid },
  ])
  for (const one of integrations) {
    expect(one).toMatchObject({ api_key: null, external_settings: null })
    expect(one.configuration).toEqual([
      { id: 'lead_integration_settings', selected: [{ id: 'unique_field_lead', value: 'email' }] },
    ])
  }
  expect(await all('webhooks')).toEqual([])
  expect(await database.read('id_sources', { name: 'integrations' })).toEqual({ name: 'integrations', next_id: 3 })
})

test('the database says that it began as a sample', async () => {
  expect(await database.read('meta', { name: 'begun_as' })).toMatchObject({ value: 'sample' })
})

test('filling twice with the same time gives the same rows', async () => {
  const again = await open()
  onTestFinished(again.close)
  await fillWithSample(again.database, noon)
  const filled = [
    'companies',
    'company_log',
    'users',
    'api_keys',
    'tags',
    'custom_fields',
    'custom_field_options',
    'tiers',
    'categories',
    'stages',
    'leads',
    'events',
    'integrations',
    'id_sources',
  ] as const
  for (const table of filled) expect(await all(table, again.database)).toEqual(await all(table))
})
