import { join } from 'node:path'
import { backup, DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { MoveStopped, type Watched } from '../moving/reading.ts'
import { DatabaseRefused } from '../refused.ts'

/** Pages that are copied between two looks at whether somebody wants to stop: 8 MiB. */
const stepPages = 2_048

/** A file as it stands at one moment, beside whoever writes to it. */
export class FileSnapshot {
  /** Of the file. */
  readonly name: string
  readonly #db: DatabaseSync

  private constructor(db: DatabaseSync, name: string) {
    this.#db = db
    this.name = name
  }

  /** From here on it is of one moment. While it is open, the log of the file cannot begin anew, and so it grows. */
  static open(directory: string, name: string): FileSnapshot {
    const db = new DatabaseSync(join(directory, name), { readOnly: true, timeout: 5_000 })
    try {
      db.exec('BEGIN')
      db.prepare('SELECT count(*) FROM sqlite_schema').get()
    } catch (error) {
      db.close()
      throw error
    }
    return new FileSnapshot(db, name)
  }

  /** How large a copy of it is. */
  get bytes(): number {
    return Number(this.value('PRAGMA page_count')) * Number(this.value('PRAGMA page_size'))
  }

  /** One value; undefined when there is no row. */
  value(sql: string, ...bound: SQLInputValue[]): unknown {
    return Object.values(this.#db.prepare(sql).get(...bound) ?? {})[0]
  }

  /**
   * Copies it page by page into a new file, beside the main thread.
   *
   * @throws MoveStopped
   */
  async copyTo(path: string, { onProgress, isStopped }: Watched): Promise<void> {
    await backup(this.#db, path, {
      rate: stepPages,
      progress: ({ totalPages, remainingPages }) => {
        if (isStopped()) throw new MoveStopped()
        const done = totalPages - remainingPages
        onProgress({ phase: 'copying', table: this.name, done, total: totalPages, unit: 'page' })
      },
    })
    if (isStopped()) throw new MoveStopped()
  }

  /**
   * Compares all rows of all tables with those of a copy.
   *
   * @throws DatabaseRefused a table differs
   */
  compareWith(path: string): void {
    this.#db.prepare('ATTACH ? AS copy').run(`${pathToFileURL(path).href}?mode=ro`)
    for (const { name, wr } of this.#db.prepare(tablesSql).all()) {
      if (this.#isSame(String(name), wr === 1)) continue
      throw new DatabaseRefused(`The copy of ${this.name} differs from it, in its table ${name}. Look at the disk.`)
    }
  }

  #isSame(table: string, withoutRowid: boolean): boolean {
    const columns = this.#db.prepare("SELECT name, pk FROM pragma_table_info(?, 'main')").all(table)
    const key = withoutRowid ? columns.filter(({ pk }) => pk !== 0).map(({ name }) => `"${name}"`) : ['rowid']
    const both = (names: readonly string[], says: string): string[] =>
      names.map((one) => `ours.${one} ${says} theirs.${one}`)
    const differs = both(
      columns.map(({ name }) => `"${name}"`),
      'IS NOT',
    )
    const row = this.#db
      .prepare(
        `SELECT (SELECT count(*) FROM main."${table}") = (SELECT count(*) FROM copy."${table}") AND NOT EXISTS (
           SELECT 1 FROM main."${table}" AS ours LEFT JOIN copy."${table}" AS theirs ON ${both(key, '=').join(' AND ')}
           WHERE theirs.${key[0]} IS NULL OR ${differs.join(' OR ')}
         ) AS same`,
      )
      .get()
    return row?.['same'] === 1
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }
}

const tablesSql =
  "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
