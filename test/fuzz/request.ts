import { gzipSync } from 'node:zlib'
import type { Draw } from '../../bench/workspace.ts'
import type { Operation } from '../../src/contract/operation.ts'
import type { Answer } from './connection.ts'
import type { Lead, Model } from './model.ts'
import type { Pools, Schema } from './schema.ts'
import type { World } from './world.ts'

/** A request to be, in its parts: a rule is broken by changing one of them. */
export interface Draft {
  readonly operation: Operation
  method: string
  /** Of the operation's spellings; undefined when the document knows no such route. */
  template: string | undefined
  /** What is asked, percent-encoded, without the query. */
  path: string
  query: Record<string, string>
  /** Names in lower case. */
  headers: Record<string, string>
  /** Sent as JSON; undefined is no body. */
  body: unknown
  /** Sent in the body's place. */
  bytes: Uint8Array | undefined
  zipped: boolean
  /** The lead it is about. */
  lead: Lead | undefined
}

/** What an answer must be like; `judge` throws a Disagreement, and the model takes over what was done. */
interface Right {
  readonly status: number
  readonly judge: (answer: Answer, body: unknown) => void
}

/** How a request with one rule broken is refused. */
export interface Refused {
  readonly status: number
  /** The text, or what it begins with when it ends in an ellipsis; undefined when it is not foreseen. */
  readonly error?: string
  /** The place in the body that is told, or one around it. */
  readonly place?: string
  /** The document knows no such route. */
  readonly unknown?: boolean
  /** The connection does not survive. */
  readonly ends?: boolean
}

/** A served operation, with its schemas as data. */
export interface Served {
  readonly operation: Operation
  readonly body: Schema | undefined
  readonly query: Schema | undefined
}

/** What a request is thought up from. */
export interface Scene {
  readonly model: Model
  readonly neighbour: World
  readonly pools: Pools
  readonly draw: Draw
  readonly served: ReadonlyMap<string, Served>
}

export interface Plan {
  readonly draft: Draft
  readonly right: Right
  /** It carries a key of idempotency that was used before: other rules do not count then. */
  readonly repeats?: boolean
}

/** The path of an operation's spelling with its parameters in their places. */
export const pathOf = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '1')

export const bearer = (key: string): string => `Bearer ${key}`

const textOf = ({ body }: Draft): string | undefined => (body === undefined ? undefined : JSON.stringify(body))

/** The bytes of the body before they are zipped; empty when there is none. */
export const bodyOf = (draft: Draft): Uint8Array => draft.bytes ?? Buffer.from(textOf(draft) ?? '')

const urlOf = ({ path, query }: Draft): string => {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

/** The request as it goes over the wire. */
export function encoded(draft: Draft): Uint8Array {
  const plain = bodyOf(draft)
  const body = draft.zipped ? gzipSync(plain, { level: 1 }) : plain
  const headers: Record<string, string> = { host: 'waggle.example', ...draft.headers }
  if (draft.zipped) headers['content-encoding'] = 'gzip'
  if (body.length > 0) headers['content-length'] ??= String(body.length)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`${draft.method} ${urlOf(draft)} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
  return body.length === 0 ? head : Buffer.concat([head, body])
}

/** A request for people, to be read and sent again. */
export function told(draft: Draft): string {
  const headers = Object.entries(draft.headers).map(([name, value]) => ` -H '${name}: ${value.slice(0, 200)}'`)
  const body = Buffer.from(bodyOf(draft)).toString().slice(0, 2_000)
  const zipped = draft.zipped ? ' (gzip)' : ''
  return `${draft.method} ${urlOf(draft).slice(0, 500)}${headers.join('')}${body === '' ? '' : ` -d '${body}'${zipped}`}`
}
