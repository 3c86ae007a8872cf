import { isDeepStrictEqual } from 'node:util'
import { jwtVerify } from 'jose'
import { Webhook } from 'standardwebhooks'
import type { ToldRow } from '../told-events.ts'
import { hold } from './check.ts'
import type { Message } from './receiver.ts'

/** What a receiver saw of one endpoint, and what the server's files say of it. */
export interface Arrivals {
  /** All that came, whatever was answered. */
  readonly messages: readonly Message[]
  /** Those that were answered with 2xx, in the order of the answers. */
  readonly accepted: readonly Message[]
  /** The company's log since the endpoint was made, in order. */
  readonly events: readonly ToldRow[]
  /** Deliveries that the files told as arrived when a server had been killed, with the number of that server's life. */
  readonly recorded: ReadonlyMap<number, number>
}

/** Messages that were accepted although they had been accepted before. */
export interface Doubles {
  /** By the life of the server whose kill explains them. */
  readonly byKill: ReadonlyMap<number, number>
  /** Without a kill: the connection ended before the server could hear the answer. */
  readonly unheard: number
}

/**
 * Holds what arrived against the log:
 *
 * - each message, accepted or not, is an event of the log, the same in every member, and the same bytes each time;
 * - each event was accepted, and for each lead first acceptances are in the order of the log;
 * - an event is accepted twice only if a kill or the end of its connection lay between, and never once a killed
 *   server's files told that it had arrived.
 *
 * @throws Violation with the first rule that does not hold
 */
export function checkArrivals({ messages, accepted, events, recorded }: Arrivals): Doubles {
  checkMessages(messages, events, recorded)
  const newestOfLead = new Map<number, number>()
  const leads = new Map(events.map(({ sequence, lead_id }) => [sequence, lead_id]))
  const before = new Map<number, Message>()
  const byKill = new Map<number, number>()
  let unheard = 0
  for (const message of accepted) {
    const { sequence, life } = message
    const earlier = before.get(sequence)
    before.set(sequence, message)
    if (earlier === undefined) {
      const lead = leads.get(sequence) ?? 0
      const newest = newestOfLead.get(lead) ?? 0
      hold(newest < sequence, `OUT OF ORDER: of lead ${lead}, ${sequence} arrived after ${newest}`)
      newestOfLead.set(lead, sequence)
      continue
    }
    if (earlier.life < life) {
      byKill.set(earlier.life, (byKill.get(earlier.life) ?? 0) + 1)
      continue
    }
    hold(earlier.unheard, `TWICE: ${sequence} was accepted, and sent again though its server lived and had heard so`)
    unheard += 1
  }
  for (const { sequence } of events) hold(before.has(sequence), `LOST: event ${sequence} never arrived`)
  return { byKill, unheard }
}

function checkMessages(
  messages: readonly Message[],
  events: readonly ToldRow[],
  recorded: ReadonlyMap<number, number>,
): void {
  const bySequence = new Map(events.map((event) => [event.sequence, event]))
  const first = new Map<number, Message>()
  const ids = new Set<unknown>()
  for (const message of messages) {
    const { sequence, headers, raw, life } = message
    const event = bySequence.get(sequence)
    hold(event !== undefined, `${sequence} was delivered, but is no event since the endpoint was made`)
    hold((recorded.get(sequence) ?? life) >= life, `TWICE: ${sequence} was sent again though recorded as arrived`)
    const earlier = first.get(sequence)
    if (earlier === undefined) {
      first.set(sequence, message)
      hold(!ids.has(headers['webhook-id']), `${sequence} has the webhook-id of another event`)
      ids.add(headers['webhook-id'])
      checkBody(raw, event)
      continue
    }
    const same = earlier.raw === raw && earlier.headers['webhook-id'] === headers['webhook-id']
    hold(same, `${sequence} was sent again with other bytes or another webhook-id`)
  }
}

/** A body is what its event says, with what belongs to the company and the integration. */
function checkBody(raw: string, event: ToldRow): void {
  const { company_uuid, configuration, ...told } = JSON.parse(raw)
  hold(typeof company_uuid === 'string' && Array.isArray(configuration), `${event.sequence} lacks members`)
  const wanted = {
    user_uuid: event.user_uuid,
    event_id: event.name,
    lead: event.payload?.state,
    changed_fields: event.members,
    changes: event.payload?.changes,
  }
  hold(
    isDeepStrictEqual(told, wanted),
    `${event.sequence} was delivered as ${JSON.stringify(told)}, but is ${JSON.stringify(wanted)} in the log`,
  )
}

/**
 * Verifies messages by libraries that are not ours, within five minutes of their sending.
 *
 * @param integration its uuid, the secret of tokens
 * @throws Error of the library, for the first message that is not genuine
 */
export async function checkSignatures(
  messages: readonly Message[],
  { secret, integration }: { secret: string; integration: string },
): Promise<void> {
  const webhook = new Webhook(secret)
  const key = new TextEncoder().encode(integration)
  for (const { headers, raw } of messages) {
    const named = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])])
    webhook.verify(raw, Object.fromEntries(named))
    const token = String(headers.authorization).replace('Bearer ', '')
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'] })
    const body = JSON.parse(raw)
    for (const claim of ['company_uuid', 'user_uuid', 'event_id']) {
      hold(payload[claim] === body[claim], `the token of ${headers['webhook-id']} says another ${claim} than its body`)
    }
  }
}
