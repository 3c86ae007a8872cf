import { describe, expect, test } from 'vitest'
import { viewLimits } from '../../src/contract/views.ts'
import type { Row } from '../../src/storage/tables.ts'
import { changeView, createView, deleteView, presentOf } from '../../src/views/change.ts'
import { readView } from '../../src/views/read-body.ts'
import { noon, userUuid, uuidOf } from '../fixture.ts'
import { aMoment, refusalFrom } from '../leads/examples.ts'

const eva = { companyId: 3, userUuid: userUuid(31) }
const tom = { companyId: 3, userUuid: userUuid(32) }
const told = { wholeSeconds: false }
const none = { own: 0, shared: 0, lastPosition: -1 }
const notFound = { failure: 'view_not_found', status: 404 }

const aView = (more: Partial<Row<'saved_views'>> = {}): Row<'saved_views'> => ({
  company_id: 3,
  id: 5,
  uuid: uuidOf(11, 5),
  created_at: noon,
  updated_at: noon,
  user_uuid: eva.userUuid,
  name: 'Mine',
  shared: false,
  layout: 'table',
  query: { status: ['new'] },
  columns: ['company_name'],
  position: 2,
  ...more,
})

const nothing = readView({}, 'when sent').value

describe('a new view', () => {
  const made = (present = none, body = {}) =>
    createView(eva, { ...nothing, name: 'New', ...body }, present, told).decide({}, aMoment())

  test("is its user's alone, a table of everything, behind the others", () => {
    const { writes, reply } = made({ own: 3, shared: 1, lastPosition: 6 })
    const row = {
      company_id: 3,
      id: 100,
      uuid: uuidOf(6, 100),
      created_at: noon + 86_400_000,
      updated_at: noon + 86_400_000,
      user_uuid: eva.userUuid,
      name: 'New',
      shared: false,
      layout: 'table',
      query: {},
      columns: [],
      position: 7,
    }
    expect(writes).toEqual([{ kind: 'insert', table: 'saved_views', row }])
    expect(reply).toMatchObject({ id: 100, name: 'New', position: 7, created_at: '2026-01-16T12:00:00.000Z' })
    expect(reply).not.toHaveProperty('company_id')
  })

  test('is refused when its user has as many as there may be, or the company shares as many', () => {
    const message = 'A user has at most 100 views'
    expect(refusalFrom(() => made({ ...none, own: viewLimits.views }))).toMatchObject({ status: 400, message })
    expect(made({ ...none, own: viewLimits.views - 1 }).writes).toHaveLength(1)
    const full = { ...none, shared: viewLimits.shared }
    expect(made(full).writes).toHaveLength(1)
    const shared = 'A company has at most 500 shared views'
    expect(refusalFrom(() => made(full, { shared: true }))).toMatchObject({ status: 400, message: shared })
  })

  test('stands within the bound of positions', () => {
    const last = { ...none, lastPosition: viewLimits.position }
    expect(made(last).reply.position).toBe(viewLimits.position)
  })
})

describe('a change of a view', () => {
  const changed = (view: Row<'saved_views'> | undefined, actor = eva, body = {}, shared = 0) =>
    changeView(actor, 5, { ...nothing, ...body }, { ...told, present: { shared } }).decide({ view }, aMoment())

  test('touches what was sent', () => {
    const { writes, reply } = changed(aView(), eva, { layout: 'board', position: 0 })
    expect(writes).toMatchObject([
      { kind: 'update', table: 'saved_views', key: { company_id: 3, id: 5 }, set: { layout: 'board', position: 0 } },
    ])
    expect(reply).toMatchObject({ name: 'Mine', layout: 'board', position: 0, columns: ['company_name'] })
  })

  test("is everybody's where it is shared, and its user's alone where it is not", () => {
    expect(changed(aView({ shared: true }), tom, { name: 'Ours' }).reply).toMatchObject({
      name: 'Ours',
      user_uuid: eva.userUuid,
    })
    expect(refusalFrom(() => changed(aView(), tom))).toMatchObject(notFound)
    expect(refusalFrom(() => changed(undefined))).toMatchObject(notFound)
  })

  test('shares no more than the company may; what is shared already may be changed', () => {
    const share = { shared: true }
    expect(refusalFrom(() => changed(aView(), eva, share, viewLimits.shared))).toMatchObject({ status: 400 })
    expect(changed(aView(), eva, share, viewLimits.shared - 1).reply).toMatchObject(share)
    expect(changed(aView(share), eva, share, viewLimits.shared).reply).toMatchObject(share)
  })
})

test('who may change a view may delete it', () => {
  const deleted = (view: Row<'saved_views'> | undefined, actor = eva) =>
    deleteView(actor, 5).decide({ view }, aMoment()).writes
  const writes = [{ kind: 'delete', table: 'saved_views', key: { company_id: 3, id: 5 } }]
  expect(deleted(aView())).toEqual(writes)
  expect(deleted(aView({ shared: true }), tom)).toEqual(writes)
  expect(refusalFrom(() => deleted(aView(), tom))).toMatchObject(notFound)
  expect(refusalFrom(() => deleted(undefined))).toMatchObject(notFound)
})

test('bounds count the own and the shared', () => {
  const views = [aView(), aView({ shared: true }), aView({ user_uuid: tom.userUuid, shared: true, position: 9 })]
  expect(presentOf(views, eva)).toEqual({ own: 2, shared: 2, lastPosition: 9 })
  expect(presentOf([], eva)).toEqual(none)
})
