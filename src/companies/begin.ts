import type { Random } from '../kernel/random.ts'
import { keyRow } from '../keys/make.ts'
import type { DefinitionRows } from '../storage/definitions.ts'
import type { Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

/** A company with nothing behind it: its definitions, its keys, and where its log stands. */
export interface CompanyRows {
  readonly definitions: DefinitionRows
  readonly keys: readonly Row<'api_keys'>[]
  readonly log: Pick<Row<'company_log'>, 'last_sequence' | 'last_time'>
}

/** The rows with which a company begins; its leads and events come behind them. */
export const companyWrites = ({ definitions, keys, log }: CompanyRows): Write[] => [
  { kind: 'insert', table: 'companies', row: definitions.company },
  {
    kind: 'insert',
    table: 'company_log',
    row: { company_id: definitions.company.id, definitions_version: definitions.version, ...log },
  },
  ...definitions.users.map((row): Write => ({ kind: 'insert', table: 'users', row })),
  ...definitions.tags.map((row): Write => ({ kind: 'insert', table: 'tags', row })),
  ...definitions.fields.map((row): Write => ({ kind: 'insert', table: 'custom_fields', row })),
  ...definitions.options.map((row): Write => ({ kind: 'insert', table: 'custom_field_options', row })),
  ...definitions.tiers.map((row): Write => ({ kind: 'insert', table: 'tiers', row })),
  ...definitions.categories.map((row): Write => ({ kind: 'insert', table: 'categories', row })),
  ...definitions.stages.map((row): Write => ({ kind: 'insert', table: 'stages', row })),
  ...keys.map((row): Write => ({ kind: 'insert', table: 'api_keys', row })),
]

export interface FirstCompany {
  readonly name: string
  readonly email: string
  readonly firstName: string | null
  readonly lastName: string | null
  /** The first key, with every switch; absent where a person signs in instead. */
  readonly key?: string
}

/** The rows of a database's first company, its first user and that user's key, if there is one. Ids begin at 1. */
export function beginCompany(first: FirstCompany, now: number, random: Random): Write[] {
  const user: Row<'users'> = {
    company_id: 1,
    id: 1,
    uuid: random.uuid(now),
    created_at: now,
    email: first.email,
    first_name: first.firstName,
    last_name: first.lastName,
    role: 'admin',
    position: null,
    color: null,
    email_verified: now,
    disabled_at: null,
  }
  const switches = { mayRead: true, mayWrite: true, mayAdminister: true }
  const request = { companyId: 1, userId: user.id, label: 'First key', ...switches, expiresAt: null }
  return companyWrites({
    definitions: {
      version: 1,
      company: { id: 1, uuid: random.uuid(now), name: first.name, created_at: now, suspended_at: null },
      users: [user],
      tags: [],
      fields: [],
      options: [],
      tiers: [],
      categories: [],
      stages: [],
    },
    keys: first.key === undefined ? [] : [keyRow({ ...request, key: first.key }, 1, now)],
    log: { last_sequence: 0, last_time: now },
  })
}
