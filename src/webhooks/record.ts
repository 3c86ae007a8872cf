import type { Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { DeliveryRow } from './lane.ts'

/** What is written down of an endpoint at once. */
export interface Progress {
  readonly companyId: number
  readonly webhookId: number
  /** As the endpoint stood when it was read: what people changed since is not overwritten. */
  readonly revision: number
  readonly round: number
  /** The process that sends to it. */
  readonly holder: string | null
  /** Every event up to here has its delivery, or is none of this endpoint's. */
  readonly cursor: number
  readonly deliveries: readonly DeliveryRow[]
  readonly health: Pick<Row<'webhooks'>, 'failing_since' | 'last_attempt_at' | 'last_status' | 'last_delivered_at'>
  /** Why the endpoint is to be disabled; undefined when it is not. */
  readonly disable: string | undefined
}

export interface Recorded {
  /** The ids of those deliveries that were new, in their order. */
  readonly ids: readonly number[]
  /** False when the endpoint is there no more, or is another process's: nothing was written. */
  readonly held: boolean
}

/**
 * Writes down outcomes and the cursor, all or none.
 *
 * A cursor that a person has put back stays where it was put, and a state that a person has set stays, too. A process that
 * is not the endpoint's holder any more writes nothing.
 */
export const recordProgress = (progress: Progress): Work<Recorded> => ({
  companyId: progress.companyId,
  keys: { webhook: progress.webhookId },
  ids: { deliveries: progress.deliveries.filter(({ id }) => id === 0).length },
  changesFollowers: progress.disable !== undefined,
  decide: ({ webhook }, at) => {
    if (webhook === undefined || webhook.deleted_at !== null || webhook.holder !== progress.holder) {
      return { reply: { ids: [], held: false }, writes: [] }
    }
    const ids: number[] = []
    const writes: Write[] = []
    for (const row of progress.deliveries) {
      if (row.id !== 0) {
        writes.push(changed(row))
        continue
      }
      const id = at.nextId('deliveries')
      ids.push(id)
      writes.push({ kind: 'insert', table: 'deliveries', row: { ...row, id, created_at: at.now } })
    }
    writes.push(moved(webhook, progress, at.now))
    return { reply: { ids, held: true }, writes }
  },
})

function moved(webhook: Row<'webhooks'>, progress: Progress, now: number): Write {
  const { health, disable } = progress
  const cursor = webhook.round === progress.round ? Math.max(webhook.cursor, progress.cursor) : webhook.cursor
  const untouched = webhook.revision === progress.revision
  const key = { company_id: webhook.company_id, id: webhook.id }
  const set = {
    cursor,
    replay_until: cursor >= webhook.replay_until ? 0 : webhook.replay_until,
    failing_since: untouched ? health.failing_since : webhook.failing_since,
    last_attempt_at: health.last_attempt_at ?? webhook.last_attempt_at,
    last_status: health.last_attempt_at === null ? webhook.last_status : health.last_status,
    last_delivered_at: health.last_delivered_at ?? webhook.last_delivered_at,
  }
  if (disable === undefined || !untouched) return { kind: 'update', table: 'webhooks', key, set }
  const disabled = { state: 'disabled', reason: disable, updated_at: now, revision: webhook.revision + 1 } as const
  return { kind: 'update', table: 'webhooks', key, set: { ...set, ...disabled } }
}

const changed = (row: DeliveryRow): Write => ({
  kind: 'update',
  table: 'deliveries',
  key: { company_id: row.company_id, id: row.id },
  set: {
    round: row.round,
    state: row.state,
    late: row.late,
    replay: row.replay,
    attempts: row.attempts,
    tries: row.tries,
    first_attempt_at: row.first_attempt_at,
    last_attempt_at: row.last_attempt_at,
    next_attempt_at: row.next_attempt_at,
    delivered_at: row.delivered_at,
    status: row.status,
    ms: row.ms,
    answer: row.answer,
    error: row.error,
  },
})
