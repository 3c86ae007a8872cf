import { type Changes, changesOf, type DefinedEvent, stateOf, withDefinitions } from '../src/events/payload.ts'
import type { Database } from '../src/storage/port.ts'
import type { Row } from '../src/storage/tables.ts'

/** A row of the log with its payload as it is told. */
export type ToldRow = Omit<Row<'events'>, 'payload'> & {
  readonly payload: { readonly changes: Changes; readonly state: ReturnType<typeof stateOf> } | null
}

export function toldRow({ row, definitions }: DefinedEvent): ToldRow {
  const { payload, ...others } = row
  if (payload === null) return { ...others, payload }
  return { ...others, payload: { changes: changesOf(payload, definitions), state: stateOf(row, payload, definitions) } }
}

export const toldRows = async (database: Database, rows: readonly Row<'events'>[]): Promise<ToldRow[]> =>
  (await withDefinitions(database, rows)).map(toldRow)
