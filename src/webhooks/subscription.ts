import type { EventName } from '../contract/events.ts'
import type { Row } from '../storage/tables.ts'

/**
 * Whether an endpoint hears of an event: by its name, and of an update by the members that changed. What is no update
 * is not filtered by members.
 */
export function hears(
  { events, fields }: Pick<Row<'webhooks'>, 'events' | 'fields'>,
  { name, members }: { readonly name: EventName; readonly members: readonly string[] },
): boolean {
  if (events !== null && !events.includes(name)) return false
  return fields === null || !name.endsWith('_updated') || members.some((member) => fields.includes(member))
}
