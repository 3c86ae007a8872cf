import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type AnyRow, Digester, type TableDigest } from '../moving/digest.ts'
import { asMoved, MoveStopped, type Watched } from '../moving/reading.ts'
import { DatabaseRefused } from '../refused.ts'
import type { ColumnKind } from '../tables.ts'
import { rowMakerOf } from './statements.ts'

/** The columns of a table as they are digested, in their order. */
export type Columns = Readonly<Record<string, ColumnKind>>

/** Rows that are read between two looks at whether somebody wants to stop. */
const stepRows = 2_000

/** Makes one file of a database that nobody uses: what stands in its log goes into it, and the log goes away. */
export function closeLog(path: string): void {
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE')
  } finally {
    db.close()
  }
}

/**
 * Looks whether a file is whole: its pages, its indexes against its tables, its rules.
 *
 * @throws DatabaseRefused it is not
 */
export function refuseBroken(path: string, shown: string): void {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const [first] = db.prepare('PRAGMA integrity_check(1)').all()
    const said = String(Object.values(first ?? {})[0])
    if (said !== 'ok') throw new DatabaseRefused(`${shown} is damaged: ${said.replace(/\s+/g, ' ')}.`)
  } finally {
    db.close()
  }
}

/**
 * Names a file to be read as its bytes are: a log or a journal beside it is not looked at, and nothing is locked or made there,
 * whatever its head says.
 */
export function asItLies(path: string): URL {
  const url = pathToFileURL(path)
  url.search = 'immutable=1'
  return url
}

/** Digests tables of a file that nobody writes to, by the columns that are named. */
export async function digestFile(
  path: string | URL,
  tables: Readonly<Record<string, Columns>>,
  { onProgress, isStopped }: Watched,
): Promise<Record<string, TableDigest>> {
  const db = new DatabaseSync(path, { readOnly: true })
  const digests: Record<string, TableDigest> = {}
  try {
    const counts = Object.keys(tables).map(
      (name) => db.prepare(`SELECT count(*) AS count FROM "${name}"`).get()?.['count'],
    )
    const total = counts.reduce<number>((sum, count) => sum + Number(count), 0)
    let done = 0
    const look = async (table: string): Promise<void> => {
      onProgress({ phase: 'checking', table, done, total })
      await turn()
      if (isStopped()) throw new MoveStopped()
    }
    for (const [table, columns] of Object.entries(tables)) {
      const digester = new Digester(Object.keys(columns))
      for (const row of rowsOf(db, table, columns)) {
        digester.add(asMoved(table, row))
        done += 1
        if (done % stepRows === 0) await look(table)
      }
      digests[table] = digester.digest
      await look(table)
    }
  } finally {
    db.close()
  }
  return digests
}

function* rowsOf(db: DatabaseSync, table: string, columns: Columns): Generator<AnyRow> {
  const names = Object.keys(columns)
  const statement = db.prepare(`SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM "${table}"`)
  statement.setReturnArrays(true)
  const rowOf = rowMakerOf(columns)
  for (const values of statement.iterate()) yield rowOf(values as unknown as readonly unknown[])
}
