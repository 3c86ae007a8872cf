const headEnd = '\r\n\r\n'
const lengthForm = /\r\ncontent-length: *(\d+)/i

/** Reads the answers of one connection on which nothing is pipelined; bodies are framed by their length. */
export class ReplyReader {
  #held: Buffer | undefined

  /** The status of the answer that this chunk completes; undefined while it is not complete. */
  take(chunk: Buffer): number | undefined {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = bytes
    const headBytes = bytes.indexOf(headEnd)
    if (headBytes < 0) return undefined
    const head = bytes.toString('latin1', 0, headBytes)
    const bodyBytes = Number(lengthForm.exec(head)?.[1])
    if (Number.isNaN(bodyBytes)) throw new Error(`an answer without a length: ${head}`)
    const missing = headBytes + headEnd.length + bodyBytes - bytes.length
    if (missing > 0) return undefined
    if (missing < 0) throw new Error('more than one answer to a request')
    this.#held = undefined
    return Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
  }
}
