import type { FieldValue } from '../contract/fields.ts'
import type { Status } from '../contract/lead-members.ts'
import type { blanks, Format, modes, namings } from '../contract/transfer.ts'

/** The value a lead holds for a custom field: its own id and uuid, and the value as it is compared. */
export interface CustomValue {
  readonly id: number
  readonly uuid: string
  readonly value: FieldValue
}

/** The columns that a change changed, as they were before. */
export interface LeadBefore {
  readonly company_name?: string | null
  readonly email?: string | null
  readonly phone_number?: string | null
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly status?: Status
  readonly external_id?: string | null
  readonly tags?: readonly number[]
  readonly assigned_users?: readonly number[]
  /** Values by field id, of the fields that changed; null where there was none. */
  readonly custom_fields?: Readonly<Record<string, FieldValue | null>>
  /** Set when the change restored the lead. */
  readonly archived?: boolean
  /** Set when the change erased the lead. */
  readonly erased?: false
}

/** The columns of a lead that its event does not hold already: their values alone, as names would double the row. New ones come last. */
export type KeptLead = readonly [
  uuid: string,
  created_at: number,
  source: string,
  company_name: string | null,
  email: string | null,
  phone_number: string | null,
  first_name: string | null,
  last_name: string | null,
  status: Status,
  partner_type: string | null,
  created_by_user_id: number | null,
  tags: readonly number[],
  assigned_users: readonly number[],
  custom_fields: Readonly<Record<string, CustomValue>>,
  /** Left out where there is none, as most have none. */
  external_id?: string,
]

/**
 * The part of an event that retention or erasure may null. Labels and names are those of the event's definitions, and are
 * told when it is read.
 */
export interface EventPayload {
  readonly was: LeadBefore
  /** The lead right after the change. */
  readonly is: KeptLead
}

/** How a file of leads is read. */
export interface ImportedAs {
  readonly format: Format
  readonly by: (typeof namings)[number] | null
  readonly mode: (typeof modes)[number]
  readonly blank: (typeof blanks)[number]
  /** Columns that are nothing of a lead. */
  readonly passedOver: readonly string[]
}
