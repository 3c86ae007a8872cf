import { patchMembers } from '../../src/contract/leads.ts'
import { asksForOrigin, type Operation } from '../../src/contract/operation.ts'
import { agree, agreeFeed, agreeHistory, agreeLead, holds } from './compare.ts'
import { isJson, type Kept, type Lead } from './model.ts'
import { bearer, bodyOf, type Draft, type Plan, pathOf, type Scene } from './request.ts'
import { type Hooks, once, pick, sampleOf } from './schema.ts'
import { type KeyName, keyIdOf } from './world.ts'

/** The draft of an operation, with a key that opens it and nothing more said. */
export function draftOf({ model, draw }: Scene, operation: Operation, params: Record<string, string>): Draft {
  const template = pick(draw, [operation.path, ...(operation.aliases ?? [])])
  const keys: Readonly<Record<Operation['access'], readonly KeyName[]>> = {
    public: [],
    read: ['full', 'all', 'read'],
    write: ['full', 'all', 'write'],
    admin: ['all', 'admin'],
    person: ['full', 'all', 'admin'],
  }
  const opening = keys[operation.access]
  const secret = opening.length === 0 ? undefined : model.world.keys[pick(draw, opening)]
  const path = pathOf(template, { companyId: String(model.world.companyId), ...params })
  return {
    operation,
    method: operation.method,
    template,
    path: once(draw, 20) ? `${path}/` : path,
    query: {},
    headers: {
      ...(secret !== undefined && { authorization: once(draw, 10) ? `api-KEY ${secret}` : bearer(secret) }),
      ...(asksForOrigin(operation) && { 'sec-fetch-site': 'same-origin' }),
      ...(once(draw, 5) && { 'x-request-id': `fuzz-${draw(1e9)}` }),
    },
    body: undefined,
    bytes: undefined,
    zipped: false,
    lead: undefined,
  }
}

/** Types of content that the server takes for JSON. */
const jsonTypes = [
  'application/json',
  'application/json; charset=UTF-8',
  'application/merge-patch+json',
  'Application/X+JSON',
]

/** Puts a body into a draft, with one of the types and codings that are taken. */
export function carrying({ draw }: Scene, draft: Draft, body: unknown): Draft {
  draft.headers['content-type'] = once(draw, 4) ? pick(draw, jsonTypes) : 'application/json'
  return Object.assign(draft, { body, zipped: once(draw, 24) })
}

/** Members that no operation knows; two of the names are those of every object. */
const unknownNames = ['source', 'toString', '__proto__', 'ünknown', 'a/b~c', 'created_at']

export function withUnknown({ draw, pools }: Scene, body: object): { body: object; names: readonly string[] } {
  if (!once(draw, 8)) return { body, names: [] }
  const names = unknownNames.filter(() => once(draw, 3))
  const entries = [...Object.entries(body), ...names.map((name) => [name, pick(draw, pools.json)])]
  return { body: Object.fromEntries(entries), names }
}

export function agreeIgnored(header: string | undefined, names: readonly string[]): void {
  const told = header === undefined ? [] : header.split(',').map((one) => decodeURIComponent(one.trim()))
  agree('X-Waggle-Ignored-Fields', told, names)
}

/** How a path may name an object with both ids. */
export const namesOf = (id: number, uuid: string): readonly string[] => [
  ...[String(id), String(id), uuid, uuid.toUpperCase()],
  String(id).replace(/./g, (digit) => `%3${digit}`),
]

export const keyNameOf = ({ model }: Scene, { headers }: Draft): KeyName => {
  const secret = headers['authorization']?.split(' ')[1]
  const names = Object.keys(model.world.keys) as KeyName[]
  return names.find((name) => model.world.keys[name] === secret) ?? 'full'
}
const mayRead = (name: KeyName): boolean => name !== 'write' && name !== 'admin'

export const aLead = ({ model, draw }: Scene): Lead => pick(draw, [...model.leads.values()])

const elementFor = (scene: Scene, id: number, uuid: string): unknown =>
  pick(scene.draw, [
    ...[id, id, String(id), uuid, uuid.toUpperCase(), { id }, { id: String(id), label: 'x' }, { uuid }],
    ...[
      { id: null, uuid },
      { id, uuid: 'nonsense' },
    ],
  ])

/** Tags that may stand on a lead, users that may be assigned to it. */
export const tagsFor = ({ model }: Scene, lead: Lead): number[] =>
  model.world.rows.tags
    .filter((tag) => (tag.association === 'lead' && tag.archived_at === null) || lead.tags.includes(tag.id))
    .map(({ id }) => id)
export const usersFor = ({ model }: Scene, lead: Lead): number[] =>
  model.world.rows.users
    .filter((user) => (user.disabled_at === null && user.role !== 'indirect') || lead.users.includes(user.id))
    .map(({ id }) => id)

/** What the schema of a patch leaves open: which ids hold, and which value goes with which field. */
export function patchHooks(scene: Scene, lead: Lead): Hooks {
  const { draw, model, pools } = scene
  const { tags, users } = model.definitions
  const named = (ids: readonly number[], rows: { get(id: number): { uuid: string } | undefined }) => () => {
    const id = pick(draw, ids)
    return elementFor(scene, id, rows.get(id)?.uuid ?? '')
  }
  return {
    '/tags/*': named(tagsFor(scene, lead), tags),
    '/assignedUsers/*': named(usersFor(scene, lead), users),
    '/customFields': () =>
      model.world.rows.fields
        .filter(({ category, id, archived_at }) => category === 'lead' && (archived_at === null || lead.values.has(id)))
        .filter(() => once(draw, 3))
        .map((field) => fieldElement(scene, lead, field)),
    '/external_id': () => pick(draw, [null, '', ' ', lead.externalId, ` crm-${draw(1e9)} `, `🐝${draw(1e9)}`]),
    '/email': () =>
      pick(draw, [
        null,
        '',
        ' a@b ',
        'ada@nordlicht.example',
        `${draw(9)}@ü.example`,
        `${'x'.repeat(318)}@y`,
        '🐝@x',
        pick(draw, pools.of('^[a-z.]+@[a-z]+[.][a-z]+$')).slice(-60),
      ]),
  }
}

type FieldRow = Scene['model']['world']['rows']['fields'][number]

function fieldElement({ draw, model, pools }: Scene, lead: Lead, field: FieldRow): object {
  const { id, uuid, type, required, archived_at } = field
  const held = lead.values.get(id)?.value
  const options = model.world.rows.options.filter(
    (one) => one.custom_field_id === id && (one.archived_at === null || one.id === held),
  )
  const option = (): unknown => (once(draw, 3) ? String(pick(draw, options).id) : pick(draw, options).id)
  const text = (): string => pick(draw, pools.texts)
  const values: Readonly<Record<FieldRow['type'], () => object>> = {
    text: () => ({ text: once(draw, 60) ? '🐝'.repeat(10_000) : text() || 'x' }),
    textarea: () => (once(draw, 2) ? { text: text() } : { textarea: text(), text: null }),
    number: () => ({ number: pick(draw, pools.numbers) }),
    date: () => ({ date: pick(draw, pools.days) }),
    boolean: () => ({ boolean: once(draw, 2) }),
    select: () => ({ select: option(), number: null }),
    multi_select: () => ({ multi_select: Array.from({ length: draw(4) }, option) }),
  }
  const clears = !(required && archived_at === null) && once(draw, 4)
  const value = archived_at !== null && !clears ? { text: held } : clears ? null : values[type]()
  const own = type === 'text' || type === 'textarea' ? pick(draw, ['text', 'textarea']) : type
  return {
    customFieldId: pick(draw, [id, String(id), uuid, uuid.toUpperCase()]),
    ...(once(draw, 2) && { type: pick(draw, [own, null]) }),
    value,
  }
}

export function updateLead(scene: Scene): Plan {
  const { model, draw } = scene
  const kept = [...model.kept.values()].filter(({ method }) => method === 'PATCH')
  if (kept.length > 0 && once(draw, 12)) return repeated(scene, pick(draw, kept))
  const { operation, body: schema } = scene.served.get('updateLead') ?? never()
  const lead = aLead(scene)
  const made = sampleOf(schema ?? {}, { ...scene, hooks: patchHooks(scene, lead) })
  const { body, names } = withUnknown(scene, isJson(made) ? made : {})
  const params = { leadId: pick(draw, namesOf(lead.seed.id, lead.seed.uuid)) }
  const draft = carrying(scene, draftOf(scene, operation, params), body)
  draft.lead = lead
  const representation = once(draw, 6)
  if (representation)
    draft.headers['prefer'] = pick(draw, ['return=representation', 'respond-async, Return="representation"; x=1'])
  else if (names.length === 0 && once(draw, 8)) draft.headers['prefer'] = 'handling=strict'
  const tag = `"v${lead.version}"`
  if (once(draw, 6)) draft.headers['if-match'] = pick(draw, [tag, '*', `"v99", ${tag}`, `W/"x", ${tag} `])
  const onceKey = once(draw, 5) ? freshKey(scene) : undefined
  if (onceKey !== undefined) draft.headers['idempotency-key'] = onceKey
  return { draft, right: { status: 200, judge: judgeUpdate(scene, draft, lead, { names, representation, onceKey }) } }
}

const onceKeys = 40
/** A key of idempotency that no success has used; refusals may have. */
export function freshKey({ model, draw }: Scene): string | undefined {
  const key = `once-${draw(onceKeys)}`
  return model.kept.has(key) ? undefined : key
}

function judgeUpdate(
  scene: Scene,
  draft: Draft,
  lead: Lead,
  {
    names,
    representation,
    onceKey,
  }: { names: readonly string[]; representation: boolean; onceKey: string | undefined },
): Plan['right']['judge'] {
  return ({ headers }, answered) => {
    const { model } = scene
    const keyName = keyNameOf(scene, draft)
    const text = Buffer.from(bodyOf(draft)).toString()
    const { next, changes } = model.patched(lead, JSON.parse(text))
    const changed = Object.keys(changes).length > 0
    const body = isJson(answered) ? answered : {}
    const at = String(body['updated_at'])
    agree('X-Waggle-Sequence', headers['x-waggle-sequence'], changed ? String(model.sequence + 1) : undefined)
    agree('ETag', headers['etag'], `"v${lead.version + (changed ? 1 : 0)}"`)
    agreeIgnored(headers['x-waggle-ignored-fields'], names)
    agree('Idempotency-Replayed', headers['idempotency-replayed'], undefined)
    let saved = lead
    if (changed) {
      holds(Date.parse(at) > Date.parse(lead.updatedAt), `updated_at is later than ${lead.updatedAt}`, at)
      holds(at >= (model.log.at(-1)?.at ?? ''), 'the time of a change is not before the one before it', at)
      const about = { at, changes, keyId: keyIdOf(model.world, keyName), requestId: headers['x-request-id'] ?? null }
      saved = model.commit(lead, next, about)
    }
    const { id, uuid } = lead.seed
    const receipt = { id, uuid, updated_at: saved.updatedAt }
    const whole = representation && mayRead(keyName)
    agree('Preference-Applied', headers['preference-applied'], whole ? 'return=representation' : undefined)
    if (whole) agreeLead(model, saved, body)
    else agree('the answer', body, receipt)
    if (onceKey === undefined) return
    const sequence = changed ? model.sequence : undefined
    const about = { method: 'PATCH', path: draft.path, text, status: 200, etag: headers['etag'], sequence }
    model.kept.set(onceKey, { ...about, body: receipt, whole: whole ? body : undefined })
  }
}

/** A request that a key of idempotency has answered already, with headers that do not count any more. */
function repeated(scene: Scene, kept: Kept): Plan {
  const { model, draw } = scene
  const { operation } = scene.served.get('updateLead') ?? never()
  const [onceKey = ''] = [...model.kept].find(([, one]) => one === kept) ?? []
  const draft = draftOf(scene, operation, {})
  draft.template = kept.path.includes('/companies/') ? operation.aliases?.[0] : operation.path
  draft.path = kept.path
  draft.bytes = Buffer.from(kept.text)
  draft.zipped = once(draw, 3)
  draft.headers['content-type'] = 'application/json'
  draft.headers['idempotency-key'] = onceKey
  if (once(draw, 2)) draft.headers['if-match'] = '"v9999"'
  return {
    draft,
    repeats: true,
    right: {
      status: kept.status,
      judge: ({ headers }, body) => {
        const whole = mayRead(keyNameOf(scene, draft)) ? kept.whole : undefined
        agree('the repeated answer', body, whole ?? kept.body)
        agree('Idempotency-Replayed', headers['idempotency-replayed'], 'true')
        agree('ETag', headers['etag'], kept.etag)
        agree('X-Waggle-Sequence', headers['x-waggle-sequence'], kept.sequence?.toString())
      },
    },
  }
}

export function getLead(scene: Scene): Plan {
  const { operation } = scene.served.get('getLead') ?? never()
  const lead = aLead(scene)
  const draft = draftOf(scene, operation, { leadId: pick(scene.draw, namesOf(lead.seed.id, lead.seed.uuid)) })
  const judge: Plan['right']['judge'] = ({ headers }, body) => {
    agree('ETag', headers['etag'], `"v${lead.version}"`)
    agreeLead(scene.model, lead, body)
  }
  return { draft, right: { status: 200, judge } }
}

/** The largest number that pages know, and one that is cut to it. */
export const pageSizes = ['1', '2', '3', '50', '51', '9999999999999999']

export function leadHistory(scene: Scene): Plan {
  const { draw, model } = scene
  const { operation, query: schema } = scene.served.get('leadHistory') ?? never()
  const lead = aLead(scene)
  const draft = draftOf(scene, operation, { leadId: pick(draw, namesOf(lead.seed.id, lead.seed.uuid)) })
  const hooks = {
    '/cursor': () => pick(draw, [String(1 + draw(model.sequence + 2)), '9999999999999999']),
    '/pageSize': () => pick(draw, pageSizes),
    '/member': () => Array.from({ length: 1 + draw(2) }, () => pick(draw, patchMembers)).join(','),
  }
  draft.query = textsOf(sampleOf(schema ?? {}, { ...scene, hooks }))
  const before = Number(draft.query['cursor'] ?? Number.POSITIVE_INFINITY)
  const pageSize = Math.min(50, Number(draft.query['pageSize'] ?? 10))
  const judge: Plan['right']['judge'] = ({ headers }, body) => {
    const members = draft.query['member']?.split(',')
    const lines = lead.chain
      .filter(({ sequence, changes }) => sequence < before && (members?.some((one) => one in changes) ?? true))
      .toReversed()
    const shown = lines.slice(0, pageSize)
    agreeHistory(model, shown, body)
    const next = lines.length > pageSize ? String(shown.at(-1)?.sequence) : undefined
    agree('X-Next-Cursor', headers['x-next-cursor'], next)
  }
  return { draft, right: { status: 200, judge } }
}

export function listEvents(scene: Scene): Plan {
  const { draw, model } = scene
  const { operation, query: schema } = scene.served.get('listEvents') ?? never()
  const draft = draftOf(scene, operation, {})
  const hooks = {
    '/after': () => String(Math.max(0, model.sequence - draw(8))),
    '/limit': () => pick(draw, ['1', '2', '5', '9999999999999999']),
    '/wait': () => pick(draw, ['0', '1', '999999999999999']),
  }
  draft.query = textsOf(sampleOf(schema ?? {}, { ...scene, hooks }))
  const after = Number(draft.query['after'] ?? 0)
  if (after >= model.sequence) delete draft.query['wait'] // nobody would end it
  const lines = model.log.slice(after, after + Math.min(1000, Number(draft.query['limit'] ?? 100)))
  const judge: Plan['right']['judge'] = ({ headers }, body) => {
    agree('X-Waggle-Last-Sequence', headers['x-waggle-last-sequence'], String(model.sequence))
    agree('X-Next-Cursor', headers['x-next-cursor'], String(lines.at(-1)?.sequence ?? after))
    agreeFeed(model, lines, body)
  }
  return { draft, right: { status: 200, judge } }
}

export const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(isJson(value) ? value : {}).map(([name, one]) => [name, String(one)]))

export function never(): never {
  throw new Error('the operation is not served')
}
