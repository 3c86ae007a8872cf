import { statuses } from '../src/contract/leads.ts'
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

/** `patch` sends every member of the example in contract/leads.ts, `status` that one, `get` reads the lead. */
export type Kind = 'patch' | 'status' | 'get'

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
export function requestsOf(kind: Kind, known: KnownStatuses, draw: Draw): () => Buffer {
  const prepared = preparedFor(kind, draw)
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

function preparedFor(kind: Kind, draw: Draw): Prepared[] {
  if (kind === 'get') return [prepare('GET', undefined, undefined)]
  if (kind === 'status') return statuses.map((status, place) => prepare('PATCH', { status }, place))
  return Array.from({ length: bodiesOfConnection }, () => {
    const place = draw(statuses.length)
    return prepare('PATCH', exampleBody(place, draw), place)
  })
}

const exampleBody = (place: number, draw: Draw) => ({
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

function prepare(method: string, body: unknown, status: number | undefined): Prepared {
  const start = `${method} /api/v1/leads/`
  const text = body === undefined ? '' : JSON.stringify(body)
  const head = [
    `${start}${firstLeadId} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${key}`,
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
  ]
  return { bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`), idAt: start.length, status }
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
