import type { Reference } from '../contract/forms.ts'
import type { Row } from './tables.ts'

export type TagRow = Row<'tags'>
export type UserRow = Row<'users'>
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

  get(reference: Reference): R | undefined {
    return typeof reference === 'number' ? this.#byId.get(reference) : this.#byUuid.get(reference)
  }

  all(): Iterable<R> {
    return this.#byId.values()
  }
}

/** What a company's leads refer to, at one version: one value, never changed, shared by many decisions. */
export interface Definitions {
  readonly version: number
  readonly company: Row<'companies'>
  readonly tags: Directory<TagRow>
  readonly users: Directory<UserRow>
  readonly fields: Directory<FieldRow>
}

/** The rows of a company's definitions, as an engine reads them in one snapshot. */
export interface DefinitionRows {
  readonly version: number
  readonly company: Row<'companies'>
  readonly tags: readonly TagRow[]
  readonly users: readonly UserRow[]
  readonly fields: readonly Row<'custom_fields'>[]
  readonly options: readonly Row<'custom_field_options'>[]
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
  }
}
