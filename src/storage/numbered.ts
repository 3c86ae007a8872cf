import type { Write } from './port.ts'
import type { IdSource, TableName } from './tables.ts'

/** Tables whose rows the server numbers, under the same name as their source of ids. */
export const numbered = [
  'companies',
  'users',
  'api_keys',
  'tags',
  'custom_fields',
  'tiers',
  'categories',
  'stages',
  'leads',
  'integrations',
  'webhooks',
  'deliveries',
  'imports',
  'saved_views',
] as const
const isNumbered = (table: TableName): table is (typeof numbered)[number] => numbered.some((name) => name === table)

/** The highest ids that rows bring along: their sources must be beyond them. */
export function highestIds(writes: readonly Write[]): ReadonlyMap<IdSource, number> {
  const highest = new Map<IdSource, number>()
  const see = (source: IdSource, id: number): unknown => (highest.get(source) ?? 0) < id && highest.set(source, id)
  for (const write of writes) {
    if (write.kind !== 'insert') continue
    if (isNumbered(write.table) && 'id' in write.row) see(write.table, write.row.id)
    if (write.table !== 'leads') continue
    for (const { id } of Object.values(write.row.custom_fields)) see('custom_values', id)
  }
  return highest
}
