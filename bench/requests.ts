import { statuses } from '../src/contract/lead-members.ts'
import {
  companyName,
  type Draw,
  firstLeadId,
  firstStatus,
  key,
  numberFieldId,
  optionIds,
  phoneNumber,
  selectFieldId,
  some,
  statusAt,
  tagIds,
  userIds,
} from './workspace.ts'

/**
 * `patch` sends every member of the example in contract/leads.ts, `status` that one, `get` reads the lead. `reads` asks
 * in turn for a page of the list's deeper half and for a long history. `batch` sends many of `patch` in one request.
 */
export type Kind = 'patch' | 'status' | 'get' | 'reads' | 'batch'

/** Changes in one request of a kind. */
export const changesIn = (kind: Kind): number => (kind === 'batch' ? batchSize : 1)
const batchSize = 500
/** Batches with different values that each connection has ready. */
const batchesOfConnection = 4

/** Leads, from the first on, whose histories `reads` asks for. */
export const historyLeads = 20
const pageSize = 50

/** How a server takes the change of a lead. */
export interface Target {
  readonly method: 'GET' | 'PATCH' | 'PUT'
  /** The path up to the seven digits of the lead's id, and what follows them. */
  readonly before: string
  readonly after: string
  /** Sent as a bearer token. */
  readonly token: string
  /** The member of the body that holds the lead's; the body itself when absent. */
  readonly within?: string
}

const waggle: Target = { method: 'PATCH', before: '/api/v1/leads/', after: '', token: key }

/** A request whose bytes are ready but for the digits of its lead. */
interface Prepared {
  readonly bytes: Buffer
  readonly idAt: number
  /** The place of the status it sets; undefined when it sets none. */
  readonly status: number | undefined
}

/** Bodies with different values that each connection has ready; one is sent again long after its answer came. */
const bodiesOfConnection = 256

/** The status of each lead as last sent, so that a request of a status alone always changes something. */
export type KnownStatuses = Uint8Array
export const statusesOf = (leads: number): KnownStatuses =>
  Uint8Array.from({ length: leads }, (_, at) => firstStatus(at))

/** The requests of one connection, in turn, each for a lead drawn anew. */
export function requestsOf(kind: Kind, known: KnownStatuses, draw: Draw, target = waggle): () => Buffer {
  if (kind === 'reads') return readsOf(known.length, draw)
  if (kind === 'batch') return batchesOf(known, draw)
  const prepared = preparedFor(kind, draw, target)
  let turn = 0
  return () => {
    const lead = draw(known.length)
    let place = turn % prepared.length
    turn += 1
    if (kind === 'status') place = ((known[lead] ?? 0) + 1 + draw(statuses.length - 1)) % statuses.length
    const request = prepared[place] ?? never()
    if (request.status !== undefined) known[lead] = request.status
    writeDigits(request.bytes, request.idAt, firstLeadId + lead)
    return request.bytes
  }
}

function readsOf(leads: number, draw: Draw): () => Buffer {
  const pages = Math.ceil(leads / pageSize)
  let turn = 0
  return () => {
    turn += 1
    const page = Math.ceil(pages / 2) + draw(Math.ceil(pages / 2))
    const history = `${firstLeadId + draw(Math.min(historyLeads, leads))}/history?pageSize=${pageSize}`
    const path = turn % 2 === 1 ? `/api/v1/leads?page=${page}&pageSize=${pageSize}` : `/api/v1/leads/${history}`
    return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n\r\n`)
  }
}

function batchesOf(known: KnownStatuses, draw: Draw): () => Buffer {
  const key = Buffer.from('"by":"id","key":')
  const prepared = Array.from({ length: batchesOfConnection }, () => {
    const placed = Array.from({ length: batchSize }, () => draw(statuses.length))
    const operations = placed.map((status) => {
      return { op: 'update', by: 'id', key: firstLeadId, lead: exampleBody(status, draw) }
    })
    const bytes = requestTo('POST', '/api/v1/leads/batch', waggle.token, JSON.stringify({ operations }))
    let at = 0
    const changes = placed.map((status) => {
      at = bytes.indexOf(key, at) + key.length
      return { idAt: at, status }
    })
    return { bytes, changes }
  })
  let turn = 0
  return () => {
    const { bytes, changes } = prepared[turn % prepared.length] ?? never()
    turn += 1
    for (const { idAt, status } of changes) {
      const lead = draw(known.length)
      known[lead] = status
      writeDigits(bytes, idAt, firstLeadId + lead)
    }
    return bytes
  }
}

function preparedFor(kind: Exclude<Kind, 'reads' | 'batch'>, draw: Draw, target: Target): Prepared[] {
  if (kind === 'get') return [prepare({ ...target, method: 'GET' }, undefined, undefined)]
  if (kind === 'status') return statuses.map((status, place) => prepare(target, { status }, place))
  return Array.from({ length: bodiesOfConnection }, () => {
    const place = draw(statuses.length)
    return prepare(target, exampleBody(place, draw), place)
  })
}

/** The members of the example in contract/leads.ts, with values drawn anew. */
export const exampleBody = (place: number, draw: Draw) => ({
  status: statusAt(place),
  company_name: companyName(draw),
  phone_number: phoneNumber(draw),
  assignedUsers: some(userIds, 2, draw),
  tags: some(tagIds, 3, draw),
  customFields: [
    { customFieldId: numberFieldId, type: 'number', value: { number: draw(1_000_000) } },
    { customFieldId: selectFieldId, type: 'select', value: { select: optionIds[draw(optionIds.length)] } },
  ],
})

function prepare(
  { method, before, after, token, within }: Target,
  body: unknown,
  status: number | undefined,
): Prepared {
  const text = body === undefined ? '' : JSON.stringify(within === undefined ? body : { [within]: body })
  const bytes = requestTo(method, `${before}${firstLeadId}${after}`, token, text)
  return { bytes, idAt: `${method} ${before}`.length, status }
}

function requestTo(method: string, path: string, token: string, text: string): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${token}`,
    ...(text === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`)
}

function writeDigits(bytes: Buffer, at: number, id: number): void {
  let rest = id
  for (let place = at + String(firstLeadId).length - 1; place >= at; place -= 1) {
    bytes[place] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}

function never(): never {
  throw new Error('no request is prepared')
}
