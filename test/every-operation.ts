import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Operation } from '../src/contract/operation.ts'
import { type TableName, tables } from '../src/storage/tables.ts'
import type { Api } from './backends.ts'

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'path' in value && 'access' in value

const contract = join(import.meta.dirname, '../src/contract')

/** Every operation that there is. */
export const operations = (
  await Promise.all(
    readdirSync(contract).map(async (file) => Object.values<unknown>(await import(join(contract, file)))),
  )
)
  .flat()
  .filter(isOperation)
  .filter((one, at, all) => all.findIndex(({ id }) => id === one.id) === at)

/** Each under each spelling of its path, with the method and the path as its name. */
export const spelled = operations.flatMap((operation) =>
  [operation.path, ...(operation.aliases ?? [])].map(
    (path) => [`${operation.method} ${path}`, { ...operation, path }] as const,
  ),
)

const companyTables = Object.keys(tables).filter((name): name is TableName => 'company_id' in tables[name as TableName])

/** All rows of a company; when its keys were used is of no account. */
export async function rowsOf({ database }: Api, companyId: number): Promise<unknown> {
  const all: Record<string, unknown> = {}
  for (const table of companyTables) {
    const rows = await database.find((db) => db.selectFrom(table).selectAll().where('company_id', '=', companyId))
    all[table] = rows
      .map((row) => JSON.stringify({ ...row, ...('last_used_at' in row && { last_used_at: null }) }))
      .sort()
  }
  return all
}
