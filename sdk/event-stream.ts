/** A message of a stream of server-sent events. */
export interface ServerSentEvent {
  /** The last id that the stream has told. */
  readonly id: string
  readonly event: string
  readonly data: string
}

/** Characters of a message that is not whole yet. */
const lengthMax = 64 * 1024 * 1024

/**
 * Reads a stream of server-sent events as its pieces come.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStreamReader {
  /** What `retry` has asked for: milliseconds before a new connection. */
  retryMs: number | undefined
  #rest = ''
  #id = ''
  #event = ''
  #data: string[] = []
  #length = 0

  /**
   * @returns the messages that the piece made whole
   * @throws RangeError a message is longer than any that the server sends
   */
  read(piece: string): ServerSentEvent[] {
    const messages: ServerSentEvent[] = []
    this.#length += piece.length
    // A \r at the end may be half of a line's end: it waits for what follows.
    const text = this.#rest + piece
    const isSplit = text.endsWith('\r')
    const lines = (isSplit ? text.slice(0, -1) : text).split(/\r\n|\n|\r/)
    this.#rest = (lines.pop() ?? '') + (isSplit ? '\r' : '')
    for (const line of lines) {
      const message = this.#line(line)
      if (message !== undefined) messages.push(message)
    }
    if (messages.length > 0) this.#length = this.#rest.length
    if (this.#length > lengthMax) throw new RangeError('A message of the stream is too long')
    return messages
  }

  #line(line: string): ServerSentEvent | undefined {
    if (line === '') return this.#end()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value)
    else if (field === '') this.#length = 0 // a sign of life
    return undefined
  }

  #end(): ServerSentEvent | undefined {
    const { length } = this.#data
    const message = { id: this.#id, event: this.#event, data: this.#data.join('\n') }
    this.#data = []
    this.#event = ''
    return length === 0 ? undefined : message
  }
}
