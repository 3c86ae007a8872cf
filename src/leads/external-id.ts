import { failures } from '../contract/failures.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { NamedLeads } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

/** Who holds the external id that a change gives, to be read under the lock; nobody is asked where it gives none. */
export const holdersOf = ({
  externalId,
}: {
  readonly externalId: string | null | undefined
}): NamedLeads | undefined => (typeof externalId === 'string' ? { externalIds: [externalId] } : undefined)

/** What of external ids a write takes or gives up. */
export const namesOf = (...externalIds: readonly (string | null)[]): string[] =>
  externalIds.filter((one) => one !== null)

/**
 * @param leadId the lead that is to have the external id; undefined for one that is made
 * @throws Refusal `external_id_taken`: no two leads of a company have the same, deleted ones included
 */
export function refuseTaken(
  externalId: string | null | undefined,
  holder: Row<'leads'> | undefined,
  leadId: number | undefined,
): void {
  if (typeof externalId !== 'string' || holder === undefined || holder.id === leadId) return
  const deleted = holder.archived_at === null ? '' : ', which is deleted'
  const message = `external_id belongs to lead ${holder.id}${deleted}`
  const { message: summary } = failures.external_id_taken
  throw new Refusal('external_id_taken', { faults: [{ path: '/external_id', message, summary }] })
}
