import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Write } from '../src/storage/port.ts'

/** A write whose statement is prepared and whose values are ready: each column of `columns` by its place. */
export interface BoundWrite {
  readonly statement: StatementSync
  readonly columns: readonly string[]
  readonly values: SQLInputValue[]
}

/** Makes statements of the server's writes on a bare connection: nothing of its storage stands in between. */
export class BareWrites {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  bind(write: Write): BoundWrite {
    const changed = write.kind === 'insert' ? write.row : write.kind === 'update' ? write.set : {}
    const key = write.kind === 'insert' ? {} : write.key
    const columns = Object.keys(changed)
    const keys = Object.keys(key)
    return {
      statement: this.#prepared(sqlOf(write, columns, keys)),
      columns: [...columns, ...keys],
      values: [...Object.values(changed), ...Object.values(key)].map(plain),
    }
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

function sqlOf({ kind, table }: Write, columns: readonly string[], keys: readonly string[]): string {
  const where = `WHERE ${keys.map((name) => `${name} = ?`).join(' AND ')}`
  if (kind === 'insert') return `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`
  if (kind === 'delete') return `DELETE FROM ${table} ${where}`
  return `UPDATE ${table} SET ${columns.map((name) => `${name} = ?`).join()} ${where}`
}

/** A value as the database keeps it: what is no plain value is JSON, a flag is a number. */
function plain(value: unknown): SQLInputValue {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Uint8Array) return value
  return JSON.stringify(value)
}
