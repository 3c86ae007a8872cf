import type { Reference } from '../contract/forms.ts'
import type { CustomValue } from './payload.ts'
import type { DefinitionTable, Row } from './tables.ts'
import type { Write } from './write.ts'

export type TagRow = Row<'tags'>
export type UserRow = Row<'users'>
export type TierRow = Row<'tiers'>
export type CategoryRow = Row<'categories'>
export type StageRow = Row<'stages'>
export interface FieldRow extends Row<'custom_fields'> {
  readonly options: ReadonlyMap<number, Row<'custom_field_options'>>
}

/** Rows by number and by uuid. */
export class Directory<R extends { id: number; uuid: string }> {
  readonly #byId = new Map<number, R>()
  readonly #byUuid = new Map<string, R>()

  constructor(rows: readonly R[]) {
    for (const row of rows) {
      this.#byId.set(row.id, row)
      this.#byUuid.set(row.uuid, row)
    }
  }

  /** Undefined, as what no row can be named by, finds none. */
  get(reference: Reference | undefined): R | undefined {
    if (reference === undefined) return undefined
    return typeof reference === 'number' ? this.#byId.get(reference) : this.#byUuid.get(reference)
  }

  get size(): number {
    return this.#byId.size
  }

  all(): Iterable<R> {
    return this.#byId.values()
  }
}

/** What a company defines, at one version: one value, never changed, shared by many decisions. */
export interface Definitions {
  readonly version: number
  readonly company: Row<'companies'>
  readonly tags: Directory<TagRow>
  readonly users: Directory<UserRow>
  readonly fields: Directory<FieldRow>
  readonly tiers: Directory<TierRow>
  readonly categories: Directory<CategoryRow>
  readonly stages: Directory<StageRow>
}

/** The rows of a company's definitions, as an engine reads them in one snapshot. */
export interface DefinitionRows {
  readonly version: number
  readonly company: Row<'companies'>
  readonly tags: readonly TagRow[]
  readonly users: readonly UserRow[]
  readonly fields: readonly Row<'custom_fields'>[]
  readonly options: readonly Row<'custom_field_options'>[]
  readonly tiers: readonly TierRow[]
  readonly categories: readonly CategoryRow[]
  readonly stages: readonly StageRow[]
}

export function definitionsFrom(rows: DefinitionRows): Definitions {
  const options = new Map<number, Map<number, Row<'custom_field_options'>>>()
  for (const option of rows.options) {
    const ofField = options.get(option.custom_field_id) ?? new Map()
    options.set(option.custom_field_id, ofField.set(option.id, option))
  }
  return {
    version: rows.version,
    company: rows.company,
    tags: new Directory(rows.tags),
    users: new Directory(rows.users),
    fields: new Directory(rows.fields.map((field) => ({ ...field, options: options.get(field.id) ?? new Map() }))),
    tiers: new Directory(rows.tiers),
    categories: new Directory(rows.categories),
    stages: new Directory(rows.stages),
  }
}

/** What is told of each row that is there. */
export function each<R, T>(ids: readonly number[], rows: { get(id: number): R | undefined }, tell: (row: R) => T): T[] {
  const told: T[] = []
  for (const id of ids) {
    const row = rows.get(id)
    if (row !== undefined) told.push(tell(row))
  }
  return told
}

/** What is told of each custom value of a lead, by field id. */
export function eachValue<T>(
  values: Row<'leads'>['custom_fields'],
  { fields }: Definitions,
  tell: (field: FieldRow, held: CustomValue) => T,
): T[] {
  const told: T[] = []
  for (const id of Object.keys(values)) {
    const field = fields.get(Number(id))
    const held = values[id]
    if (field !== undefined && held !== undefined) told.push(tell(field, held))
  }
  return told
}

type Content = Row<DefinitionTable>

/**
 * Keeps the rows of definitions that these writes change or remove, as they stood until now.
 *
 * @param until what stands now
 * @see ARCHITECTURE.md, The layout of the data
 */
export function keepOlder(writes: readonly Write[], until: Definitions): Write[] {
  const kept: Write[] = []
  for (const write of writes) {
    const content = contentBefore(write, until)
    if (content === undefined) continue
    const { company, version } = until
    const row = {
      company_id: company.id,
      version,
      place: kept.length,
      of_table: write.table as DefinitionTable,
      content,
    }
    kept.push({ kind: 'insert', table: 'older_definitions', row: row as Row<'older_definitions'> })
  }
  return kept
}

function contentBefore(write: Write, definitions: Definitions): Content | undefined {
  if (write.kind === 'insert' || (write.kind === 'update' && write.forgets)) return undefined
  const { fields } = definitions
  switch (write.table) {
    case 'tags':
    case 'users':
    case 'tiers':
    case 'categories':
    case 'stages':
      return definitions[write.table].get(write.key.id ?? 0)
  }
  if (write.table === 'custom_field_options') {
    return fields.get(write.key.custom_field_id ?? 0)?.options.get(write.key.id ?? 0)
  }
  if (write.table !== 'custom_fields') return undefined
  const field = fields.get(write.key.id ?? 0)
  if (field === undefined) return undefined
  const { options, ...row } = field
  return row
}

/**
 * The definitions as they stood at a version. Rows that were added since are among them; nothing of then refers to them.
 *
 * @param rows as they stand now
 * @param older what was kept from that version on, newest first
 */
export function definitionsAt(
  version: number,
  rows: DefinitionRows,
  older: readonly Pick<Row<'older_definitions'>, 'of_table' | 'content'>[],
): Definitions {
  const byTable: Record<DefinitionTable, Map<string, unknown>> = {
    tags: byIdentity(rows.tags),
    users: byIdentity(rows.users),
    custom_fields: byIdentity(rows.fields),
    custom_field_options: byIdentity(rows.options),
    tiers: byIdentity(rows.tiers),
    categories: byIdentity(rows.categories),
    stages: byIdentity(rows.stages),
  }
  for (const { of_table, content } of older) byTable[of_table].set(identityOf(content), content)
  return definitionsFrom({
    ...rows,
    version,
    tags: [...byTable.tags.values()] as TagRow[],
    users: [...byTable.users.values()] as UserRow[],
    fields: [...byTable.custom_fields.values()] as Row<'custom_fields'>[],
    options: [...byTable.custom_field_options.values()] as Row<'custom_field_options'>[],
    tiers: [...byTable.tiers.values()] as TierRow[],
    categories: [...byTable.categories.values()] as CategoryRow[],
    stages: [...byTable.stages.values()] as StageRow[],
  })
}

const byIdentity = (rows: readonly Content[]): Map<string, unknown> =>
  new Map(rows.map((row) => [identityOf(row), row]))
/** Options are numbered within their field. */
const identityOf = (row: { readonly id?: unknown; readonly custom_field_id?: unknown }): string =>
  `${row.custom_field_id ?? ''}:${row.id}`
