import type { Timers } from '../kernel/clock.ts'
import type { Database } from '../storage/port.ts'
import { type Held, keepAliveMs, retryMs } from './feed.ts'
import { lastSequenceOf } from './tell.ts'

/** Changes are gathered for so long before they are told, in ms. */
const gatherMs = 250
/** Leads that one notice names; of more it only says that there are more. */
const leadsMax = 500

/** Which leads changed between two places of a company's log. */
interface Notice {
  readonly after: number
  readonly sequence: number
  readonly json: string
}

interface Watched {
  streams: number
  /** All streams have been told up to here. */
  told: number
  gathering: Promise<Notice> | undefined
}

/**
 * Tells screens which leads have changed: gathered, and made once for all that watch a company, so that many of them
 * cost the writers nothing.
 */
export class LeadChanges {
  readonly #database: Database
  readonly #timers: Timers
  readonly #watched = new Map<number, Watched>()

  constructor(database: Database, timers: Timers) {
    this.#database = database
    this.#timers = timers
  }

  /**
   * Server-sent events, without an end: `{"sequence", "leads": [{"id", "user_uuid"}], "more"}`, each a notice.
   *
   * @param held its place among the requests that wait; over when the client has gone or the server closes
   * @param mayRead asked before each notice
   */
  async *follow(held: Held, companyId: number, mayRead: () => Promise<boolean>): AsyncGenerator<string, void> {
    let sequence = await lastSequenceOf(this.#database, companyId)
    const watched = this.#watched.get(companyId) ?? { streams: 0, told: sequence, gathering: undefined }
    this.#watched.set(companyId, watched)
    watched.streams += 1
    try {
      yield `retry: ${retryMs}\n\n${written({ after: sequence, sequence, json: noticeOf(sequence, [], false) })}`
      held.alarm(keepAliveMs)
      for (;;) {
        const sign = await held.next()
        if (sign === 'over' || !(await mayRead())) return
        held.alarm(keepAliveMs)
        if (sign === 'time') {
          yield ': keep-alive\n\n'
          continue
        }
        const notice = await this.#gather(companyId, watched)
        if (held.isOver) return
        if (notice.sequence <= sequence) continue
        // A client that took long to read has missed notices: it is told to look at everything.
        const missed = notice.after > sequence
        sequence = notice.sequence
        yield written(missed ? { ...notice, json: noticeOf(sequence, [], true) } : notice)
      }
    } finally {
      watched.streams -= 1
      if (watched.streams === 0) this.#watched.delete(companyId)
    }
  }

  #gather(companyId: number, watched: Watched): Promise<Notice> {
    watched.gathering ??= this.#notice(companyId, watched)
    return watched.gathering
  }

  async #notice(companyId: number, watched: Watched): Promise<Notice> {
    try {
      await new Promise<void>((over) => this.#timers.after(gatherMs, over))
    } finally {
      watched.gathering = undefined // what is committed from now on belongs to the next
    }
    const after = watched.told
    const rows = await this.#database.find((db) =>
      db
        .selectFrom('events')
        .select(['sequence', 'lead_id', 'user_uuid'])
        .where('company_id', '=', companyId)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(leadsMax + 1),
    )
    const more = rows.length > leadsMax
    const sequence = more ? await lastSequenceOf(this.#database, companyId) : (rows.at(-1)?.sequence ?? after)
    watched.told = Math.max(watched.told, sequence)
    const leads = new Map(rows.map(({ lead_id, user_uuid }) => [lead_id, user_uuid]))
    return { after, sequence, json: noticeOf(sequence, more ? [] : [...leads], more) }
  }
}

const noticeOf = (sequence: number, leads: readonly (readonly [number, string | null])[], more: boolean): string =>
  JSON.stringify({ sequence, leads: leads.map(([id, user_uuid]) => ({ id, user_uuid })), more })

const written = ({ sequence, json }: Notice): string => `id: ${sequence}\nevent: changed\ndata: ${json}\n\n`
