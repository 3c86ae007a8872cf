import type { Delivery, DeliveryState, EventName, Webhook } from '../../sdk/index.ts'
import { shownNumber } from '../ui/number.ts'

export type Field = NonNullable<Webhook['fields']>[number]
export type Subscription = Pick<Webhook, 'events' | 'fields'>

/** What happened, as a person says it. */
export const eventLabels: Readonly<Record<EventName, string>> = {
  lead_created: 'Lead created',
  lead_updated: 'Lead changed',
  lead_deleted: 'Lead deleted',
  lead_note_created: 'Note on a lead created',
  lead_note_updated: 'Note on a lead changed',
  lead_note_deleted: 'Note on a lead deleted',
  deal_created: 'Deal created',
  deal_updated: 'Deal changed',
  deal_deleted: 'Deal deleted',
  deal_note_created: 'Note on a deal created',
  deal_note_updated: 'Note on a deal changed',
  deal_note_deleted: 'Note on a deal deleted',
  partner_created: 'Partner created',
  partner_updated: 'Partner changed',
  partner_contact_created: 'Partner contact created',
  partner_contact_updated: 'Partner contact changed',
  message_created: 'Message created',
  message_updated: 'Message changed',
  message_deleted: 'Message deleted',
}

/** Members that an update can touch, in the order in which they are offered. */
export const fieldLabels: Readonly<Record<Field, string>> = {
  status: 'Status',
  assignedUsers: 'Assigned to',
  tags: 'Tags',
  customFields: 'Custom fields',
  company_name: 'Company',
  first_name: 'First name',
  last_name: 'Last name',
  email: 'E-mail',
  phone_number: 'Phone',
  external_id: 'External id',
}

const isKeyOf = <Name extends string>(names: Readonly<Record<Name, unknown>>, name: string): name is Name =>
  Object.hasOwn(names, name)

/** The names of a table in its order. */
export const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(table).filter((name): name is Name => isKeyOf(table, name))

/** Whether the endpoint hears of updates, which alone can be chosen by their members. */
export const hearsUpdates = (events: Subscription['events']): boolean =>
  events === null || events.includes('lead_updated')

/** "Lead created, Lead changed · changes only of Status or Tags". */
export function subscriptionSentence({ events, fields }: Subscription): string {
  const heard = events === null ? 'Every event' : events.map((event) => eventLabels[event]).join(', ')
  if (fields === null || !hearsUpdates(events)) return heard
  return `${heard} · changes only of ${alternatives(fields.map((field) => fieldLabels[field]))}`
}

/** "a", "a or b", "a, b or c". */
export function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

export const stateLabels: Readonly<Record<DeliveryState, string>> = {
  delivered: 'Arrived',
  retrying: 'Retrying',
  parked: 'Given up',
  pending: 'Waiting',
  expired: 'Expired',
  skipped: 'Skipped',
}

type Failed = Pick<Delivery, 'state' | 'status' | 'error'>

/** The answer in a few words: "204", "500", "connection refused". */
export const shortAnswer = ({ status, error }: Pick<Delivery, 'status' | 'error'>): string =>
  status === null ? (error ?? '') : String(status)

/**
 * Why a message has not arrived, and what to do, in sentences; undefined when it has, or was never sent.
 *
 * The errors are those of the sender (docs/webhooks.md, "Answer it").
 */
export function whyFailed({ state, status, error }: Failed): string | undefined {
  if (state === 'expired') return 'Retention has emptied the event before it arrived. It cannot be sent any more.'
  if (state === 'skipped') return 'It was given up when the endpoint was resumed. Sending again still reaches it.'
  if (status !== null) return state === 'delivered' ? undefined : whyRefused(status)
  return error === null ? undefined : whyUnanswered(error)
}

function whyRefused(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400) {
    return `The receiver answered ${status}, a redirect. Redirects are not followed: set the address that it leads to.`
  }
  return `The receiver answered ${status}. ${statusHints[status] ?? (status >= 500 ? failedThere : refusedThere)}`
}

const failedThere = 'Something failed over there: look into its log.'
const refusedThere = 'It did not take the message: look into its log.'

const statusHints: Readonly<Record<number, string>> = {
  400: 'It does not understand the message.',
  401: 'It does not accept the signature or the token: compare the secret and the uuid that it checks with.',
  403: 'It does not accept the signature or the token: compare the secret and the uuid that it checks with.',
  404: 'Nothing is at this path: check the address.',
  405: 'It takes no POST at this path: check the address.',
  410: 'It says that nothing will be there any more, so the endpoint was disabled.',
  413: 'The message is larger than it allows.',
  429: 'It asks for fewer messages. They come again when it says so.',
  502: 'Its proxy does not reach it. Does the receiver run?',
  503: 'It is busy or in maintenance. Messages come again when it says so.',
  504: 'Its proxy waited in vain. Answer first, and do long work afterwards.',
}

function whyUnanswered(error: string): string {
  const timedOut = /^timed out after (\d+) ms$/.exec(error)
  if (timedOut !== null) {
    const seconds = shownNumber(Number(timedOut[1]) / 1000)
    return `There was no answer within ${seconds} s. Answer first, and do long work afterwards.`
  }
  if (error.startsWith('address refused')) {
    return `Waggle may not send there (${error}). Whoever runs the server can allow a network: WAGGLE_WEBHOOK_ALLOW.`
  }
  if (error.startsWith('certificate')) return `The certificate of the receiver is not accepted (${error}).`
  return errorSentences[error] ?? `There was no answer: ${error}.`
}

const errorSentences: Readonly<Record<string, string>> = {
  'connection refused': 'Nothing listens at this address: the connection was refused. Does the receiver run?',
  'name not found': 'There is no host of this name. Check the address.',
  'name look-up failed': 'The name of the host could not be looked up just then.',
  'connection timed out': 'The host did not take the connection in time. Is a firewall between?',
  'address not reachable': 'No way leads to this address from the server.',
  'connection closed before an answer': 'The receiver closed the connection before it had answered.',
  'TLS could not be agreed on': 'No common TLS could be found. Does the address speak https?',
  'the answer is not HTTP': 'What answers at this address does not speak HTTP.',
}
