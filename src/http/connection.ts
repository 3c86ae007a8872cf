import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that are under way at once: begun, not refused, and their answers not yet taken. */
const underWayMax = 8
/** A client that sends so many more without waiting is cut off. */
const heldMax = 512

type Begin = (request: IncomingMessage, raw: ServerResponse) => void

/**
 * A connection on which a client may send requests before it has its answers.
 *
 * Only so many are under way at a time, and one alone while the client does not take what is answered. The others are
 * held back, and nothing more is read. The parser has read up to 64 KiB by then, which is all that can be held.
 */
export class Connection {
  /** The answer to the newest request, begun or not. */
  newest: ServerResponse | undefined
  readonly #socket: Socket
  readonly #begin: Begin
  readonly #held: { readonly request: IncomingMessage; readonly raw: ServerResponse }[] = []
  /** Counted from when a request comes before the answer to the one before has been taken. */
  #underWay = 0

  constructor(socket: Socket, begin: Begin) {
    this.#socket = socket
    this.#begin = begin
    // The parser lets reading go on when a body is read, or an answer was taken.
    socket.on('resume', () => {
      if (this.#held.length > 0) socket.pause()
    })
  }

  /** True when every request that came has been answered, and the answers taken. */
  get isIdle(): boolean {
    return this.newest === undefined || this.newest.writableFinished
  }

  /** Begins a request, at once or when those before it have got on. */
  take(request: IncomingMessage, raw: ServerResponse): void {
    if (this.#socket.destroyed) return // the parser has more of what came before
    const before = this.newest
    this.newest = raw
    if (before === undefined || before.writableFinished) {
      this.#begin(request, raw)
      return
    }
    if (this.#underWay === 0) this.#count(before)
    if (this.#held.length === 0 && this.#hasRoom()) {
      this.#beginBehind(request, raw)
      return
    }
    this.#held.push({ request, raw })
    this.#socket.pause()
    if (this.#held.length <= heldMax) return
    this.#held.length = 0
    this.#socket.destroy()
  }

  #hasRoom(): boolean {
    return this.#underWay === 0 || (this.#underWay < underWayMax && !this.#socket.writableNeedDrain)
  }

  /** What is refused at once does not count: it only waits to be told, and the others behind it must not wait as well. */
  #beginBehind(request: IncomingMessage, raw: ServerResponse): void {
    this.#begin(request, raw)
    if (!raw.writableEnded) this.#count(raw)
  }

  #count(raw: ServerResponse): void {
    this.#underWay += 1
    raw.once('finish', () => {
      this.#underWay -= 1
      if (this.#held.length > 0) this.#goOn()
    })
  }

  #goOn(): void {
    if (this.#socket.destroyed) this.#held.length = 0
    while (this.#hasRoom()) {
      const next = this.#held.shift()
      if (next === undefined) break
      this.#beginBehind(next.request, next.raw)
    }
    if (this.#held.length === 0) this.#socket.resume()
  }
}
