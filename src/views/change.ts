import type { Reference } from '../contract/forms.ts'
import { viewLimits } from '../contract/views.ts'
import { refuseMoreThan } from '../http/body-reader.ts'
import type { Actor } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
import type { Database, Work } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { ViewBody } from './read-body.ts'

type ViewRow = Row<'saved_views'>
type Owner = Pick<Actor, 'companyId' | 'userUuid'>

/** How the answer tells times. */
interface Told {
  readonly wholeSeconds: boolean
}

/** How many views there were a moment ago; what is made at the same time may pass the bounds. */
export interface Present {
  /** Of the user. */
  readonly own: number
  /** Of the company. */
  readonly shared: number
  /** The last position of those that the user sees, -1 when there are none. */
  readonly lastPosition: number
}

/**
 * Makes a view of the actor's user, behind all that the user sees where no position is said.
 *
 * @throws Refusal `invalid_body` when there are as many as there may be
 */
export const createView = (
  { companyId, userUuid }: Owner,
  body: ViewBody & { readonly name: string },
  present: Present,
  { wholeSeconds }: Told,
): Work<ReturnType<typeof viewTold>> => ({
  companyId,
  keys: {},
  ids: { saved_views: 1 },
  decide: (_, at) => {
    refuseMoreThan(viewLimits.views, 'views', present.own, 'A user')
    const { shared = false } = body
    if (shared) refuseMoreThan(viewLimits.shared, 'shared views', present.shared)
    const row: ViewRow = {
      company_id: companyId,
      id: at.nextId('saved_views'),
      uuid: at.uuid(),
      created_at: at.now,
      updated_at: at.now,
      user_uuid: userUuid,
      name: body.name,
      shared,
      layout: body.layout ?? 'table',
      query: body.query ?? {},
      columns: body.columns ?? [],
      position: body.position ?? Math.min(present.lastPosition + 1, viewLimits.position),
    }
    return { reply: viewTold(row, wholeSeconds), writes: [{ kind: 'insert', table: 'saved_views', row }] }
  },
})

/**
 * Changes the members that are sent.
 *
 * @throws Refusal `view_not_found` when the actor may not change it, or it has gone; `invalid_body` when the company shares
 *   as many as it may
 */
export const changeView = (
  owner: Owner,
  viewId: number,
  body: ViewBody,
  { present, wholeSeconds }: Told & { readonly present: Pick<Present, 'shared'> },
): Work<ReturnType<typeof viewTold>> => ({
  companyId: owner.companyId,
  keys: { view: viewId },
  decide: ({ view }, { now }) => {
    const before = ownOrShared(view, owner)
    if (body.shared === true && !before.shared) refuseMoreThan(viewLimits.shared, 'shared views', present.shared)
    const set = {
      updated_at: now,
      name: body.name ?? before.name,
      shared: body.shared ?? before.shared,
      layout: body.layout ?? before.layout,
      query: body.query ?? before.query,
      columns: body.columns ?? before.columns,
      position: body.position ?? before.position,
    }
    const key = { company_id: before.company_id, id: before.id }
    return {
      reply: viewTold({ ...before, ...set }, wholeSeconds),
      writes: [{ kind: 'update', table: 'saved_views', key, set }],
    }
  },
})

/** @throws Refusal `view_not_found` when the actor may not delete it, or it has gone */
export const deleteView = (owner: Owner, viewId: number): Work<null> => ({
  companyId: owner.companyId,
  keys: { view: viewId },
  decide: ({ view }) => {
    const { company_id, id } = ownOrShared(view, owner)
    return { reply: null, writes: [{ kind: 'delete', table: 'saved_views', key: { company_id, id } }] }
  },
})

/** @throws Refusal `view_not_found`: of what is another user's alone nobody else learns that it is there */
function ownOrShared(view: ViewRow | undefined, { userUuid }: Owner): ViewRow {
  if (view === undefined || !(view.shared || view.user_uuid === userUuid)) throw new Refusal('view_not_found')
  return view
}

/** The views that a user sees, in their order. */
export const viewsOf = (database: Database, { companyId, userUuid }: Owner): Promise<ViewRow[]> =>
  database.find<ViewRow>((db) =>
    db
      .selectFrom('saved_views')
      .selectAll()
      .where('company_id', '=', companyId)
      .where((eb) => eb.or([eb('user_uuid', '=', userUuid), eb('shared', '=', true)]))
      .orderBy('position')
      .orderBy('id'),
  )

export function presentOf(views: readonly ViewRow[], { userUuid }: Owner): Present {
  return {
    own: views.filter(({ user_uuid }) => user_uuid === userUuid).length,
    shared: views.filter(({ shared }) => shared).length,
    lastPosition: views.at(-1)?.position ?? -1,
  }
}

/** @throws Refusal `view_not_found` when there is none in the company */
export async function viewIdOf(
  database: Database,
  companyId: number,
  reference: Reference | undefined,
): Promise<number> {
  if (typeof reference === 'number') return reference
  const view =
    reference === undefined ? undefined : await database.read('saved_views', { company_id: companyId, uuid: reference })
  if (view === undefined) throw new Refusal('view_not_found')
  return view.id
}

/** A view as it is answered. */
export const viewTold = (view: ViewRow, wholeSeconds: boolean) => ({
  id: view.id,
  uuid: view.uuid,
  user_uuid: view.user_uuid,
  name: view.name,
  shared: view.shared,
  layout: view.layout,
  query: view.query,
  columns: view.columns,
  position: view.position,
  created_at: wireTime(view.created_at, wholeSeconds),
  updated_at: wireTime(view.updated_at, wholeSeconds),
})
