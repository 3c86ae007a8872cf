/** An answer as its connection tells it. */
export interface RawReply {
  readonly status: number
  /** Names in small letters. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

const headEnd = '\r\n\r\n'

/** Reads the answers of a connection, of which many may be under way; bodies are framed by their length. */
export class ReplyParser {
  #held: Buffer = Buffer.alloc(0)

  /** @returns the answers that this chunk completes, in order */
  take(chunk: Buffer): RawReply[] {
    let bytes: Buffer = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const replies: RawReply[] = []
    for (;;) {
      const headBytes = bytes.indexOf(headEnd)
      if (headBytes < 0) break
      const [first = '', ...lines] = bytes.toString('latin1', 0, headBytes).split('\r\n')
      const headers = new Map(lines.map((line): [string, string] => headerOf(line)))
      const from = headBytes + headEnd.length
      const to = from + Number(headers.get('content-length') ?? Number.NaN)
      if (Number.isNaN(to)) throw new Error(`an answer without a length: ${first}`)
      if (bytes.length < to) break
      replies.push({ status: Number(first.split(' ')[1]), headers, body: bytes.toString('utf8', from, to) })
      bytes = bytes.subarray(to)
    }
    this.#held = bytes
    return replies
  }
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}
