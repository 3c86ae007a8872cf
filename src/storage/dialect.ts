import type { RawBuilder } from 'kysely'

/** What a row must be. */
export type Condition = RawBuilder<boolean>

/** What engines spell differently, as fragments for the lists of `Database.find`. Columns are those of `leads`. */
export interface Dialect {
  /** One of the texts holds another, whatever the case; the needle is in lower case. */
  holds(needle: string, columns: readonly TextColumn[]): RawBuilder<boolean>
  /** A list of ids has one of these. */
  hasOneOf(column: 'tags' | 'assigned_users', ids: readonly number[]): RawBuilder<boolean>
  /** A list of ids is empty. */
  isEmpty(column: 'tags' | 'assigned_users'): RawBuilder<boolean>
  /** A custom field has a value. */
  hasField(fieldId: number): Condition
  /** The value of a custom field is this one; no lead without a value is. */
  fieldIs(fieldId: number, value: string | number | boolean): RawBuilder<boolean>
  /** The value of a custom field, a list of options, has one of these. */
  fieldHasOneOf(fieldId: number, options: readonly number[]): RawBuilder<boolean>
  /** The text of a custom field holds another, whatever the case; the needle is in lower case. */
  fieldHolds(fieldId: number, needle: string): RawBuilder<boolean>
}

type TextColumn = 'company_name' | 'email' | 'phone_number' | 'first_name' | 'last_name'
