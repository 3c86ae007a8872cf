import { statuses } from '../../src/contract/lead-members.ts'
import { agree, agreeLeads } from './compare.ts'
import type { Lead } from './model.ts'
import type { Draft, Plan, Scene } from './request.ts'
import { draftOf, never, pageSizes, textsOf } from './right-leads.ts'
import { type Hooks, once, pick, sampleOf } from './schema.ts'

/** Filters of the list that the model knows are drawn; the others ask for nothing. */
function filtersFor({ draw, model }: Scene): Hooks {
  const flag = (): string => pick(draw, ['1', '0', 'true', 'FALSE', ''])
  const blank = ['search', 'view', 'company_name', 'email', 'phone_number', 'first_name', 'last_name', 'source']
  const tags = (): string => listOf(draw, idsNamed(model.world.rows.tags))
  const users = (): string => listOf(draw, idsNamed(model.world.rows.users))
  const filled = (): string => listOf(draw, ['tags', 'users'])
  return {
    ...Object.fromEntries([...blank, 'created_by', 'created_before'].map((name) => [`/${name}`, () => ''])),
    '/customFields': () => '[]',
    '/created_since': () => '2020-01-01',
    '/updated_since': () => '2020-01-01',
    '/updated_before': () => '9999-01-01',
    '/assigned': flag,
    '/unassigned': flag,
    '/status': () => listOf(draw, statuses),
    '/status_not': () => listOf(draw, statuses),
    '/tags': tags,
    '/tags_not': tags,
    '/users': users,
    '/users_not': users,
    '/empty': filled,
    '/set': filled,
  }
}

export function countLeads(scene: Scene): Plan {
  const { draw, model } = scene
  const { operation, query: schema } = scene.served.get('countLeads') ?? never()
  const draft = draftOf(scene, operation, {})
  draft.query = textsOf(sampleOf(schema ?? {}, { ...scene, hooks: filtersFor(scene) }))
  if (once(draw, 6)) draft.query['unknown'] = 'x'
  const judge: Plan['right']['judge'] = (_, body) => {
    const fitting = [...model.leads.values()].filter((lead) => fits(scene, draft.query, lead))
    const countsOf = (idsIn: (lead: Lead) => readonly number[]): Record<string, number> => {
      const counts: Record<string, number> = {}
      for (const id of fitting.flatMap(idsIn)) counts[id] = (counts[id] ?? 0) + 1
      return counts
    }
    agree('the counts', body, {
      total: fitting.length,
      unassigned: fitting.filter(({ users }) => users.length === 0).length,
      status: Object.fromEntries(statuses.map((one) => [one, fitting.filter(({ status }) => status === one).length])),
      tags: countsOf(({ tags }) => tags),
      users: countsOf(({ users }) => users),
    })
  }
  return { draft, right: { status: 200, judge } }
}

export function listLeads(scene: Scene): Plan {
  const { draw, model } = scene
  const { operation, query: schema } = scene.served.get('listLeads') ?? never()
  const draft = draftOf(scene, operation, {})
  draft.query = textsOf(
    sampleOf(schema ?? {}, {
      ...scene,
      hooks: {
        '/userId': () => String(pick(draw, model.world.rows.users).id),
        '/page': () => pick(draw, ['1', '2', '3', '9999999999999999']),
        '/pageSize': () => pick(draw, pageSizes),
        '/cursor': () => '',
        '/sort': () => pick(draw, ['[]', '[{"type":"created_at","asc":false}]']),
        ...filtersFor(scene),
      },
    }),
  )
  const page = Number(draft.query['page'] ?? 1)
  const pageSize = Math.min(50, Number(draft.query['pageSize'] ?? 10))
  if (once(draw, 6)) draft.query['unknown'] = 'x'
  const judge: Plan['right']['judge'] = ({ headers }, body) => {
    const fitting = [...model.leads.values()].filter((lead) => fits(scene, draft.query, lead))
    agree('X-Total-Count', headers['x-total-count'], String(fitting.length))
    const whole = draft.query['include'] === 'custom_fields'
    agreeLeads(model, fitting, { page, pageSize, whole }, body)
  }
  return { draft, right: { status: 200, judge } }
}

const idsNamed = (rows: readonly { id: number; uuid: string }[]): string[] =>
  rows.flatMap(({ id, uuid }) => [String(id), uuid, uuid.toUpperCase(), String(id + 500_000)])

/** Some of the texts as a comma list; sometimes none, which asks for nothing. */
function listOf(draw: Scene['draw'], texts: readonly string[]): string {
  if (once(draw, 4)) return ''
  return Array.from({ length: 1 + draw(3) }, () => pick(draw, texts)).join(once(draw, 2) ? ',' : ' , ')
}

/** Whether a lead is one of those that a query asks for (docs/behaviour.md §17). */
function fits({ model }: Scene, query: Draft['query'], lead: Lead): boolean {
  const sent = (name: string): string[] =>
    String(query[name] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
  const isOn = (name: string): boolean => ['1', 'true'].includes(String(query[name] ?? ''))
  const named = (name: string, held: readonly number[], rows: readonly { id: number; uuid: string }[]): boolean => {
    const wanted = sent(name).map((one) => rows.find(({ uuid }) => uuid === one.toLowerCase())?.id ?? Number(one))
    return wanted.length === 0 || held.some((id) => wanted.includes(id))
  }
  const [assigned, unassigned] = [isOn('assigned'), isOn('unassigned')]
  const isNone = (name: string, held: readonly number[], rows: readonly { id: number; uuid: string }[]): boolean =>
    sent(name).length === 0 || !named(name, held, rows)
  const filled = (name: string): boolean => (name === 'tags' ? lead.tags : lead.users).length > 0
  return (
    (sent('status').length === 0 || sent('status').includes(String(lead.status))) &&
    !sent('status_not').includes(String(lead.status)) &&
    isNone('tags_not', lead.tags, model.world.rows.tags) &&
    isNone('users_not', lead.users, model.world.rows.users) &&
    sent('set').every(filled) &&
    !sent('empty').some(filled) &&
    named('tags', lead.tags, model.world.rows.tags) &&
    named('users', lead.users, model.world.rows.users) &&
    (assigned === unassigned || lead.users.length > 0 === assigned)
  )
}
