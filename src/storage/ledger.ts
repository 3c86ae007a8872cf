import type { Write } from './port.ts'
import type { Row } from './tables.ts'

/** A company while a batch runs: where its counter stands, and its time. */
export interface Ledger {
  readonly companyId: number
  sequence: number
  /** Unix ms; moves with a lead whose change mark ran ahead, so that the log's times never go back. */
  now: number
  definitionsVersion: number
  changed: boolean
}

export const ledgerOf = (lock: Row<'company_log'>, now: number): Ledger => ({
  companyId: lock.company_id,
  sequence: lock.last_sequence,
  now: Math.max(now, lock.last_time),
  definitionsVersion: lock.definitions_version,
  changed: false,
})

/** The write that ends a batch for a company. */
export const counterOf = (ledger: Ledger): Write => ({
  kind: 'update',
  table: 'company_log',
  key: { company_id: ledger.companyId },
  set: {
    last_sequence: ledger.sequence,
    last_time: ledger.now,
    definitions_version: ledger.definitionsVersion,
  },
})
