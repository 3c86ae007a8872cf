import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Wake } from '../port.ts'
import { Connection } from './connections.ts'

const channel = 'waggle'
/** A notification holds 8,000 bytes (postgresql.org/docs/current/sql-notify.html); more companies are told as all. */
const companiesMax = 400
/** How often it is looked whether something was missed, in ms: what a process committed right before it died. */
const lookEveryMs = 5_000
/** The same while the server does not tell, in ms. */
const lookOftenMs = 1_000

/** What changes when any process commits something that others follow. */
const looks =
  'SELECT (SELECT sum(last_sequence) FROM company_log) AS logs, ' +
  "(SELECT count(*) || ' ' || sum(revision) FROM webhooks) AS followers"

/**
 * Tells other processes on the database of commits, and hears of theirs.
 *
 * A notification is sent behind its commit and never inside: there it would take a lock of the whole server, and halve
 * the rate of commits. While one is sent, the next ones become one.
 */
export class News {
  readonly #pool: pg.Pool
  readonly #listening: Connection
  readonly #self = randomUUID()
  #hear: (wake: Wake) => void = () => {}
  #untold: { companies: Set<number> | undefined; followers: boolean } | undefined
  #telling = false
  #timer: NodeJS.Timeout | undefined
  #listener: pg.Client | undefined
  #seen: { readonly logs?: unknown; readonly followers?: unknown } = {}
  #closed = false

  constructor(url: string, pool: pg.Pool) {
    this.#pool = pool
    this.#listening = new Connection(url, {
      pipeline: false,
      onMade: (client) => {
        client.on('notification', ({ payload = '' }) => this.#heard(payload))
        return client.query(`LISTEN ${channel}`)
      },
    })
  }

  tell({ companies, followers }: Wake): void {
    const before = this.#untold ?? { companies: new Set<number>(), followers: false }
    if (companies === undefined) before.companies = undefined
    for (const id of companies ?? []) before.companies?.add(id)
    this.#untold = { companies: before.companies, followers: before.followers || followers }
    if (!this.#telling) void this.#tellAll()
  }

  async #tellAll(): Promise<void> {
    this.#telling = true
    while (this.#untold !== undefined && !this.#closed) {
      const { companies, followers } = this.#untold
      this.#untold = undefined
      const ids = companies === undefined || companies.size > companiesMax ? '*' : [...companies].join()
      const text = `${this.#self} ${followers ? 1 : 0} ${ids}`
      // What is not told is found by those who look.
      await this.#pool
        .query({ name: 'waggle_notify', text: 'SELECT pg_notify($1, $2)', values: [channel, text] })
        .catch(() => {})
    }
    this.#telling = false
  }

  /** Calls when another process has committed something; there is one listener. */
  watch(listener: (wake: Wake) => void): () => void {
    this.#hear = listener
    void this.#look()
    return () => {
      this.#hear = () => {}
      clearTimeout(this.#timer)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#listening.close()
  }

  #heard(payload: string): void {
    const [from, followers, ids = ''] = payload.split(' ')
    if (from === this.#self) return
    const companies = ids === '*' ? undefined : new Set(ids === '' ? [] : ids.split(',').map(Number))
    this.#hear({ companies, followers: followers === '1' })
  }

  async #look(): Promise<void> {
    let next = lookEveryMs
    try {
      const listener = await this.#listening.get()
      const isNew = listener !== this.#listener
      this.#listener = listener
      const { rows } = await listener.query(looks)
      const before = this.#seen
      this.#seen = rows[0] ?? {}
      const followers = isNew || this.#seen.followers !== before.followers
      if ((followers || this.#seen.logs !== before.logs) && !this.#closed)
        this.#hear({ companies: undefined, followers })
    } catch {
      next = lookOftenMs
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#look(), next).unref()
  }
}
