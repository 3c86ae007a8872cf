import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { companyWrites } from '../src/companies/begin.ts'
import { systemRandom } from '../src/kernel/random.ts'
import { keyRow } from '../src/keys/make.ts'
import { beginLead } from '../src/leads/begin.ts'
import type { DefinitionRows } from '../src/storage/definitions.ts'
import { openDatabase } from '../src/storage/open.ts'
import type { Write } from '../src/storage/port.ts'
import type { Row } from '../src/storage/tables.ts'
import { BareWrites } from './bare-writes.ts'
import {
  companyId,
  companyName,
  type Draw,
  drawsOf,
  firstLeadId,
  firstStatus,
  key,
  leadsMax,
  numberFieldId,
  optionIds,
  phoneNumber,
  selectFieldId,
  some,
  statusAt,
  tagIds,
  userIds,
} from './workspace.ts'

/** Leads that one transaction inserts. */
const chunk = 20_000
const begunAt = Date.UTC(2026, 0, 15, 12)
const definitionsVersion = 1
/** A uuid that comes after those of earlier times, so that an index of them only grows at its end. */
const uuid = (at = begunAt): string => systemRandom.uuid(at)

/** Fills a new database with one company, its definitions, a key, and so many leads with their first events. */
export async function seed(directory: string, leads: number): Promise<void> {
  const rows = definitionRows(companyId)
  const database = await openDatabase({ directory })
  await database.load([...beginning(rows, leads), ...idSources(leads)])
  await database.close()

  const db = new DatabaseSync(join(directory, 'waggle.db'))
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF') // nobody needs it back if this fails
  const bare = new BareWrites(db)
  const draw = drawsOf(leads)
  for (let from = 0; from < leads; from += chunk) {
    db.exec('BEGIN')
    for (let index = from; index < Math.min(from + chunk, leads); index += 1) {
      for (const write of leadWrites(companyId, index, index + 1, draw)) {
        const { statement, values } = bare.bind(write)
        statement.run(...values)
      }
    }
    db.exec('COMMIT')
  }
  db.exec('PRAGMA journal_mode = WAL')
  db.close()
  sync(join(directory, 'waggle.db'))
}

/** A second directory with what a first one holds; no process may have it open. */
export function copySeed(from: string, to: string): void {
  mkdirSync(to)
  copyFileSync(join(from, 'waggle.db'), join(to, 'waggle.db'))
  sync(join(to, 'waggle.db'))
}

/** Writes a file out, so that the disk does not do it while something is measured. */
export function sync(path: string): void {
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}

const idSources = (leads: number): Write[] => [
  { kind: 'insert', table: 'id_sources', row: { name: 'leads', next_id: firstLeadId + leads } },
  { kind: 'insert', table: 'id_sources', row: { name: 'custom_values', next_id: 2 * leads + 1 } },
]

/** A lead, and the event with which it begins. */
export const leadWrites = (company: number, index: number, sequence: number, draw: Draw): Write[] =>
  beginLead(leadAt(company, index, draw), sequence, definitionsVersion, { actor: undefined, requestId: undefined })

function leadAt(company: number, index: number, draw: Draw): Parameters<typeof beginLead>[0] {
  const value = (offset: number, held: number) => ({ id: 2 * index + offset, uuid: uuid(begunAt + index), value: held })
  return {
    company_id: company,
    id: firstLeadId + index,
    uuid: uuid(begunAt + index),
    created_at: begunAt + index,
    source: 'manual',
    company_name: companyName(draw),
    email: `contact${index}@company.example`,
    phone_number: phoneNumber(draw),
    first_name: 'Ada',
    last_name: 'Berg',
    status: statusAt(firstStatus(index)),
    partner_type: 'referral',
    created_by_user_id: userIds[0] ?? null,
    campaign_id: null,
    tags: some(tagIds, 3, draw),
    assigned_users: some(userIds, 2, draw),
    custom_fields: {
      [numberFieldId]: value(1, draw(1_000_000)),
      [selectFieldId]: value(2, optionIds[draw(optionIds.length)] ?? 1),
    },
  }
}

/** What each company of a run defines, under the same ids. */
export function definitionRows(company: number): DefinitionRows {
  return {
    version: definitionsVersion,
    company: { id: company, uuid: uuid(), name: 'Our Ltd', created_at: begunAt, suspended_at: null },
    users: userIds.map((id) => ({
      company_id: company,
      id,
      uuid: uuid(),
      created_at: begunAt,
      email: `user${id}@our.example`,
      first_name: 'Eva',
      last_name: `Nr ${id}`,
      role: 'admin',
      position: null,
      color: '#3B82F6',
      email_verified: begunAt,
      disabled_at: null,
    })),
    tags: tagIds.map((id) => ({
      company_id: company,
      id,
      uuid: uuid(),
      created_at: begunAt,
      label: `Tag ${id}`,
      background_color: '#6B7280',
      text_color: '#FFFFFF',
      association: 'lead',
      partner_type: null,
      archived_at: null,
    })),
    fields: [field(company, numberFieldId, 'number'), field(company, selectFieldId, 'select')],
    options: optionIds.map((id) => ({
      company_id: company,
      custom_field_id: selectFieldId,
      id,
      label: `Option ${id}`,
      archived_at: null,
    })),
    tiers: [],
    categories: [],
    stages: [],
  }
}

const field = (company: number, id: number, type: 'number' | 'select'): Row<'custom_fields'> => ({
  company_id: company,
  id,
  uuid: uuid(),
  created_at: begunAt,
  label: `Field ${id}`,
  type,
  category: 'lead',
  partner_type: null,
  required: false,
  shared: false,
  archived_at: null,
  position: 0,
  options_made: type === 'select' ? optionIds.length : 0,
})

/** A company with so many leads behind it; the first one has a key. */
export function beginning(definitions: DefinitionRows, leads: number): Write[] {
  const request = {
    companyId,
    userId: userIds[0] ?? 1,
    label: 'Bench',
    key,
    mayRead: true,
    mayWrite: true,
    mayAdminister: true,
    expiresAt: null,
  }
  return companyWrites({
    definitions,
    keys: definitions.company.id === companyId ? [keyRow(request, 1, begunAt)] : [],
    log: { last_sequence: leads, last_time: begunAt + leadsMax },
  })
}
