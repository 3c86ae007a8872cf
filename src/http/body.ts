import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Refusal } from '../kernel/refusal.ts'

/** A body that was read: its bytes as they were sent (decompressed), and its value. */
export interface ReadBody {
  readonly raw: Uint8Array
  readonly value: unknown
}

const jsonType = /^(?:application\/json|[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+\+json)$/
const nothing = new Uint8Array()

/** True when the request carries a body, be it empty chunks. */
const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/**
 * What can be said of a body before it is read.
 *
 * @throws Refusal `unsupported_media_type` for another type or coding, or a body without a type;
 *   `body_too_large` when its length says so
 * @see docs/behaviour.md §3 The body
 */
export function checkBodyHeaders(headers: IncomingHttpHeaders, bytesMax: number): void {
  const type = headers['content-type']
  if (type === undefined ? hasBody(headers) : !isJson(type)) throw new Refusal('unsupported_media_type')
  const coding = headers['content-encoding']?.trim().toLowerCase()
  if (coding !== undefined && coding !== 'gzip' && coding !== 'identity' && coding !== '') {
    throw new Refusal('unsupported_media_type')
  }
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw new Refusal('body_too_large')
}

/** Any JSON media type; a charset must be UTF-8. */
function isJson(header: string): boolean {
  if (header === 'application/json') return true
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase())
  return (
    jsonType.test(type) &&
    parameters.every((one) => !/^charset\s*=/.test(one) || /^charset\s*=\s*"?utf-?8"?$/.test(one))
  )
}

/**
 * Reads a JSON body; the value is undefined when there is none.
 *
 * @param bytesMax counted after decompression
 * @param taken called with the body, or `refused` with `body_too_large`, `invalid_json`, or `invalid_request` when the
 *   client went away; one of them, once
 */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
  taken: (body: ReadBody) => void,
  refused: (refusal: Refusal) => void,
): void {
  const zipped = request.headers['content-encoding']?.trim().toLowerCase() === 'gzip' && hasBody(request.headers)
  const whole = (raw: Buffer): void => {
    const body = parsed(raw)
    if (body === undefined) refused(new Refusal('invalid_json'))
    else taken(body)
  }
  if (zipped) collect(unzipped(request), { bytesMax, failure: 'invalid_json', whole, refused })
  else collect(request, { bytesMax, failure: 'invalid_request', whole, refused })
}

function parsed(raw: Buffer): ReadBody | undefined {
  if (raw.length === 0) return { raw: nothing, value: undefined }
  if (!isUtf8(raw)) return undefined
  const text = raw.toString('utf8')
  try {
    return { raw, value: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) }
  } catch {
    return undefined
  }
}

function unzipped(stream: Readable): Readable {
  const gunzip = createGunzip()
  stream.on('error', (error) => gunzip.destroy(error))
  stream.pipe(gunzip)
  gunzip.on('close', () => stream.resume()) // what is left of a body that was refused runs dry
  return gunzip
}

interface Collecting {
  readonly bytesMax: number
  /** What a stream that breaks is refused with. */
  readonly failure: 'invalid_json' | 'invalid_request'
  readonly whole: (raw: Buffer) => void
  readonly refused: (refusal: Refusal) => void
}

/** All bytes of a stream. One that has too many is left to run dry; what is decompressed is cut off. */
function collect(stream: Readable, { bytesMax, failure, whole, refused }: Collecting): void {
  let chunks: Buffer[] = []
  let bytes = 0
  let isOver = false
  const fail = (name: 'body_too_large' | Collecting['failure'], cause?: unknown): void => {
    if (isOver) return
    isOver = true
    chunks = []
    refused(new Refusal(name, { cause }))
  }
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (isOver) return
    if (bytes <= bytesMax) {
      chunks.push(chunk)
      return
    }
    if (failure === 'invalid_json') stream.destroy()
    fail('body_too_large')
  })
  stream.on('end', () => {
    if (isOver) return
    isOver = true
    const [only] = chunks
    whole(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks))
  })
  stream.on('error', (cause) => fail(failure, cause))
  stream.on('close', () => fail(failure))
}
