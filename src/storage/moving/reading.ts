import type { Write } from '../port.ts'
import { columnsOf, type TableName } from '../tables.ts'
import { type AnyRow, Digester, type TableDigest } from './digest.ts'
import { isMark, type Movable, movedTables } from './movable.ts'

/** Rows that are read at a time, and written by one transaction. */
export const pageRows = 1_000

export type Digests = Readonly<Record<string, TableDigest>>

/** How far something has come that goes through all rows, or all pages of a file. */
export interface Progress {
  readonly phase: 'reading' | 'copying' | 'checking'
  readonly table: string
  readonly done: number
  readonly total: number
  /** What is counted; rows when absent. */
  readonly unit?: 'page' | 'file'
}

export interface Watched {
  readonly onProgress: (progress: Progress) => void
  /** True once somebody asked to stop. */
  readonly isStopped: () => boolean
}

/** Somebody asked to stop. */
export class MoveStopped extends Error {
  override readonly name = 'MoveStopped'
}

/** No process of the old place sends to an endpoint in the new one. */
export const asMoved = (table: string, row: AnyRow): AnyRow => (table === 'webhooks' ? { ...row, holder: null } : row)

export async function digestsOf(
  side: Movable,
  { phase, total, onProgress, isStopped }: Watched & Pick<Progress, 'phase' | 'total'>,
): Promise<Digests> {
  const digests: Record<string, TableDigest> = {}
  let done = 0
  for (const table of movedTables) {
    digests[table] = await digestOf(side, table, (rows) => {
      if (isStopped()) throw new MoveStopped()
      done += rows
      onProgress({ phase, table, done: Math.min(done, total), total }) // a mark is a row as well
    })
  }
  return digests
}

export const digestOf = (side: Movable, table: TableName, onRows: (rows: number) => void): Promise<TableDigest> =>
  digestPages(side, table, async (rows) => onRows(rows.length))

/** Reads a table page by page and digests it; each page is handed on when it has been digested. */
async function digestPages(
  side: Movable,
  table: TableName,
  onPage: (rows: readonly AnyRow[]) => Promise<void>,
): Promise<TableDigest> {
  const digester = new Digester(columnsOf(table))
  for (let after: AnyRow | undefined; ; ) {
    const rows = await side.page(table, after, pageRows)
    after = rows.at(-1)
    if (after === undefined) return digester.digest
    const moved = rows.filter((row) => !isMark(table, row)).map((row) => asMoved(table, row))
    for (const row of moved) digester.add(row)
    await onPage(moved)
  }
}

/** Copies all rows into an empty database, each read once. */
export async function copyAll(source: Movable, target: Movable, { onProgress, isStopped }: Watched): Promise<Digests> {
  const total = await countAll(source)
  const digests: Record<string, TableDigest> = {}
  let done = 0
  for (const table of movedTables) {
    digests[table] = await digestPages(source, table, async (rows) => {
      if (isStopped()) throw new MoveStopped()
      await target.write(rows.map((row) => insertOf(table, row)))
      done += rows.length
      onProgress({ phase: 'copying', table, done, total })
    })
  }
  return digests
}

export const insertOf = (table: TableName, row: AnyRow): Write => ({ kind: 'insert', table, row }) as Write

export async function countAll(side: Movable): Promise<number> {
  let total = 0
  for (const table of movedTables) total += await side.count(table)
  return total
}

/** A value of `meta` by its name. */
export async function metaOf(side: Movable, name: string): Promise<string | undefined> {
  for (const row of await side.page('meta', undefined, pageRows)) if (row['name'] === name) return String(row['value'])
  return undefined
}
