import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { contactMembers, type Status, statuses } from '../contract/leads.ts'
import type { Dialect } from './dialect.ts'
import type { Database, Listing } from './port.ts'
import type { Row } from './tables.ts'

/** What must hold of a row of a list. */
export type Condition =
  | { readonly kind: 'never' }
  | { readonly kind: 'status'; readonly statuses: readonly Status[] }
  | { readonly kind: 'has'; readonly column: 'tags' | 'assigned_users'; readonly ids: readonly number[] }
  | { readonly kind: 'assigned'; readonly is: boolean }
  | { readonly kind: 'reseller' }
  | { readonly kind: 'campaigns' }
  /** In a text of the lead, or assigned to one of these users. */
  | { readonly kind: 'search'; readonly needle: string; readonly users: readonly number[] }
  | { readonly kind: 'field is'; readonly id: number; readonly value: string | number | boolean }
  | { readonly kind: 'field has'; readonly id: number; readonly options: readonly number[] }
  | { readonly kind: 'field holds'; readonly id: number; readonly needle: string }
  | { readonly kind: 'updated since'; readonly at: number }

/** Where a list goes on, behind a row. */
export type Cursor =
  | { readonly kind: 'time'; readonly before: number }
  /** `rank` is the row's place in the order that is asked for, where one is. */
  | { readonly kind: 'exact'; readonly rank: number | undefined; readonly createdAt: number; readonly id: number }

export interface ListRequest {
  /** All of them hold of each row. */
  readonly conditions: readonly Condition[]
  /** Undefined is newest first. */
  readonly byStatus: 'ascending' | 'descending' | undefined
  readonly cursor: Cursor | undefined
}

/** A cursor as `X-Next-Cursor` tells it. */
const cursorText = ({ rank, createdAt, id }: Extract<Cursor, { kind: 'exact' }>): string =>
  `${rank === undefined ? '' : `s${rank}.`}${createdAt}.${id}`

function spell(condition: Condition, spelled: Dialect): Expression<SqlBool> {
  switch (condition.kind) {
    case 'never':
      return sql<SqlBool>`1 = 0`
    case 'status':
      return sql<SqlBool>`status IN (${sql.join([...condition.statuses])})`
    case 'has':
      return spelled.hasOneOf(condition.column, condition.ids)
    case 'assigned':
      return condition.is ? sql<SqlBool>`NOT ${spelled.isEmpty('assigned_users')}` : spelled.isEmpty('assigned_users')
    case 'reseller':
      return sql<SqlBool>`partner_type = 'reseller'`
    case 'campaigns':
      return sql<SqlBool>`campaign_id IS NOT NULL`
    case 'search': {
      const inTexts = spelled.holds(condition.needle, contactMembers)
      if (condition.users.length === 0) return inTexts
      return sql<SqlBool>`(${inTexts} OR ${spelled.hasOneOf('assigned_users', condition.users)})`
    }
    case 'field is':
      return spelled.fieldIs(condition.id, condition.value)
    case 'field has':
      return spelled.fieldHasOneOf(condition.id, condition.options)
    case 'field holds':
      return spelled.fieldHolds(condition.id, condition.needle)
    case 'updated since':
      return sql<SqlBool>`updated_at >= ${condition.at}`
  }
}

/** The place of a lead's status among all of them. */
const rank: RawBuilder<number> = sql`CASE status ${sql.join(
  statuses.map((status, place) => sql`WHEN ${sql.lit(status)} THEN ${sql.lit(place)}`),
  sql` `,
)} END`
const rankOf = ({ status }: Pick<Row<'leads'>, 'status'>): number => statuses.indexOf(status)

export interface LeadPage {
  /** Of all pages. */
  readonly total: number
  readonly rows: readonly Row<'leads'>[]
  /** What to ask with for the page behind; undefined on the last. */
  readonly next: string | undefined
}

/** A page that goes on by a time ends with the last row of its millisecond, if that is among so many rows. */
const extendedRowsMax = 1_000

/** A page of a company's leads that are not archived, and how many there are in all. */
export async function listLeads(
  database: Database,
  companyId: number,
  { conditions, byStatus, cursor, page, pageSize }: ListRequest & { readonly page: number; readonly pageSize: number },
): Promise<LeadPage> {
  const all: Chosen = { companyId, conditions, byStatus }
  const [counted] = await database.find<{ total: number }>((db, spelled) =>
    chosen(db, spelled, all).select(({ fn }) => fn.countAll<number>().as('total')),
  )
  const total = counted?.total ?? 0
  const offset = cursor === undefined ? (page - 1) * pageSize : 0
  if (offset >= total) return { total, rows: [], next: undefined }
  const found = await rowsOf(database, all, { cursor, offset, limit: pageSize + 1 })
  const rows = found.slice(0, pageSize)
  let isMore = found.length > pageSize
  const last = rows.at(-1)
  if (cursor?.kind === 'time' && last !== undefined && found[pageSize]?.created_at === last.created_at) {
    const limit = extendedRowsMax - rows.length
    rows.push(
      ...(await rowsOf(database, all, { cursor: exactOf(last, byStatus), offset: 0, limit, from: last.created_at })),
    )
    isMore =
      (await rowsOf(database, all, { cursor: exactOf(rows.at(-1) ?? last, byStatus), offset: 0, limit: 1 })).length > 0
  }
  const end = rows.at(-1)
  return { total, rows, next: isMore && end !== undefined ? cursorText(exactOf(end, byStatus)) : undefined }
}

const exactOf = (row: Row<'leads'>, byStatus: ListRequest['byStatus']): Extract<Cursor, { kind: 'exact' }> => ({
  kind: 'exact',
  rank: byStatus === undefined ? undefined : rankOf(row),
  createdAt: row.created_at,
  id: row.id,
})

interface Chosen extends Pick<ListRequest, 'conditions' | 'byStatus'> {
  readonly companyId: number
}

interface Part {
  readonly cursor: Cursor | undefined
  readonly offset: number
  readonly limit: number
  /** Only rows made at this time (Unix ms) or later. */
  readonly from?: number
}

type Tables = Parameters<Listing<unknown>>[0]

function chosen(db: Tables, spelled: Dialect, { companyId, conditions }: Chosen) {
  let rows = db.selectFrom('leads').where('company_id', '=', companyId).where('archived_at', 'is', null)
  for (const condition of conditions) rows = rows.where(spell(condition, spelled))
  return rows
}

/** Rows in their order. The ids of a page are found first: what is passed over is not read. */
function rowsOf(database: Database, all: Chosen, { cursor, offset, limit, from }: Part): Promise<Row<'leads'>[]> {
  const { companyId, byStatus } = all
  const direction = byStatus === 'descending' ? 'desc' : 'asc'
  return database.find<Row<'leads'>>((db, spelled) => {
    let ids = chosen(db, spelled, all).select('id')
    if (cursor !== undefined) ids = ids.where(behind(cursor, byStatus))
    if (from !== undefined) ids = ids.where('created_at', '>=', from)
    if (byStatus !== undefined) ids = ids.orderBy(rank, direction)
    ids = ids.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).offset(offset)
    let rows = db
      .selectFrom(ids.as('page'))
      .innerJoin('leads', (join) => join.on('leads.company_id', '=', companyId).onRef('leads.id', '=', 'page.id'))
      .selectAll('leads')
    if (byStatus !== undefined) rows = rows.orderBy(rank, direction)
    return rows.orderBy('leads.created_at', 'desc').orderBy('leads.id', 'desc')
  })
}

function behind(cursor: Cursor, byStatus: ListRequest['byStatus']): Expression<SqlBool> {
  if (cursor.kind === 'time') return sql<SqlBool>`created_at < ${cursor.before}`
  const older = sql<SqlBool>`(created_at, id) < (${cursor.createdAt}, ${cursor.id})`
  if (byStatus === undefined) return older
  const further =
    byStatus === 'ascending' ? sql<SqlBool>`${rank} > ${cursor.rank}` : sql<SqlBool>`${rank} < ${cursor.rank}`
  return sql<SqlBool>`(${further} OR (${rank} = ${cursor.rank} AND ${older}))`
}
