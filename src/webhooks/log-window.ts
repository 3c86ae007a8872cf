import type { EventName } from '../contract/events.ts'
import { readLog, type ToldEvent } from '../events/tell.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

/** An event as it is kept for sending: its body is text already. */
export interface LoggedEvent {
  readonly sequence: number
  readonly leadId: number
  readonly name: EventName
  /** Unix ms. */
  readonly at: number
  readonly members: readonly string[]
  readonly userUuid: string
  /** JSON of the body, without what the integration adds; undefined once retention has emptied the event. */
  readonly text: string | undefined
}

/** Events that are kept for endpoints which read the same part of the log. */
const keptMax = 512
/** Events that are read at once. */
const pageMax = 128

/** The newest part of a company's log, read once for all of its endpoints. */
export class LogWindow {
  readonly #database: Database
  readonly #company: Pick<Row<'companies'>, 'id' | 'uuid'>
  /** Without gaps. */
  #events: LoggedEvent[] = []
  #reading: { readonly after: number; readonly page: Promise<LoggedEvent[]> } | undefined
  /** How often all of it was forgotten: what was asked for before is not kept. */
  #forgotten = 0

  constructor(database: Database, company: Pick<Row<'companies'>, 'id' | 'uuid'>) {
    this.#database = database
    this.#company = company
  }

  /** The next events behind a number, in order; empty at the end of the log. */
  async next(after: number): Promise<readonly LoggedEvent[]> {
    const first = this.#events[0]?.sequence
    const last = this.#events.at(-1)?.sequence
    if (first !== undefined && last !== undefined && after + 1 >= first && after < last) {
      const from = after + 1 - first
      return this.#events.slice(from, from + pageMax)
    }
    const begun = this.#reading
    if (begun?.after === after) {
      const events = await begun.page
      // One that found nothing may be older than what its latecomer was woken by.
      if (events.length > 0) return events
      if (this.#reading !== begun && this.#reading?.after === after) return this.#reading.page
    }
    const forgotten = this.#forgotten
    const page = this.#read(after, pageMax)
    const reading = { after, page }
    this.#reading = reading
    try {
      const events = await page
      if (this.#forgotten === forgotten && (last === undefined || after >= last)) this.#keep(events)
      return events
    } finally {
      if (this.#reading === reading) this.#reading = undefined
    }
  }

  /** Keeps nothing that was read until now: an event may have been emptied, or a user erased. */
  forget(): void {
    this.#events = []
    this.#reading = undefined
    this.#forgotten += 1
  }

  /** One event, wherever it stands. */
  async one(sequence: number): Promise<LoggedEvent | undefined> {
    const first = this.#events[0]?.sequence
    const kept = first === undefined ? undefined : this.#events[sequence - first]
    return kept ?? (await this.#read(sequence - 1, 1)).find((event) => event.sequence === sequence)
  }

  #keep(events: readonly LoggedEvent[]): void {
    const last = this.#events.at(-1)?.sequence
    const begin = events[0]?.sequence
    if (begin === undefined) return
    this.#events = last !== undefined && last + 1 === begin ? [...this.#events, ...events] : [...events]
    if (this.#events.length > keptMax) this.#events = this.#events.slice(-keptMax)
  }

  async #read(after: number, limit: number): Promise<LoggedEvent[]> {
    return (await readLog(this.#database, this.#company, { after, limit })).map(logged)
  }
}

const logged = ({ body, ...event }: ToldEvent): LoggedEvent => ({
  ...event,
  text: body === undefined ? undefined : JSON.stringify(body),
})
