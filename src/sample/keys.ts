import { sampleKey } from '../contract/examples.ts'
import { keyRow } from '../keys/make.ts'
import type { Row } from '../storage/tables.ts'
import { companyIds, otherIds, userIds } from './definitions.ts'

/**
 * The keys of the sample. They are published: whoever reads this opens a sample workspace with them.
 *
 * `readWrite` and `otherCompany` read and write; `admin` and `otherCompanyAdmin` may do everything.
 */
export const sampleKeys = {
  readWrite: sampleKey,
  readOnly: 'jb_api_readonly_0000000000000001',
  writeOnly: 'jb_api_writeonly_0000000000000002',
  admin: 'jb_api_admin_0000000000000003',
  revoked: 'jb_api_revoked_0000000000000004',
  otherCompany: 'jb_api_other_0000000000000005',
  otherCompanyAdmin: 'jb_api_otheradmin_0000000000000006',
} as const

export type SampleKeyName = keyof typeof sampleKeys

interface SampleKey {
  readonly id: number
  readonly companyId: number
  readonly userId: number
  readonly label: string
  /** Which switches are on: `r`ead, `w`rite, `a`dminister. */
  readonly may: 'r' | 'w' | 'rw' | 'rwa'
}

const { main, other } = companyIds

const keys: Readonly<Record<SampleKeyName, SampleKey>> = {
  readWrite: { id: 1, companyId: main, userId: 123, label: 'CRM sync', may: 'rw' },
  readOnly: { id: 2, companyId: main, userId: 456, label: 'Reporting', may: 'r' },
  writeOnly: { id: 3, companyId: main, userId: 118, label: 'Website form', may: 'w' },
  admin: { id: 4, companyId: main, userId: userIds.admin, label: 'Administration', may: 'rwa' },
  revoked: { id: 5, companyId: main, userId: userIds.disabled, label: 'Old CRM sync', may: 'rw' },
  otherCompany: { id: 6, companyId: other, userId: otherIds.user, label: 'CRM sync', may: 'rw' },
  otherCompanyAdmin: { id: 7, companyId: other, userId: otherIds.admin, label: 'Administration', may: 'rwa' },
}

/** Who uses a key, for the events that it caused. */
export const holderOf = (name: SampleKeyName): { readonly keyId: number; readonly userId: number } => ({
  keyId: keys[name].id,
  userId: keys[name].userId,
})

/**
 * The rows of a company's keys.
 *
 * @param times when they were made, and when the revoked one was revoked; Unix ms
 */
export function keyRows(companyId: number, times: { madeAt: number; revokedAt: number }): Row<'api_keys'>[] {
  const rowOf = (name: SampleKeyName): Row<'api_keys'> => {
    const { id, may, ...held } = keys[name]
    const switches = { mayRead: may.includes('r'), mayWrite: may.includes('w'), mayAdminister: may.includes('a') }
    const row = keyRow({ ...held, ...switches, key: sampleKeys[name], expiresAt: null }, id, times.madeAt)
    return name === 'revoked' ? { ...row, revoked_at: times.revokedAt } : row
  }
  return keyNames.filter((name) => keys[name].companyId === companyId).map(rowOf)
}

const keyNames = [
  'readWrite',
  'readOnly',
  'writeOnly',
  'admin',
  'revoked',
  'otherCompany',
  'otherCompanyAdmin',
] as const satisfies readonly SampleKeyName[]
