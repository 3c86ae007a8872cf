import { isUtf8 } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { failures } from '../../src/contract/failures.ts'
import { asksForOrigin } from '../../src/contract/operation.ts'
import { keys as fixtureKeys } from '../fixture.ts'
import { isJson, type Json } from './model.ts'
import { bearer, bodyOf, type Draft, pathOf, type Refused, type Scene } from './request.ts'
import { brokenOf, isOf, once, pick } from './schema.ts'

/** A rule that a right request keeps, and how to break it and no other. */
export interface Rule {
  readonly name: string
  readonly fits: (draft: Draft, scene: Scene) => boolean
  /** Changes the draft; undefined when this request cannot break it after all, and is left as it was. */
  readonly breakIn: (draft: Draft, scene: Scene) => Refused | undefined
  /** It is told behind every other fault, so all else must be right. */
  readonly isToldLast?: true
}

export const refused = (failure: keyof typeof failures, more: Partial<Refused> = {}): Refused => ({
  status: failures[failure].status,
  error: failures[failure].message,
  ...more,
})
/** A 400 that tells a member. */
export const wrong = (error: string, place: string): Refused => ({ status: 400, error, place })

export const hasBody = ({ operation }: Draft): boolean => operation.body !== undefined
const hasUsualBody = ({ operation }: Draft): boolean => operation.body !== undefined && operation.hasLargeBody !== true
const changes = ({ operation }: Draft): boolean => operation.method !== 'GET'
const asksForKey = ({ operation }: Draft): boolean => operation.access !== 'public'
const always = (): boolean => true
export const isOne =
  (...ids: readonly string[]) =>
  ({ operation }: Draft): boolean =>
    ids.includes(operation.id)
export const membersOf = (draft: Draft): Json => (isJson(draft.body) ? draft.body : {})

/** Puts a member into the body, the others apart. */
export function set(draft: Draft, member: string, value: unknown): void {
  draft.body = { ...membersOf(draft), [member]: value }
}

/** Whether a template takes the path of another: `/leads/:leadId` takes `/leads/batch`. */
const takes = (template: string, path: string): boolean =>
  new RegExp(`^${template.replace(/:\w+/g, '[^/]+')}$`).test(path)

/** A method that no operation has at the draft's path. */
function unknownMethod({ template = '' }: Draft, { served, draw }: Scene): string {
  const taken = [...served.values()]
    .filter(({ operation }) => [operation.path, ...(operation.aliases ?? [])].some((one) => takes(one, template)))
    .map(({ operation }) => operation.method)
  return pick(
    draw,
    (['PUT', 'DELETE', 'POST', 'PATCH', 'TRACE'] as const).filter((method) => !taken.some((one) => one === method)),
  )
}

/** Rules of every request, told before all others: of its line, its headers, its key. */
export const rulesAtDoor: readonly Rule[] = [
  {
    name: 'who signs in comes from a page of the server',
    fits: ({ operation }) => asksForOrigin(operation),
    breakIn: (draft, { draw }) => {
      delete draft.headers['sec-fetch-site']
      Object.assign(
        draft.headers,
        pick(draw, [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://other.example' }]),
      )
      return refused('foreign_origin')
    },
  },
  {
    name: 'the path is known',
    fits: always,
    breakIn: (draft, { draw }) => {
      draft.path = `${draft.path.replace(/\/$/, '')}${pick(draw, ['/a/b/c/d', '%zz', '/%c3%28'])}`
      return refused('not_found', { unknown: true })
    },
  },
  {
    name: 'the path has the method',
    fits: always,
    breakIn: (draft, scene) => {
      draft.method = unknownMethod(draft, scene)
      return refused('method_not_allowed', { unknown: true })
    },
  },
  {
    name: 'headers are at most 16 KiB',
    fits: always,
    breakIn: (draft) => {
      draft.headers['x-long'] = 'x'.repeat(17_000)
      return refused('headers_too_large', { unknown: true, ends: true })
    },
  },
  {
    name: 'the request is HTTP',
    fits: always,
    breakIn: (draft, { draw }) => {
      const [name, value] = pick(draw, [
        ['bad header', 'x'],
        ['x-bad', 'a\u0001b'],
        ['content-length', '-1'],
        ['content-length', '1, 2'],
        ['', 'x'],
      ] as const)
      draft.headers[name] = value
      return refused('invalid_request', { unknown: true, ends: true })
    },
  },
  {
    name: 'the key is valid',
    fits: asksForKey,
    breakIn: (draft, { model, draw }) => {
      const { revoked, expired, all } = model.world.keys
      const header = pick(draw, [
        ...[
          undefined,
          '',
          'Bearer',
          'Bearer ',
          bearer('jb_api_nobody_0000000000000'),
          bearer(revoked),
          bearer(expired),
        ],
        ...[
          bearer(fixtureKeys.suspended),
          `Basic ${all}`,
          all,
          bearer(`${all} x`),
          bearer(all.slice(0, -1)),
          bearer(`${all}0`),
        ],
      ])
      if (header === undefined) delete draft.headers['authorization']
      else draft.headers['authorization'] = header
      return refused('invalid_key')
    },
  },
  {
    name: 'the key has the switch',
    fits: asksForKey,
    breakIn: (draft, { model, draw }) => {
      const { read, write, admin, full } = model.world.keys
      const { access } = draft.operation
      if (access === 'person') return refused('sign_in_required')
      const without = access === 'read' ? [write, admin] : access === 'write' ? [read, admin] : [read, write, full]
      draft.headers['authorization'] = bearer(pick(draw, without))
      if (access === 'read') return refused('read_access_required')
      return refused(access === 'write' ? 'write_access_required' : 'admin_access_required')
    },
  },
]

/** The rule of every change. */
const ofChanges: readonly Rule[] = [
  {
    name: 'an idempotency key has its form',
    fits: changes,
    breakIn: (draft, { draw }) => {
      draft.headers['idempotency-key'] = pick(draw, ['', 'a b', 'a.b', 'é', 'x'.repeat(256), '"quoted"'])
      return refused('invalid_idempotency_key')
    },
  },
]

const tooLarge = gzipSync(Buffer.alloc(1_048_577, ' '))
const notUtf8 = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])

/** Rules of every body, whatever it says. */
const ofBodies: readonly Rule[] = [
  {
    name: 'the content is JSON by its type',
    fits: hasBody,
    breakIn: (draft, { draw }) => {
      const types = [
        'text/plain',
        'application/jsonx',
        'application/json; charset=latin1',
        'multipart/form-data; boundary=x',
        '',
        'json',
      ]
      const type = pick(draw, [undefined, ...types])
      if (type === undefined) delete draft.headers['content-type']
      else draft.headers['content-type'] = type
      return refused('unsupported_media_type')
    },
  },
  {
    name: 'the coding is gzip or none',
    fits: hasBody,
    breakIn: (draft, { draw }) => {
      draft.zipped = false
      draft.headers['content-encoding'] = pick(draw, ['br', 'deflate', 'gzip, gzip', 'zstd', 'x'])
      return refused('unsupported_media_type')
    },
  },
  {
    name: 'the body is at most 1 MiB, as declared',
    fits: hasUsualBody,
    breakIn: (draft, { draw }) => {
      draft.headers['content-length'] = pick(draw, ['1048577', '99999999999'])
      return refused('body_too_large', { ends: true })
    },
  },
  {
    name: 'a batch is at most 8 MiB, as declared',
    fits: isOne('changeLeads'),
    breakIn: (draft, { draw }) => {
      draft.headers['content-length'] = pick(draw, ['8388609', '99999999999'])
      return refused('body_too_large', { ends: true })
    },
  },
  {
    name: 'the body is at most 1 MiB, when unzipped',
    fits: hasUsualBody,
    breakIn: (draft, { draw }) => {
      if (!once(draw, 4)) return undefined // it costs more than ten others
      draft.zipped = false
      draft.bytes = tooLarge
      draft.headers['content-encoding'] = 'gzip'
      return refused('body_too_large', { ends: true })
    },
  },
  {
    name: 'the body is JSON',
    fits: hasBody,
    breakIn: (draft, { draw }) => {
      const text = Buffer.from(bodyOf(draft)).toString()
      const flipped = Buffer.from(text)
      const at = draw(flipped.length)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << draw(8))
      const bytes = pick(draw, [
        ...[
          `${text}x`,
          text.slice(0, -1),
          "{'a': 1}",
          '{"status": NaN}',
          `\ufeff\ufeff${text}`,
          '{"a":1,}',
          '[',
          '\0',
        ].map((one) => Buffer.from(one)),
        ...[notUtf8, flipped, flipped],
      ])
      if (isJsonText(bytes)) return undefined
      draft.bytes = bytes
      return refused('invalid_json')
    },
  },
  {
    name: 'gzip is whole',
    fits: hasBody,
    breakIn: (draft, { draw }) => {
      const plain = bodyOf(draft)
      const zipped = gzipSync(plain)
      const corrupt = Buffer.from(zipped)
      corrupt[corrupt.length - 6] = (corrupt.at(-6) ?? 0) ^ 0xff
      draft.bytes = pick(draw, [plain, corrupt, zipped.subarray(0, -1 - draw(Math.min(20, zipped.length - 11)))])
      draft.zipped = false
      draft.headers['content-encoding'] = 'gzip'
      return refused('invalid_json')
    },
  },
  {
    name: 'the body is an object',
    fits: (draft) => hasBody(draft) && !isOne('changePartnerStages')(draft), // which takes a bare list, too
    breakIn: (draft, { draw }) => {
      draft.body = pick(draw, [undefined, null, [], [{}], 5, 'x', true])
      if (draft.body === undefined) draft.zipped = false
      return refused('body_not_object')
    },
  },
  {
    name: 'the body keeps its schema',
    // What is wrong with one operation of a batch is its own, unless all or nothing is asked for.
    fits: (draft) => hasBody(draft) && (!isOne('changeLeads')(draft) || membersOf(draft)['atomic'] === true),
    breakIn: (draft, { served, draw }) => {
      const schema = served.get(draft.operation.id)?.body
      // `resume` leans on `state`: broken together they would be two faults.
      const { resume: _, ...members } = membersOf(draft)
      const broken = schema && brokenOf(schema, members, draw)
      if (broken === undefined) return undefined
      draft.body = broken.value
      return { status: 400, place: broken.place }
    },
  },
  {
    name: 'strict handling knows every member',
    isToldLast: true,
    fits: hasBody,
    breakIn: (draft, { served, draw }) => {
      const name = pick(draw, ['unknown', 'a/b~c', 'ünknown', '', 'toString'])
      const known = Object.keys(served.get(draft.operation.id)?.body?.properties ?? {})
      const members = Object.entries(membersOf(draft)).filter(([one]) => known.includes(one))
      draft.headers['prefer'] = pick(draw, ['handling=strict', 'return=minimal, HANDLING="Strict"'])
      draft.body = { ...Object.fromEntries(members), [name]: pick(draw, [1, null, {}]) }
      return wrong(`Unknown field: ${name}`, `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    },
  },
]

function isJsonText(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false
  try {
    JSON.parse(bytes.toString().replace(/^\ufeff/, ''))
    return true
  } catch {
    return false
  }
}

/** What no positive number in a query may look like. */
const badNumbers = ['', '-1', '1.5', 'abc', '01', '1e3', '+1', ' 1', '9'.repeat(17), '0x1']

/** Rules of a query, as far as its schema says them. */
const ofQueries: readonly Rule[] = [
  {
    name: 'the query keeps its schema',
    fits: ({ operation }) => operation.query !== undefined,
    breakIn: (draft, { served, draw }) => {
      const schema = served.get(draft.operation.id)?.query
      const name = pick(draw, Object.keys(schema?.properties ?? {}))
      const value = pick(draw, badNumbers)
      if (schema === undefined || isOf(schema, { [name]: value })) return undefined
      draft.query = { ...draft.query, [name]: value }
      return wrong(`Invalid ${name}`, `/${name}`)
    },
  },
  {
    name: 'a parameter stands once',
    fits: ({ operation }) => operation.query !== undefined,
    breakIn: (draft, { served, draw }) => {
      const name = pick(draw, Object.keys(served.get(draft.operation.id)?.query?.properties ?? {}))
      draft.path = `${draft.path}?${name}=1&${name}=1`
      draft.query = {}
      return wrong(`Invalid ${name}`, `/${name}`)
    },
  },
]

/** Rules that hold of every operation there is, foreseen or not. */
export const generalRules: readonly Rule[] = [...rulesAtDoor, ...ofChanges, ...ofBodies, ...ofQueries]

/** Names another object in the draft's path. */
export function rename(draft: Draft, { model, draw }: Scene, params: Readonly<Record<string, string>>): void {
  const { companyId } = model.world
  const { lead, template = '' } = draft
  const webhook = pick(draw, model.webhooks)
  const present = { companyId: String(companyId), leadId: String(lead?.seed.id ?? pick(draw, [...model.leads.keys()])) }
  draft.path = pathOf(template, { ...present, webhookId: String(webhook.id), ...params })
  if (once(draw, 20)) draft.path = `${draft.path}/`
}
