import { isUtf8 } from 'node:buffer'
import { ImportRefused } from './refused.ts'

const newline = 0x0a
const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf])
const utf16Mark = Buffer.from([0xff, 0xfe])

/**
 * A file as UTF-8 without its byte order mark, some whole lines at a time; undefined stands for a line that is longer than
 * may be. UTF-16 is read where its mark says so, as spreadsheets write it.
 *
 * @param lineBytesMax more than one piece of the file has
 * @throws ImportRefused it is neither; the lines before the wrong one were told
 */
export async function* wholeLines(
  file: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<Buffer | undefined> {
  const begun = new BegunLine(lineBytesMax)
  let line = 1
  for await (const piece of asUtf8(file)) {
    let from = 0
    if (begun.isBegun) {
      from = piece.indexOf(newline) + 1 || piece.length
      begun.add(piece.subarray(0, from))
      if (piece[from - 1] !== newline) continue
      yield* checked(begun.taken(), line)
      line += 1
    }
    const end = Math.max(from, piece.lastIndexOf(newline) + 1)
    if (end > from) {
      const lines = piece.subarray(from, end)
      yield* checked(lines, line)
      line += countOf(lines)
    }
    if (end < piece.length) begun.add(piece.subarray(end))
  }
  if (begun.isBegun) yield* checked(begun.taken(), line)
}

/** A line of which the end has not come yet. What is too long is not kept. */
class BegunLine {
  readonly #bytesMax: number
  #pieces: Uint8Array[] = []
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get isBegun(): boolean {
    return this.#bytes > 0
  }

  add(piece: Uint8Array): void {
    this.#bytes += piece.length
    if (this.#bytes > this.#bytesMax) this.#pieces = []
    else this.#pieces.push(piece)
  }

  /** @returns undefined when it is too long */
  taken(): Buffer | undefined {
    const line = this.#bytes > this.#bytesMax ? undefined : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#bytes = 0
    return line
  }
}

/** @param first the number of the first of these lines */
function* checked(lines: Buffer | undefined, first: number): Generator<Buffer | undefined> {
  if (lines === undefined || isUtf8(lines)) {
    yield lines
    return
  }
  let line = first
  let from = 0
  for (let end = 0; ; from = end, line += 1) {
    end = lines.indexOf(newline, from) + 1 || lines.length
    if (!isUtf8(lines.subarray(from, end))) break
  }
  if (from > 0) yield lines.subarray(0, from)
  throw new ImportRefused(`The file is not UTF-8 (line ${line}). ${howToSave}`)
}

const howToSave = 'Save it in UTF-8: spreadsheets call that "CSV UTF-8".'

function countOf(lines: Buffer): number {
  let count = 0
  for (let at = lines.indexOf(newline); at >= 0; at = lines.indexOf(newline, at + 1)) count += 1
  return count
}

/** @throws ImportRefused it says that it is UTF-16, and is not */
async function* asUtf8(file: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { seen, all } = await peek(file, ({ length }) => length >= utf8Mark.length)
  if (seen.subarray(0, 2).equals(utf16Mark)) return yield* fromUtf16(all)
  let marked = seen.subarray(0, 3).equals(utf8Mark) ? utf8Mark.length : 0
  for await (const bytes of all) {
    const left = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const piece = left.subarray(marked)
    marked -= left.length - piece.length
    yield piece
  }
}

async function* fromUtf16(file: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-16le', { fatal: true })
  const decoded = (bytes?: Uint8Array): Buffer => {
    try {
      return Buffer.from(decoder.decode(bytes, { stream: bytes !== undefined }))
    } catch {
      throw new ImportRefused(`The file begins like UTF-16 and is not. ${howToSave}`)
    }
  }
  for await (const bytes of file) yield decoded(bytes)
  yield decoded()
}

/** The beginning of a file, until it is enough or ends, and the whole of it. */
export async function peek<Bytes extends Uint8Array>(
  bytes: AsyncIterable<Bytes>,
  isEnough: (seen: Buffer) => boolean,
): Promise<{ seen: Buffer; all: AsyncIterable<Bytes> }> {
  const iterator = bytes[Symbol.asyncIterator]()
  const pieces: Bytes[] = []
  let seen = Buffer.alloc(0)
  while (!isEnough(seen)) {
    const next = await iterator.next()
    if (next.done === true) break
    pieces.push(next.value)
    seen = Buffer.concat([seen, next.value])
  }
  async function* all(): AsyncGenerator<Bytes> {
    try {
      yield* pieces
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { seen, all: all() }
}
