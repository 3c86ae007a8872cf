import type { Random } from '../kernel/random.ts'
import { type KeyRequest, keyRow } from '../keys/make.ts'
import type { Write } from '../storage/port.ts'

export interface FirstCompany {
  readonly name: string
  readonly email: string
  readonly firstName: string | null
  readonly lastName: string | null
  /** The first key, with every switch. */
  readonly key: string
}

/** The rows of a database's first company, its first user and that user's key. Ids begin at 1. */
export function beginCompany(first: FirstCompany, now: number, random: Random): Write[] {
  const request: KeyRequest = {
    companyId: 1,
    userId: 1,
    label: 'First key',
    key: first.key,
    mayRead: true,
    mayWrite: true,
    mayAdminister: true,
    expiresAt: null,
  }
  return [
    {
      kind: 'insert',
      table: 'companies',
      row: { id: 1, uuid: random.uuid(now), name: first.name, created_at: now, suspended_at: null },
    },
    {
      kind: 'insert',
      table: 'company_log',
      row: { company_id: 1, last_sequence: 0, last_time: now, definitions_version: 1 },
    },
    {
      kind: 'insert',
      table: 'users',
      row: {
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
      },
    },
    { kind: 'insert', table: 'api_keys', row: keyRow(request, 1, now) },
  ]
}
