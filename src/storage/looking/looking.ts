import type { DatabaseKind } from '../migration.ts'
import type { Listing } from '../port.ts'
import type { Row, TableName } from '../tables.ts'
import type { Finding } from './finding.ts'

export interface LookOptions {
  /** Leaves out what goes through all data. */
  readonly quick: boolean
  /** Processes that are to share the database. */
  readonly processes: number
}

/** A database that is looked at: nothing of it is changed, no step of a migration taken. */
export interface Looking {
  /** As people are told of it. */
  readonly shown: string
  readonly kind: DatabaseKind
  /** Whether a server runs on it. */
  readonly isServed: boolean
  /** What it takes of the disk, in bytes, its log included; undefined when that is another machine's. */
  readonly bytes: number | undefined
  /** Of the steps that make its tables; undefined when what it holds is not Waggle's. */
  readonly steps: readonly string[] | undefined
  /** The steps that this program knows. */
  readonly knownSteps: readonly string[]
  /** What is of this engine alone: whether it is whole, and how it is run. */
  findings(options: LookOptions): Promise<Finding[]>
  find<R>(build: Listing<R>): Promise<R[]>
  read<T extends TableName>(table: T, key: Partial<Row<T>>): Promise<Row<T> | undefined>
  /** Stretches that cover the leads of all companies, in the order in which they are read fastest. */
  leadStretches(): AsyncGenerator<LeadStretch>
  /** Runs SQL that both engines read alike; numbers come as numbers. */
  rows<R>(sql: string): Promise<R[]>
  /**
   * Ends the look.
   *
   * @returns false when the database was changed meanwhile in a way that what was seen may be wrong
   */
  close(): Promise<boolean>
}

/** A page of rows by a key: no statement runs long, so that none holds up a server beside it. */
const rowsAtOnce = 20_000

/** Stretches of numbers that cover 1 to last: behind `after`, up to `until`. */
export function* stretches(last: number): Generator<{ readonly after: number; readonly until: number }> {
  for (let after = 0; after < last; after += rowsAtOnce) yield { after, until: Math.min(last, after + rowsAtOnce) }
}

/** Leads by their ids: behind `after`, up to `until`. */
export interface LeadStretch {
  /** Undefined where ids alone find them, whatever their company. */
  readonly companyId: number | undefined
  readonly after: number
  readonly until: number
}

/** The condition that a row is of a stretch. */
export const within = ({ companyId, after, until }: LeadStretch, alias: string, column: string): string =>
  `${companyId === undefined ? '' : `${alias}.company_id = ${companyId} AND `}${alias}.${column} > ${after} AND ` +
  `${alias}.${column} <= ${until}`

/**
 * Stretches of so many leads as are read at a time.
 *
 * @param rows runs SQL
 * @param companyId whose leads; all companies' when undefined
 */
export async function* stretchesOfLeads(
  rows: Looking['rows'],
  companyId: number | undefined,
): AsyncGenerator<LeadStretch> {
  const ofCompany = companyId === undefined ? '' : `company_id = ${companyId} AND `
  for (let after = 0; ; ) {
    const [page] = await rows<{ until: number | null }>(
      `SELECT max(id) AS until FROM (SELECT id FROM leads WHERE ${ofCompany}id > ${after} ORDER BY id LIMIT ${rowsAtOnce}) AS page`,
    )
    const until = page?.until ?? undefined
    if (until === undefined) return
    yield { companyId, after, until }
    after = until
  }
}
