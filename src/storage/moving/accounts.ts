import { type AnyRow, Digester, differing, type TableDigest } from './digest.ts'

/**
 * Who may sign in: all rows of the tables that a library keeps, as it names them. Values are texts, whole numbers and
 * nulls on every engine; times are texts in UTC.
 */
export type AccountTables = Readonly<Record<string, readonly AnyRow[]>>

/** The accounts that belong to a database. */
export interface AccountRows {
  /** Undefined where nobody has ever been let in, and no table was made. */
  read(): Promise<AccountTables | undefined>
  /** Puts these rows in place of all that are there, in tables that are there: all or none, and on the disk. */
  replace(tables: AccountTables): Promise<void>
}

/** Others refer to its rows, so they come first and go last. */
const firstAccountTable = 'user'

/** Tables in an order in which rows may be added. */
export const inOrder = (names: readonly string[]): string[] => [
  ...names.filter((name) => name === firstAccountTable),
  ...names.filter((name) => name !== firstAccountTable),
]

function digestsOfAccounts(tables: AccountTables): Record<string, TableDigest> {
  const digests: Record<string, TableDigest> = {}
  for (const [name, rows] of Object.entries(tables)) {
    const digester = new Digester(Object.keys(rows[0] ?? {}).toSorted())
    for (const row of rows) digester.add(row)
    digests[`sign-in: ${name}`] = digester.digest
  }
  return digests
}

/**
 * Copies all accounts, and reads them back.
 *
 * @param make makes the tables in the target, where they are not there
 * @returns what each table holds; none where the source has no accounts
 * @throws Error what was read back differs
 */
export async function copyAccounts(
  source: AccountRows,
  target: AccountRows,
  make: () => Promise<void>,
): Promise<Record<string, TableDigest>> {
  const tables = await source.read()
  if (tables === undefined || filledTable(tables) === undefined) {
    if ((await target.read()) !== undefined) await target.replace({})
    return {}
  }
  await make()
  await target.replace(tables)
  const digests = digestsOfAccounts(tables)
  const different = differing(digests, digestsOfAccounts((await target.read()) ?? {}))
  if (different.length > 0) throw new Error(`accounts that were read back differ, in: ${different.join(', ')}`)
  return digests
}

/** The table that has rows; undefined when none has. */
export const filledTable = (tables: AccountTables | undefined): string | undefined =>
  Object.entries(tables ?? {}).find(([, rows]) => rows.length > 0)?.[0]
