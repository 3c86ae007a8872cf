/**
 * The members of a lead that requests change, lists as their ids in order: `3,5,9`.
 * An answer that does not tell custom values leaves out `number` and `text`.
 */
export interface LeadState {
  readonly company_name: string | null
  readonly first_name: string | null
  readonly phone_number: string | null
  readonly status: string
  readonly tags: string
  readonly assignedUsers: string
  readonly number?: number | null
  readonly text?: string | null
}
export type Members = Partial<LeadState>

/** A change that is asked for. Attempts of one change share its number, its idempotency key and its body. */
export interface WriteAsked {
  readonly kind: 'write'
  readonly lead: number
  /** Unique among the changes of a database; every value of the change is made from it. */
  readonly number: number
  readonly members: Members
  /** Neighbouring versions, smallest first; `*` for any; null without the header. */
  readonly ifMatch: readonly number[] | '*' | null
  readonly onceKey: string | null
  /** Unique among the attempts of a history. */
  readonly requestId: string
}

/** A `touch` is a change of no members: a read that waits in the queue of changes. */
export type Asked =
  | WriteAsked
  | { readonly kind: 'touch' | 'read'; readonly lead: number }
  | { readonly kind: 'list' }
  | { readonly kind: 'feed'; readonly after: number }

/** A lead as an answer shows it. What the answer does not tell is null. */
export interface SeenLead {
  readonly lead: number
  readonly version: number | null
  /** Unix ms. */
  readonly updatedAt: number
  readonly state: LeadState | null
}

export interface SeenEvent {
  readonly sequence: number
  readonly lead: number
  /** Unix ms. */
  readonly at: number
  readonly state: LeadState
}

export type Outcome =
  | { readonly kind: 'changed'; readonly sequence: number; readonly replayed: boolean; readonly lead: SeenLead }
  | { readonly kind: 'seen'; readonly leads: readonly SeenLead[] }
  | { readonly kind: 'followed'; readonly events: readonly SeenEvent[]; readonly last: number; readonly limit: number }
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }
  /** The connection ended before an answer: carried out or not. */
  | { readonly kind: 'unknown' }

/** Who has no answer by then gives up: the server hangs. */
export const answerMsMax = 30_000

/** One request and what became of it. Times are ms of the clients' common monotonic clock. */
export interface Operation {
  readonly client: string
  /** Which of the servers that ran one after the other was asked, counted from 1. */
  readonly life: number
  readonly invokedAt: number
  /** When the answer was whole, or the connection ended. */
  readonly returnedAt: number
  readonly asked: Asked
  readonly outcome: Outcome
}

/** An event as it stands in the log at the end. */
export interface LoggedEvent extends SeenEvent {
  readonly version: number
  readonly previous: number
  readonly requestId: string | null
}

/** All that was seen of one company's leads in one run. */
export interface History {
  readonly seed: number
  /** The newest event of each lead before the run, and the log's length. */
  readonly begun: { readonly sequence: number; readonly leads: readonly LoggedEvent[] }
  /** When each server that was killed was gone; the last one lives on. */
  readonly deaths: readonly { readonly life: number; readonly at: number }[]
  readonly operations: readonly Operation[]
  /** The events of the run, in order. */
  readonly log: readonly LoggedEvent[]
  /** The leads' rows at the end. */
  readonly rows: readonly SeenLead[]
}

/** The members that differ, or undefined when all that both tell is the same. */
export function difference(found: Members, wanted: Members): string | undefined {
  const wrong = Object.entries(found).filter(([member, value]) => memberOf(wanted, member) !== value)
  if (wrong.length === 0) return undefined
  return wrong.map(([member, value]) => `${member} ${value} (not ${memberOf(wanted, member)})`).join(', ')
}

const memberOf = (members: Members, name: string): unknown => Object.entries(members).find(([one]) => one === name)?.[1]

/** What a request asked, in a few words. */
export function toldOf({ client, asked, outcome, invokedAt, returnedAt }: Operation): string {
  const at = `${client} ${invokedAt.toFixed(2)}–${returnedAt.toFixed(2)} ms`
  return `${askedOf(asked)} → ${outcomeOf(outcome)} (${at})`
}

function askedOf(asked: Asked): string {
  switch (asked.kind) {
    case 'write': {
      const match = asked.ifMatch === null ? '' : ` if ${asked.ifMatch === '*' ? '*' : `v${asked.ifMatch.join('|v')}`}`
      return `write ${asked.requestId} of lead ${asked.lead}${match}`
    }
    case 'list':
      return 'list'
    case 'feed':
      return `feed after ${asked.after}`
    default:
      return `${asked.kind} of lead ${asked.lead}`
  }
}

function outcomeOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'changed':
      return `event ${outcome.sequence}, v${outcome.lead.version}${outcome.replayed ? ', replayed' : ''}`
    case 'seen':
      return outcome.leads.map(({ lead, version }) => (version === null ? `lead ${lead}` : `v${version}`)).join(', ')
    case 'followed':
      return `${outcome.events.length} events, last ${outcome.last}`
    case 'refused':
      return `${outcome.status}`
    default:
      return 'no answer'
  }
}
