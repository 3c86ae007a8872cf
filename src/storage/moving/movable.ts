import type { Write } from '../port.ts'
import { DatabaseRefused } from '../refused.ts'
import { columnsOf, primaryKeys, type Row, type TableName, tables } from '../tables.ts'
import type { AccountRows } from './accounts.ts'
import type { AnyRow } from './digest.ts'

/** A database as it is moved or copied: all its rows, table by table. */
export interface Movable {
  /** As people are told of it. */
  readonly shown: string
  readonly accounts: AccountRows
  /** Everything read from now on is of this moment. */
  beginSnapshot(): Promise<void>
  endSnapshot(): Promise<void>
  count(table: TableName): Promise<number>
  /**
   * Rows in an order of their key that is always the same: the one in which this database reads them fastest.
   *
   * @param after the key behind which the page begins; the first page when absent
   */
  page(table: TableName, after: AnyRow | undefined, limit: number): Promise<AnyRow[]>
  /** All or none, and on the disk when it resolves. */
  write(writes: readonly Write[]): Promise<void>
  /** Called when all rows are there: the database gets to know what it holds. */
  settle(): Promise<void>
  /** Removes every row. */
  clear(): Promise<void>
  /**
   * Looks whether a server runs on it.
   *
   * @throws DatabaseRefused one does
   */
  refuseServers(): Promise<void>
  close(): Promise<void>
}

/** Names in `meta` under which a move is written down; they are of a place and not of the data. */
export const marks = {
  /** In the target until the move is complete. */
  moving: 'moving',
  /** In the source from then on. */
  movedTo: 'moved_to',
} as const

export const isMark = (table: TableName, row: AnyRow): boolean =>
  table === 'meta' && (row['name'] === marks.moving || row['name'] === marks.movedTo)

/** What stands in the mark of a target, among others. */
export interface Moving {
  /** Absent where a release before 0.2 has begun it: then it is a move. */
  readonly command?: 'move' | 'restore'
  readonly from: string
}

/** Where the data of a database went, and when. */
export interface Moved {
  readonly to: string
  /** Unix ms. */
  readonly at: number
}

/** Every table of the data. `processes` is of this moment and this server, and stays. */
export const movedTables = Object.keys(tables) as readonly TableName[]

export const keyOf = (table: TableName): readonly string[] => primaryKeys[table]

/**
 * SQL for a page.
 *
 * @param key the columns that order the rows
 * @param place spells the parameter at a place from 1, the last of which is the limit
 */
export function pageSql(
  table: TableName,
  { key, isFirst }: { readonly key: readonly string[]; readonly isFirst: boolean },
  place: (at: number) => string,
): string {
  const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
  const behind = isFirst ? '' : `WHERE (${list(key)}) > (${key.map((_, at) => place(at + 1)).join(', ')}) `
  const limit = place(isFirst ? 1 : key.length + 1)
  return `SELECT ${list(columnsOf(table))} FROM "${table}" ${behind}ORDER BY ${list(key)} LIMIT ${limit}`
}

/**
 * @param read a row of `meta` by its name
 * @throws DatabaseRefused the database is half of a move, or its data has moved away
 */
export async function refuseMoved(
  shown: string,
  read: (name: string) => Promise<Row<'meta'> | undefined>,
): Promise<void> {
  const moving = await read(marks.moving)
  if (moving !== undefined) throw new DatabaseRefused(notComplete(shown, moving.value))
  const moved = await read(marks.movedTo)
  if (moved !== undefined) throw new DatabaseRefused(wentTo(shown, moved.value))
}

/** What is told where the target of a move is its source. */
export const isThere = (shown: string): string =>
  `${shown} is where the data is already. Name another directory or database to move it to.`

function notComplete(shown: string, mark: string): string {
  const { command = 'move' }: Moving = JSON.parse(mark)
  return (
    `${shown} is the target of a ${command} that is not complete. Go on with it: run the same \`waggle ${command}\` ` +
    'again.'
  )
}

export function wentTo(shown: string, mark: string): string {
  const { to, at }: Moved = JSON.parse(mark)
  return (
    `The data of ${shown} moved to ${to} at ${new Date(at).toISOString()}, and goes on there. To use this copy all the ` +
    'same, without what was changed since, run `waggle move --undo --from` with it.'
  )
}
