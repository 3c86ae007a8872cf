import type { ContactMember, Status } from '../contract/lead-members.ts'

/** What must hold of a row of a list. */
export type Condition =
  | { readonly kind: 'never' }
  | { readonly kind: 'status'; readonly statuses: readonly Status[] }
  | { readonly kind: 'has'; readonly column: 'tags' | 'assigned_users'; readonly ids: readonly number[] }
  | { readonly kind: 'assigned'; readonly is: boolean }
  | { readonly kind: 'reseller' }
  | { readonly kind: 'campaigns' }
  /** In a text of the lead, or assigned to one of these users. The needle is in small letters. */
  | { readonly kind: 'search'; readonly needle: string; readonly users: readonly number[] }
  | { readonly kind: 'field is'; readonly id: number; readonly value: string | number }
  /** One of these options; 1 or 0 where there are none but yes and no. */
  | { readonly kind: 'field has'; readonly id: number; readonly options: readonly number[] }
  | { readonly kind: 'field holds'; readonly id: number; readonly needle: string }
  /** The needle is in small letters. */
  | { readonly kind: 'holds'; readonly member: ContactMember; readonly needle: string }
  /** Neither less nor more than these. */
  | { readonly kind: 'within'; readonly of: NumberKey; readonly min: number; readonly max: number }
  /** Has a value there, or has none. */
  | { readonly kind: 'filled'; readonly of: FilledKey; readonly is: boolean }
  | { readonly kind: 'source'; readonly sources: readonly string[] }
  | { readonly kind: 'created by'; readonly users: readonly number[] }
  | { readonly kind: 'not'; readonly condition: Condition }

/** What has a number in each lead: times in Unix ms, the rank of the status, or a custom field by its id. */
export type NumberKey = 'created_at' | 'updated_at' | 'status' | number
/** What has a text in each lead; `name` is the last and the first, and a number a custom field. */
export type TextKey = ContactMember | 'name' | 'source' | 'external_id' | number
/** What a lead may lack, custom fields by their ids. */
export type FilledKey = ContactMember | 'external_id' | 'tags' | 'users' | number

/** A part of an order. */
export interface OrderEntry {
  readonly by: { readonly kind: 'number'; readonly of: NumberKey } | { readonly kind: 'text'; readonly of: TextKey }
  readonly descending: boolean
}

/** What a row is sorted by: a number, a text as it is folded, or nothing. */
export type KeyValue = number | string | null

/** Behind a row. */
export interface ExactCursor {
  readonly kind: 'exact'
  /** The row's values in the order that is asked for, one for each entry. */
  readonly values: readonly KeyValue[]
  readonly createdAt: number
  readonly id: number
}

/** An order as cursors name it: `company_name,-5`. */
export const orderName = (order: readonly OrderEntry[]): string =>
  order.map(({ by, descending }) => `${descending ? '-' : ''}${by.of}`).join(',')

/** Where a list goes on. */
export type Cursor = { readonly kind: 'time'; readonly before: number } | ExactCursor

export interface ListRequest {
  /** All of them hold of each row. */
  readonly conditions: readonly Condition[]
  /** Newest first within what it leaves equal, and so wholly where it is empty. Leads without a value come last. */
  readonly order: readonly OrderEntry[]
  readonly cursor: Cursor | undefined
}

export interface AskedPage extends ListRequest {
  /** From 1; a cursor wins over it. */
  readonly page: number
  readonly pageSize: number
}

export interface Page {
  /** Of all pages. */
  readonly total: number
  /** Where the page behind begins; undefined on the last. */
  readonly next: ExactCursor | undefined
}

/** Which leads are on a page, in their order. */
export interface IdPage extends Page {
  readonly ids: readonly number[]
  /** The last change of the company's log that it goes by. */
  readonly sequence: number
}

/** How many leads of a list there are, in all and of each kind that there is one of. */
export interface LeadCounts {
  readonly total: number
  readonly unassigned: number
  readonly status: Readonly<Record<Status, number>>
  /** By the id of the tag. */
  readonly tags: ReadonlyMap<number, number>
  /** By the id of the assigned user. */
  readonly users: ReadonlyMap<number, number>
}
