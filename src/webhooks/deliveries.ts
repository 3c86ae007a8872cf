import { type DeliveryState, deliveryStates, recentMax } from '../contract/deliveries.ts'
import { type EventName, eventNames } from '../contract/events.ts'
import { type Reference, referenceFromText } from '../contract/forms.ts'
import { eventsOfLead } from '../events/read.ts'
import { sequenceAt } from '../events/tell.ts'
import { Refusal } from '../kernel/refusal.ts'
import { timeFrom, wireTime, wireTimeOrNull } from '../kernel/time.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { deliveryUuid } from './message.ts'

/** Deliveries that a page looks at, at the most: a filter that lets little through must not read them all. */
const looksMax = 5_000
/** The same for the events of a lead, which are read with all they hold. */
const leadLooksMax = 500

/** How the answer tells times, and what time it is (Unix ms). */
export interface Telling {
  readonly wholeSeconds: boolean
  readonly now: number
}

/** Which deliveries of an endpoint are asked for. Absent filters let all through. */
export interface DeliveryFilter {
  readonly states: readonly DeliveryState[] | undefined
  readonly events: readonly EventName[] | undefined
  readonly lead: Reference | undefined
  /** Unix ms; events from then on. */
  readonly since: number | undefined
  /** Unix ms; events before it. */
  readonly until: number | undefined
  /** Events with a smaller number only. */
  readonly before: number
}

/**
 * Reads the filters of a query whose form was checked.
 *
 * @throws Refusal `invalid_query` with every fault
 */
export function readFilter(query: Readonly<Record<string, string | undefined>>): DeliveryFilter {
  const faults: { path: string; message: string; hint: string }[] = []
  const read = <T>(name: string, hint: string, meaning: (text: string) => T | undefined): T | undefined => {
    const text = query[name]
    if (text === undefined) return undefined
    const value = meaning(text)
    if (value === undefined) faults.push({ path: `/${name}`, message: `Invalid ${name}`, hint })
    return value
  }
  const someOf =
    <T extends string>(names: readonly T[]) =>
    (text: string): readonly T[] | undefined => {
      const chosen = text.split(',').map((one) => names.find((name) => name === one))
      return chosen.every((one) => one !== undefined) ? chosen : undefined
    }
  const time = 'an ISO 8601 time with Z or an offset'
  const filter = {
    states: read('state', `a comma list of ${deliveryStates.join(', ')}`, someOf(deliveryStates)),
    events: read('event', `a comma list of ${eventNames.join(', ')}`, someOf(eventNames)),
    lead: read('lead', "a lead's number or uuid", referenceFromText),
    since: read('since', time, timeFrom),
    until: read('until', time, timeFrom),
    before: Number(query['cursor'] ?? Number.MAX_SAFE_INTEGER),
  }
  if (faults.length > 0) throw new Refusal('invalid_query', { faults })
  return filter
}

type Webhook = Pick<Row<'webhooks'>, 'company_id' | 'id' | 'uuid'>

/** A part of the log: the first event that counts, and the first that does no more. */
interface Span {
  readonly from: number
  readonly before: number
}

/** Deliveries that were looked at, newest first; `next` is where to look on, undefined at the end. */
interface Looked {
  readonly rows: readonly Pick<Row<'deliveries'>, 'sequence' | 'state' | 'event_name'>[]
  readonly next: number | undefined
}

/**
 * A page of an endpoint's deliveries, newest event first; `next` is the cursor of the page after it.
 *
 * A page looks at a bounded number of rows. When the filters let few of them through, it is short, or empty, and the
 * next one goes on behind what was looked at.
 */
export async function listDeliveries(
  database: Database,
  webhook: Webhook,
  { filter, pageSize, telling }: { filter: DeliveryFilter; pageSize: number; telling: Telling },
) {
  const { states, events } = filter
  const span = await spanOf(database, webhook.company_id, filter)
  const filtered = states !== undefined || events !== undefined
  const looked =
    filter.lead === undefined
      ? await lookAtAll(database, webhook, span, filtered ? looksMax : pageSize + 1)
      : await lookAtLead(database, webhook, span, filter.lead)
  const found = looked.rows.filter(
    ({ state, event_name }) => (states?.includes(state) ?? true) && (events?.includes(event_name) ?? true),
  )
  const shown = found.slice(0, pageSize).map(({ sequence }) => sequence)
  const next = found.length > pageSize ? shown.at(-1) : looked.next
  return { rows: await views(database, webhook, shown, telling), next }
}

async function spanOf(database: Database, companyId: number, { since, until, before }: DeliveryFilter): Promise<Span> {
  const from = since === undefined ? 1 : await sequenceAt(database, companyId, since)
  const end = until === undefined ? before : await sequenceAt(database, companyId, until)
  return { from, before: Math.min(before, end) }
}

async function lookAtAll(database: Database, webhook: Webhook, span: Span, limit: number): Promise<Looked> {
  const rows = await database.find<Looked['rows'][number]>((db) =>
    db
      .selectFrom('deliveries')
      .select(['sequence', 'state', 'event_name'])
      .where('company_id', '=', webhook.company_id)
      .where('webhook_id', '=', webhook.id)
      .where('sequence', '>=', span.from)
      .where('sequence', '<', span.before)
      .orderBy('sequence', 'desc')
      .limit(limit),
  )
  return { rows, next: rows.length < limit ? undefined : rows.at(-1)?.sequence }
}

async function lookAtLead(database: Database, webhook: Webhook, span: Span, reference: Reference): Promise<Looked> {
  const companyId = webhook.company_id
  const key = typeof reference === 'string' ? { uuid: reference } : { id: reference }
  const lead = await database.read('leads', { company_id: companyId, ...key })
  if (lead === undefined) return { rows: [], next: undefined }
  const walk = { companyId, from: lead.last_sequence, before: span.before, limit: leadLooksMax }
  const walked = (await eventsOfLead(database, walk)).map(({ sequence }) => sequence)
  const sequences = walked.filter((sequence) => sequence >= span.from)
  const whole = walked.length < leadLooksMax || sequences.length < walked.length
  if (sequences.length === 0) return { rows: [], next: undefined }
  const rows = await database.find<Looked['rows'][number]>((db) =>
    db
      .selectFrom('deliveries')
      .select(['sequence', 'state', 'event_name'])
      .where('company_id', '=', companyId)
      .where('webhook_id', '=', webhook.id)
      .where('sequence', 'in', sequences)
      .orderBy('sequence', 'desc'),
  )
  return { rows, next: whole ? undefined : sequences.at(-1) }
}

interface DeliveryRow extends Row<'deliveries'> {
  /** The event's. */
  readonly at: number
}

/** The deliveries of these events, newest first. */
async function views(database: Database, webhook: Webhook, sequences: readonly number[], telling: Telling) {
  if (sequences.length === 0) return []
  const rows = await database.find<DeliveryRow>((db) =>
    db
      .selectFrom('deliveries')
      .innerJoin('events', (join) =>
        join
          .onRef('events.company_id', '=', 'deliveries.company_id')
          .onRef('events.sequence', '=', 'deliveries.sequence'),
      )
      .selectAll('deliveries')
      .select('events.at')
      .where('deliveries.company_id', '=', webhook.company_id)
      .where('deliveries.webhook_id', '=', webhook.id)
      .where('deliveries.sequence', 'in', sequences)
      .orderBy('deliveries.sequence', 'desc'),
  )
  return rows.map((row) => deliveryView(row, webhook, telling))
}

/** One delivery as it is answered; undefined when its row was removed meanwhile. */
export const deliveryOf = async (database: Database, webhook: Webhook, sequence: number, telling: Telling) =>
  (await views(database, webhook, [sequence], telling))[0]

function deliveryView(row: DeliveryRow, webhook: Webhook, { wholeSeconds }: Telling) {
  const time = (unixMs: number | null): string | null => wireTimeOrNull(unixMs, wholeSeconds)
  return {
    id: row.id,
    uuid: deliveryUuid(webhook.uuid, row.sequence, row.at),
    webhook_id: row.webhook_id,
    sequence: row.sequence,
    event: row.event_name,
    lead_id: row.lead_id,
    state: row.state,
    late: row.late,
    replay: row.replay,
    attempts: row.attempts,
    created_at: wireTime(row.created_at, wholeSeconds),
    last_attempt_at: time(row.last_attempt_at),
    next_attempt_at: time(row.next_attempt_at),
    delivered_at: time(row.delivered_at),
    status: row.status,
    ms: row.ms,
    answer: row.answer,
    error: row.error,
  }
}

interface RecentRow
  extends Pick<Row<'deliveries'>, 'webhook_id' | 'id' | 'sequence' | 'state' | 'status' | 'ms' | 'last_attempt_at'> {}

/**
 * The newest deliveries of each of some endpoints, newest first, in one look: each endpoint's are a stretch of an index.
 *
 * @param webhookIds all of one company; as many as it may have
 */
export async function recentDeliveries(
  database: Database,
  companyId: number,
  webhookIds: readonly number[],
  { wholeSeconds }: Telling,
) {
  const rows = await database.find<RecentRow>((db) => {
    const newest = (webhookId: number) =>
      db
        .selectFrom((eb) =>
          eb
            .selectFrom('deliveries')
            .select(['webhook_id', 'id', 'sequence', 'state', 'status', 'ms', 'last_attempt_at'])
            .where('company_id', '=', companyId)
            .where('webhook_id', '=', webhookId)
            .orderBy('sequence', 'desc')
            .limit(recentMax)
            .as('newest'),
        )
        .selectAll()
    return webhookIds.slice(1).reduce((all, id) => all.unionAll(newest(id)), newest(webhookIds[0] ?? 0))
  })
  const told = Map.groupBy(
    rows.toSorted((left, right) => right.sequence - left.sequence),
    ({ webhook_id }) => webhook_id,
  )
  return (webhookId: number) =>
    (told.get(webhookId) ?? []).map(({ id, sequence, state, status, ms, last_attempt_at }) => ({
      id,
      sequence,
      state,
      status,
      ms,
      at: wireTimeOrNull(last_attempt_at, wholeSeconds),
    }))
}
