import type { Contract } from './contract.ts'

/** An object named by its number or its uuid. */
export type Reference = number | string

type OneOrMore<Value> = Value | readonly Value[]
type Moment = string | Date

export type Status = NonNullable<Contract['updateLead']['body']['status']>
export type Source = NonNullable<Contract['createLead']['body']['source']>
/** What a lead may lack. */
export type Fillable =
  | Exclude<keyof Contract['updateLead']['body'], 'status' | 'assignedUsers' | 'tags' | 'customFields'>
  | 'tags'
  | 'users'
export type EventName = Contract['listEvents']['reply'][number]['event_id']
export type DeliveryState = Contract['listDeliveries']['reply'][number]['state']

/** What parameters that are texts on the wire may be given as, by their names. */
interface Given {
  page: number | string
  pageSize: number | string
  cursor: number | string
  after: number | string
  limit: number | string
  wait: number | string
  userId: number | string
  archived: boolean
  revoked: boolean
  indirect: boolean
  assigned: boolean
  unassigned: boolean
  dry_run: boolean
  status: OneOrMore<Status>
  tags: OneOrMore<Reference>
  users: OneOrMore<Reference>
  state: OneOrMore<DeliveryState>
  event: OneOrMore<EventName>
  lead: Reference
  since: Moment
  until: Moment
  created_since: Moment
  created_before: Moment
  updated_since: Moment
  updated_before: Moment
  status_not: OneOrMore<Status>
  tags_not: OneOrMore<Reference>
  users_not: OneOrMore<Reference>
  created_by: OneOrMore<Reference>
  source: OneOrMore<Source>
  set: OneOrMore<Fillable>
  empty: OneOrMore<Fillable>
  customFields: readonly object[] | string
  sort: readonly object[] | string
  mapping: Readonly<Record<string, string>>
}

/** What a parameter may be given as for which {@link Given} has no word. */
type QueryValue = string | number | boolean | Date | readonly (string | number)[] | readonly object[] | object

/** The query of an operation as a program gives it; members that are undefined are not sent. */
export type QueryOf<Wire> = {
  [Name in keyof Wire]?:
    | (string extends NonNullable<Wire[Name]>
        ? Name extends keyof Given
          ? Given[Name]
          : QueryValue
        : NonNullable<Wire[Name]>)
    | undefined
}

/**
 * The query behind `?`, empty when there is none: lists as comma lists, times as ISO 8601, objects and lists of
 * objects as JSON. `true` is `1`, and `false` is left out, as the server asks only whether a switch is there.
 */
export function queryText(query: Readonly<Record<string, unknown>>): string {
  const texts = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const text = textOf(value)
    if (text !== undefined) texts.set(name, text)
  }
  const text = texts.toString()
  return text === '' ? '' : `?${text}`
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === false) return undefined
  if (value === true) return '1'
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value)
  if (!Array.isArray(value) || value.some((element) => typeof element === 'object')) return JSON.stringify(value)
  return value.join(',')
}
