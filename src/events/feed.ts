import type { Timers } from '../kernel/clock.ts'
import { unavailable } from '../kernel/refusal.ts'
import type { Database, Wake } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { readLog, type ToldEvent } from './tell.ts'

/** How many requests may be held at the same time. */
export interface HeldMax {
  readonly company: number
  readonly all: number
}

const heldMaxDefault: HeldMax = { company: 100, all: 1000 }
const pageMax = 100
const blockLength = 65_536
/** When a client that lost its stream comes back, in ms. */
export const retryMs = 2_000
/** A stream on which nothing happens gives a sign of life so often, in ms. */
export const keepAliveMs = 15_000
/** A client that takes nothing for so long is cut. */
const unreadMsMax = 60_000

type Company = Pick<Row<'companies'>, 'id' | 'uuid'>

/** An event of the feed: its element as JSON. */
export interface Entry {
  readonly sequence: number
  readonly name: string
  readonly json: string
}

/** What a held request hears: the log may have grown, its alarm, or that it ends. */
type Sign = 'news' | 'time' | 'over'

/** A request that is held, from when it took its place. */
export class Held {
  readonly #timers: Timers
  readonly #leave: () => void
  readonly #signs = new Set<Sign>()
  #resume = (): void => {}
  #stopAlarm = (): void => {}

  /** @param leave called once, when it is over */
  constructor(timers: Timers, leave: () => void) {
    this.#timers = timers
    this.#leave = leave
  }

  get isOver(): boolean {
    return this.#signs.has('over')
  }

  give(sign: Sign): void {
    this.#signs.add(sign)
    this.#resume()
  }

  /** Gives the sign `time` after so many ms; a new alarm takes the place of the old. */
  alarm(ms: number): void {
    this.#stopAlarm()
    if (!this.isOver) this.#stopAlarm = this.#timers.after(ms, () => this.give('time'))
  }

  /** Forgets the news until now, as the log is about to be read. */
  forgetNews(): void {
    this.#signs.delete('news')
  }

  /** Waits for a sign, and takes it; `over` stays. */
  async next(): Promise<Sign> {
    while (this.#signs.size === 0) {
      await new Promise<void>((resume) => {
        this.#resume = resume
      })
    }
    if (this.isOver) return 'over'
    if (this.#signs.delete('news')) return 'news'
    this.#signs.delete('time')
    return 'time'
  }

  /** Gives the place back; twice is once. */
  end(): void {
    if (this.isOver) return
    this.#stopAlarm()
    this.give('over')
    this.#leave()
  }
}

/** Reads logs, and holds requests until there is something to read. */
export class Feed {
  readonly #database: Database
  readonly #timers: Timers
  readonly #max: HeldMax
  readonly #held = new Map<number, Set<Held>>()
  readonly #reads = new Map<string, Promise<readonly Entry[]>>()
  readonly #stopListening: () => void
  #count = 0
  #wakes = 0
  #closed = false

  constructor(database: Database, timers: Timers, max: HeldMax = heldMaxDefault) {
    this.#database = database
    this.#timers = timers
    this.#max = max
    this.#stopListening = database.onWake((wake) => this.#wake(wake))
  }

  /**
   * A place for a request of the company; it is over at once when the server closes.
   *
   * Take it before reading the log: then no event is missed between the read and the wait.
   *
   * @throws Refusal `unavailable` when all places are taken
   */
  hold(companyId: number): Held {
    const ofCompany = this.#held.get(companyId) ?? new Set()
    if (ofCompany.size >= this.#max.company || this.#count >= this.#max.all) {
      throw unavailable()
    }
    const held: Held = new Held(this.#timers, () => {
      this.#count -= 1
      ofCompany.delete(held)
      if (ofCompany.size === 0) this.#held.delete(companyId)
    })
    this.#count += 1
    this.#held.set(companyId, ofCompany.add(held))
    if (this.#closed) held.end()
    return held
  }

  /** The events behind a number, in order. Those who ask the same at the same time share one read. */
  read(company: Company, page: { after: number; limit: number }): Promise<readonly Entry[]> {
    // Whoever joins a read has heard every wake since it began, or hears it still.
    const name = [company.id, this.#wakes, page.after, page.limit].join()
    const running = this.#reads.get(name)
    if (running !== undefined) return running
    const read = readLog(this.#database, company, page)
      .then((events) => events.map(entryOf))
      .finally(() => this.#reads.delete(name))
    this.#reads.set(name, read)
    return read
  }

  /**
   * The events behind a number as server-sent events, live, until the request is over or may not read any more.
   *
   * @param mayRead asked before each page, behind its read, and before each sign of life
   * @param cut ends the connection; called when a text is not taken in time
   */
  async *follow(
    held: Held,
    {
      company,
      after,
      mayRead,
      cut,
    }: { company: Company; after: number; mayRead: () => Promise<boolean>; cut: () => void },
  ): AsyncGenerator<string, void> {
    yield* cutUnread(this.#texts(held, company, after, mayRead), this.#timers, cut)
  }

  async *#texts(
    held: Held,
    company: Company,
    after: number,
    mayRead: () => Promise<boolean>,
  ): AsyncGenerator<string, void> {
    yield `retry: ${retryMs}\n\n`
    held.alarm(keepAliveMs)
    let sequence = after
    let sign: Sign = 'news'
    while (!held.isOver && (await mayRead())) {
      if (sign === 'time') {
        yield ': keep-alive\n\n'
        held.alarm(keepAliveMs)
      }
      held.forgetNews()
      const entries = await this.read(company, { after: sequence, limit: pageMax })
      if (entries.length > 0 && !(await mayRead())) return // the read may have taken a while
      for (const block of blocksOf(entries)) {
        if (held.isOver) return
        yield block
        held.alarm(keepAliveMs)
      }
      sequence = entries.at(-1)?.sequence ?? sequence
      sign = entries.length === pageMax ? 'news' : await held.next()
    }
  }

  /** Ends all that is held, and holds nothing from now on. */
  close(): void {
    this.#closed = true
    this.#stopListening()
    for (const ofCompany of [...this.#held.values()]) for (const held of [...ofCompany]) held.end()
  }

  #wake({ companies }: Wake): void {
    this.#wakes += 1
    for (const companyId of companies ?? this.#held.keys()) {
      for (const held of this.#held.get(companyId) ?? []) held.give('news')
    }
  }
}

/** @param cut ends the connection; called when a text is not taken in time */
export async function* cutUnread(
  texts: AsyncIterable<string>,
  timers: Timers,
  cut: () => void,
): AsyncGenerator<string, void> {
  for await (const text of texts) {
    const stop = timers.after(unreadMsMax, cut)
    try {
      yield text
    } finally {
      stop()
    }
  }
}

function entryOf({ sequence, at, name, body }: ToldEvent): Entry {
  const element = body === undefined ? { sequence, at, event_id: name, erased: true } : { sequence, at, ...body }
  return { sequence, name, json: JSON.stringify(element) }
}

/** Server-sent events, several in one text, but no more than fill a block. */
function* blocksOf(entries: readonly Entry[]): Generator<string, void> {
  let block = ''
  for (const { sequence, name, json } of entries) {
    block += `id: ${sequence}\nevent: ${name}\ndata: ${json}\n\n`
    if (block.length < blockLength) continue
    yield block
    block = ''
  }
  if (block !== '') yield block
}
