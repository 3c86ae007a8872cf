import { contactLimits, contactMembers } from '../../src/contract/lead-members.ts'
import { idMeant, isJson, type Json } from './model.ts'
import { bearer, bodyOf, type Draft, type Scene } from './request.ts'
import { tagsFor, usersFor } from './right-leads.ts'
import { hasBody, isOne, membersOf, type Rule, refused, rename, set, wrong } from './rules.ts'
import { once, pick } from './schema.ts'

const names =
  (parameter: string) =>
  ({ template }: Draft): boolean =>
    template?.includes(`:${parameter}`) === true

/** What is no id at all. */
const noIds = [
  'abc',
  '1.5',
  '0',
  '-3',
  '1e3',
  '+1',
  '00789',
  '%20',
  '9007199254740992',
  '9'.repeat(30),
  '00000000-0000-7000-8000-00000000000',
]

const noLead = ({ operation }: Draft) =>
  refused(['listLeads', 'countLeads', 'changeLeads'].includes(operation.id) ? 'not_found' : 'lead_not_found')
const isOnLead = (draft: Draft): boolean => names('leadId')(draft)

/** Rules of what a path names. */
const ofPaths: readonly Rule[] = [
  {
    name: 'the lead is the company’s',
    fits: isOnLead,
    breakIn: (draft, scene) => {
      const { model, neighbour, draw } = scene
      const archived = model.world.leads.find(({ id }) => id === model.world.archivedLead)
      const foreign = pick(draw, neighbour.leads)
      const leadId = pick(draw, [
        ...noIds,
        String(foreign.id),
        foreign.uuid,
        String(archived?.id),
        String(archived?.uuid),
        '999999999',
      ])
      rename(draft, scene, { leadId })
      return noLead(draft)
    },
  },
  {
    name: 'the company is the key’s',
    fits: names('companyId'),
    breakIn: (draft, scene) => {
      const { neighbour, draw } = scene
      rename(draft, scene, {
        companyId: pick(draw, [String(neighbour.companyId), '0', 'abc', '999999', `0${neighbour.companyId}`]),
      })
      return noLead(draft)
    },
  },
  {
    name: 'the key is of the lead’s company',
    fits: (draft) => isOnLead(draft) || names('companyId')(draft),
    breakIn: (draft, { neighbour }) => {
      draft.headers['authorization'] = bearer(neighbour.keys.all)
      delete draft.headers['idempotency-key'] // the other company may have used it
      return noLead(draft)
    },
  },
  {
    name: 'the event is in the log',
    fits: isOne('eventDeliveries'),
    breakIn: (draft, scene) => {
      const sequence = pick(scene.draw, [...noIds, String(scene.model.sequence + 1), '999999999'])
      rename(draft, scene, { sequence })
      return refused('event_not_found')
    },
  },
]

/** Rules of headers and queries. */
const ofReads: readonly Rule[] = [
  {
    name: 'the lead has the version',
    fits: isOne('updateLead'),
    breakIn: (draft, { draw }) => {
      const version = draft.lead?.version ?? 1
      const other = [`"v${version + 1}"`, `W/"v${version}"`, `v${version}`, '""', '', '"v0"', `"v${version}x"`, '"*"']
      draft.headers['if-match'] = pick(draw, version > 1 ? [...other, `"v${version - 1}"`] : other)
      return refused('lead_modified')
    },
  },
  {
    name: 'an idempotency key is used for one request',
    fits: isOne('updateLead', 'createIntegration'),
    breakIn: (draft, { model, draw }) => {
      if (model.kept.size === 0) return undefined
      const [key, { method, path, text }] = pick(draw, [...model.kept])
      const same = method === draft.method && path === draft.path && text === Buffer.from(bodyOf(draft)).toString()
      if (same) return undefined
      draft.headers['idempotency-key'] = key
      return refused('idempotency_mismatch')
    },
  },
  {
    name: 'the order of the list can be read',
    fits: isOne('listLeads'),
    breakIn: (draft, { draw }) => {
      const [name, values] = pick(draw, [
        ['sort', ['status', '[{"type":"x"}]', '[{"type":"status","asc":1}]', '[{"type":"field"}]']],
        ['cursor', ['x', '1.0', 'yesterday', 'WyJlbWFpbCJd.1.1']],
      ] as const)
      draft.query = { ...draft.query, [name]: pick(draw, values) }
      return wrong(`Invalid ${name}`, `/${name}`)
    },
  },
  {
    name: 'the filters of the list can be read',
    fits: isOne('listLeads', 'countLeads'),
    breakIn: (draft, { draw }) => {
      const [name, values] = pick(draw, [
        ['status', ['x', 'new,', 'New']],
        ['view', ['all', 'x']],
        ['tags', ['x', '1,,2', '0', '1.5']],
        ['users', ['x', '-1']],
        ['assigned', ['x', '2']],
        ['unassigned', ['yes']],
        ['customFields', ['x', '{}', '[1]', '[{"id":"x"}]', '[{}]', '[{"id":1.5,"min":1}]']],
        ['status_not', ['x']],
        ['tags_not', ['0']],
        ['users_not', ['1.5']],
        ['empty', ['x', 'Email']],
        ['set', ['status', 'email,']],
        ['source', ['x']],
        ['created_by', ['x', '0']],
        ['company_name', ['x'.repeat(201), 'a%00b']],
        ['created_since', ['x']],
        ['created_before', ['12']],
        ['updated_since', ['x', '12']],
        ['updated_before', ['x']],
        ['search', ['x'.repeat(201), 'a%00b']],
      ] as const)
      draft.query = { ...draft.query, [name]: decodeURIComponent(pick(draw, values)) }
      return wrong(`Invalid ${name}`, `/${name}`)
    },
  },
  {
    name: 'the user is the company’s',
    fits: isOne('listLeads'),
    breakIn: (draft, { neighbour, draw }) => {
      draft.query = { ...draft.query, userId: pick(draw, [String(neighbour.idOf(31)), '999999999']) }
      return refused('foreign_user')
    },
  },
  {
    name: 'the last event of a stream is a sequence',
    fits: isOne('listEvents'),
    breakIn: (draft, { draw }) => {
      draft.headers['accept'] = 'text/event-stream'
      draft.headers['last-event-id'] = pick(draw, ['abc', '-1', '01', '1.5', '9'.repeat(16)])
      return wrong('Invalid Last-Event-ID', '/Last-Event-ID')
    },
  },
]

/** Adds an element to a list of the body, behind those that are right. */
function push(draft: Draft, member: string, element: unknown): string {
  const present = membersOf(draft)[member]
  const list = Array.isArray(present) ? present.slice(0, 50) : []
  set(draft, member, [...list, element])
  return `/${member}/${list.length}`
}

function noReference(scene: Scene, draft: Draft, member: 'tags' | 'assignedUsers') {
  const { model, neighbour, draw } = scene
  const lead = draft.lead
  if (lead === undefined) return undefined
  const isTags = member === 'tags'
  const allowed = isTags ? tagsFor(scene, lead) : usersFor(scene, lead)
  const { tags, users } = model.world.rows
  const own = (isTags ? tags : users).filter(({ id }) => !allowed.includes(id))
  const others = isTags ? neighbour.rows.tags : neighbour.rows.users
  const row = pick(draw, [...own, ...own, ...others, { id: 999_999_999, uuid: '00000000-0000-7000-8000-999999999999' }])
  const element = pick(draw, [row.id, String(row.id), row.uuid, { id: row.id }, { uuid: row.uuid }])
  const isByUuid = element === row.uuid || (isJson(element) && 'uuid' in element)
  const place = push(draft, member, element)
  return wrong(`Invalid ${isTags ? 'tag' : 'user'} IDs: ${isByUuid ? row.uuid : row.id}`, place)
}

/** The elements of `customFields` but those of one field. */
function withoutField(draft: Draft, { model }: Scene, id: number): void {
  const list = membersOf(draft)['customFields']
  if (!Array.isArray(list)) return
  const { fields } = model.definitions
  set(
    draft,
    'customFields',
    list.filter((one) => !isJson(one) || idMeant(one['customFieldId'], fields) !== id),
  )
}

/** Sets one field of the lead to what it does not take. */
const wrongField =
  (fixtureId: number | readonly number[], elements: (id: number) => readonly Json[], text: (id: number) => string) =>
  (draft: Draft, scene: Scene) => {
    const id = scene.model.world.idOf(typeof fixtureId === 'number' ? fixtureId : pick(scene.draw, fixtureId))
    withoutField(draft, scene, id)
    const place = push(draft, 'customFields', { customFieldId: id, ...pick(scene.draw, elements(id)) })
    return wrong(text(id), place)
  }

const values =
  (...all: readonly unknown[]) =>
  (): Json[] =>
    all.map((value) => ({ value }))

/** Rules of the members of a patch that its schema does not say. */
const ofPatches: readonly Omit<Rule, 'fits'>[] = [
  {
    name: 'a text has no bad characters',
    breakIn: (draft, { draw }) => {
      const member = pick(draw, contactMembers)
      set(draft, member, pick(draw, ['\0', 'a\0b', '\ud800', 'x\udc00y', '\udc00\ud800']))
      return wrong(`${member} contains invalid characters`, `/${member}`)
    },
  },
  {
    name: 'a text is within its limit',
    breakIn: (draft, { draw }) => {
      const member = pick(draw, contactMembers)
      const max = contactLimits[member]
      set(draft, member, `  ${pick(draw, ['x', '🐝']).repeat(max + 1)}\n`)
      return wrong(`${member} must be at most ${max} characters`, `/${member}`)
    },
  },
  {
    name: 'an e-mail address is one',
    breakIn: (draft, { draw }) => {
      set(draft, 'email', pick(draw, ['x', '@', 'a@', '@b', 'a b@c', 'a@b@c', 'a@\u0001', 'a@b\u0085c', 'a\u00a0@b']))
      return wrong('Invalid email', '/email')
    },
  },
  {
    name: 'an external id is of one lead',
    breakIn: (draft, { model, draw }) => {
      const others = [...model.leads.values()].filter((one) => one !== draft.lead && one.externalId !== null)
      if (others.length === 0) return undefined
      set(draft, 'external_id', ` ${pick(draw, others).externalId}`)
      return refused('external_id_taken', { place: '/external_id' })
    },
  },
  { name: 'tags may stand on the lead', breakIn: (draft, scene) => noReference(scene, draft, 'tags') },
  { name: 'users may be assigned', breakIn: (draft, scene) => noReference(scene, draft, 'assignedUsers') },
  {
    name: 'a custom field is the company’s, for leads, and in use',
    breakIn: (draft, scene) => {
      const { model, neighbour, draw } = scene
      const archived = model.world.idOf(14)
      const id = pick(draw, [model.world.idOf(13), neighbour.idOf(5), 999_999_999, archived])
      withoutField(draft, scene, id)
      const isHeld = draft.lead?.values.has(id) === true
      const value = isHeld || once(draw, 2) ? { text: 'a new value' } : null
      return wrong(`Invalid custom field ID: ${id}`, push(draft, 'customFields', { customFieldId: id, value }))
    },
  },
  {
    name: 'a custom field stands once',
    breakIn: (draft, scene) => {
      const id = scene.model.world.idOf(11)
      const uuid = scene.model.definitions.fields.get(id)?.uuid ?? ''
      withoutField(draft, scene, id)
      push(draft, 'customFields', { customFieldId: id, value: { boolean: true } })
      const again = { customFieldId: pick(scene.draw, [id, String(id), uuid]), value: { boolean: once(scene.draw, 2) } }
      return wrong(`Duplicate custom field ID: ${id}`, push(draft, 'customFields', again))
    },
  },
  {
    name: 'a custom field has its type',
    breakIn: wrongField(
      5,
      () => ['text', 'select', 'colour', 'Number', ''].map((type) => ({ type, value: null })),
      (id) => `Custom field ${id} is of type number`,
    ),
  },
  {
    name: 'a number is a number',
    breakIn: wrongField(
      5,
      values({ number: '5' }, {}, 5, [], 'x', { text: 'x' }, { number: 1, text: 'x' }, { number: [1] }, { text: null }),
      (id) => `Custom field ${id} requires value.number`,
    ),
  },
  {
    name: 'a flag is true or false',
    breakIn: wrongField(
      11,
      values({ boolean: 'true' }, { boolean: 1 }, { boolean: 0 }, true),
      (id) => `Custom field ${id} requires value.boolean`,
    ),
  },
  {
    name: 'a day is one of the calendar',
    breakIn: wrongField(
      10,
      values(
        ...[
          '2026-02-30',
          '0000-01-01',
          '2026-13-01',
          '26-01-01',
          '2026-01-01T00:00:00',
          '2026-01-01T25:00:00Z',
          ' 2026-01-01',
          1,
        ].map((date) => ({ date })),
      ),
      (id) => `Custom field ${id} requires value.date`,
    ),
  },
  {
    name: 'an option is the field’s, and in use',
    breakIn: (draft, scene) => {
      const isHeld = draft.lead?.values.get(scene.model.world.idOf(18))?.value === 2
      const field = pick(scene.draw, isHeld ? [6, 7] : [6, 7, 18])
      const bad = field === 18 ? [2, '2', 3] : field === 6 ? [4, '4', 0, '01', 1.5, 'Option 1'] : [3, '9', -1, 'x']
      const option = pick(scene.draw, bad)
      const value = field === 7 ? { multi_select: [1, option] } : { select: option }
      return wrongField(field, values(value), (id) => `Invalid option for custom field ${id}: ${option}`)(draft, scene)
    },
  },
  {
    name: 'a required field is not cleared',
    breakIn: wrongField(9, values(null, { text: null }, { text: '' }), (id) => `Custom field ${id} is required`),
  },
  {
    name: 'a custom text is within its limit',
    breakIn: (draft, scene) => {
      const [field, max] = once(scene.draw, 8) ? ([12, 100_000] as const) : ([9, 10_000] as const)
      const value = { text: pick(scene.draw, ['x', '🐝']).repeat(max + 1) }
      return wrongField(
        field,
        values(value),
        (id) => `Custom field ${id} must be at most ${max} characters`,
      )(draft, scene)
    },
  },
  {
    name: 'a custom text has no bad characters',
    breakIn: wrongField(
      [9, 12],
      values({ text: '\0' }, { text: 'a\ud800' }),
      (id) => `Custom field ${id} contains invalid characters`,
    ),
  },
]

export const rulesOfLeads: readonly Rule[] = [
  ...ofPaths,
  ...ofReads,
  ...ofPatches.map((rule) => ({ ...rule, fits: (draft: Draft) => hasBody(draft) && isOne('updateLead')(draft) })),
]
