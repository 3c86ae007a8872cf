import type { ContactMember } from '../../contract/lead-members.ts'
import type { Row } from '../tables.ts'

/** What lists go by. Texts and custom values are there only where a column needs them. */
export interface IndexedLead
  extends Pick<
      Row<'leads'>,
      | 'id'
      | 'created_at'
      | 'updated_at'
      | 'status'
      | 'partner_type'
      | 'campaign_id'
      | 'archived_at'
      | 'tags'
      | 'assigned_users'
    >,
    Partial<Pick<Row<'leads'>, ContactMember | 'source' | 'created_by_user_id' | 'external_id' | 'custom_fields'>> {}

/** A part of an index that is made when a list first needs it. */
export interface Column {
  readonly bytes: number
  /** @returns false when it looked, and the slot has the same as before */
  put(slot: number, lead: IndexedLead): boolean
}
