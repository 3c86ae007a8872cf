import { hash } from 'node:crypto'

/** A row of any table, by its columns. */
export type AnyRow = Readonly<Record<string, unknown>>

/** What a table holds: two are the same when both members are. */
export interface TableDigest {
  readonly rows: number
  /** 64 hexadecimal digits. */
  readonly digest: string
}

/**
 * Makes a table's digest of its rows in any order: the sum of their SHA-256, each over the row as canonical JSON. Engines
 * sort texts, and keep the members of an object, in orders of their own.
 */
export class Digester {
  readonly #columns: readonly string[]
  #rows = 0
  #sum = 0n

  constructor(columns: readonly string[]) {
    this.#columns = columns
  }

  add(row: AnyRow): void {
    const text = this.#columns.map((name) => canonical(row[name])).join()
    this.#sum += BigInt(`0x${hash('sha256', text)}`)
    this.#rows += 1
  }

  get digest(): TableDigest {
    return { rows: this.#rows, digest: BigInt.asUintN(256, this.#sum).toString(16).padStart(64, '0') }
  }
}

/** JSON with the members of objects in the order of their names; bytes as hexadecimal digits behind an x. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([name, held]) => `${JSON.stringify(name)}:${canonical(held)}`).join()}}`
}

/** Names of the tables in which two databases differ. */
export const differing = (
  left: Readonly<Record<string, TableDigest>>,
  right: Readonly<Record<string, TableDigest>>,
): string[] =>
  Object.keys(left).filter(
    (table) => left[table]?.rows !== right[table]?.rows || left[table]?.digest !== right[table]?.digest,
  )
