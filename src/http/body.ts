import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
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
 * Reads a JSON body.
 *
 * @param bytesMax counted after decompression
 * @returns the value undefined when there is no body
 * @throws Refusal `body_too_large`, `invalid_json`, or `invalid_request` when the client went away
 */
export async function readBody(stream: Readable, headers: IncomingHttpHeaders, bytesMax: number): Promise<ReadBody> {
  const zipped = headers['content-encoding']?.trim().toLowerCase() === 'gzip' && hasBody(headers)
  const raw = await collect(zipped ? unzipped(stream) : stream, bytesMax, zipped)
  if (raw.length === 0) return { raw: nothing, value: undefined }
  if (!isUtf8(raw)) throw new Refusal('invalid_json')
  const text = raw.toString('utf8')
  try {
    return { raw, value: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) }
  } catch {
    throw new Refusal('invalid_json')
  }
}

function unzipped(stream: Readable): Readable {
  const gunzip = createGunzip()
  stream.on('error', (error) => gunzip.destroy(error))
  stream.pipe(gunzip)
  return gunzip
}

/** All bytes of a stream, which is left to run dry when there are too many. */
function collect(stream: Readable, bytesMax: number, zipped: boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let ended = false
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bytesMax) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      if (zipped) stream.destroy()
      reject(new Refusal('body_too_large'))
    })
    stream.on('end', () => {
      ended = true
      const [only] = chunks
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks))
    })
    stream.on('error', (cause) => reject(new Refusal(zipped ? 'invalid_json' : 'invalid_request', { cause })))
    stream.on('close', () => {
      if (!ended) reject(new Refusal(zipped ? 'invalid_json' : 'invalid_request'))
    })
  })
}
