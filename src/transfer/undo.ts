import { wireValue } from '../contract/fields.ts'
import type { Cause } from '../events/record.ts'
import { Refusal } from '../kernel/refusal.ts'
import { refuseTaken } from '../leads/external-id.ts'
import type { LeadPatch } from '../leads/patch.ts'
import { InOrder, type StandingLeads } from '../leads/standing.ts'
import { decideUpdate, savedAs } from '../leads/update.ts'
import type { Definitions } from '../storage/definitions.ts'
import type { LeadBefore } from '../storage/payload.ts'
import type { Change, Database, Moment, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { isRunning, patiently, updated } from './import.ts'

type ImportRow = Row<'imports'>
type Done = Row<'import_rows'> & { readonly lead_id: number; readonly sequence: number }

/** Rows that are undone together. */
const rowsAtOnce = 128

/**
 * Tells that an import is being undone: it is undone once at a time.
 *
 * @throws Refusal `import_not_found`; `import_was_dry`; `import_running` while it runs, or while it is being undone
 */
export const beginUndo = ({ company_id, id }: Pick<ImportRow, 'company_id' | 'id'>): Work<ImportRow> => ({
  companyId: company_id,
  keys: { import: id },
  decide: ({ import: found }, { now }) => {
    if (found === undefined) throw new Refusal('import_not_found')
    if (isRunning(found, now)) throw new Refusal('import_running')
    if (found.dry_run) throw new Refusal('import_was_dry')
    return stated({ ...found, message: null }, 'undoing', now)
  },
})

const ended = (standing: ImportRow, state: 'undone' | 'stopped'): Work<ImportRow> => ({
  companyId: standing.company_id,
  keys: { import: standing.id },
  decide: (_, { now }) =>
    stated({ ...standing, message: state === 'stopped' ? 'The undo was stopped.' : null }, state, now),
})

function stated(standing: ImportRow, state: ImportRow['state'], now: number): Change<ImportRow> {
  const row: ImportRow = { ...standing, state, updated_at: now }
  return { reply: row, writes: [updated(row)] }
}

/**
 * Undoes an import: leads that it made are deleted, and what it changed is put back, the last row first. A lead that was
 * changed since is kept as it is, and the row tells why. An undo that was cut off goes on when it is begun again; one that
 * is stopped says so.
 *
 * @returns the import, with how many rows were undone
 */
export async function runUndo(
  database: Database,
  begun: ImportRow,
  cause: Cause & { readonly isStopped?: () => boolean },
): Promise<ImportRow> {
  const { company_id: companyId, id: importId } = begun
  let standing = begun
  const times = await timesBefore(database, begun)
  for (;;) {
    const rows = await rowsToUndo(database, companyId, importId)
    if (rows.length === 0) break
    const events = await eventsOf(database, companyId, rows)
    const { reply } = await patiently(
      () =>
        database.transact({
          companyId,
          keys: { named: { ids: rows.map(({ lead_id }) => lead_id), externalIds: externalIdsIn(events) } },
          alone: true,
          ids: { custom_values: [...events.values()].reduce((sum, one) => sum + valuesIn(one), 0) },
          decide: ({ named = [] }, at) => undone(standing, rows, { events, before: times, named, cause }, at),
        }),
      cause.isStopped,
    )
    standing = reply.standing
    for (const [leadId, count] of reply.times) times.set(leadId, (times.get(leadId) ?? 0) + count)
    if (cause.isStopped?.() === true) return (await database.transact(ended(standing, 'stopped'))).reply
  }
  return (await patiently(() => database.transact(ended(standing, 'undone')), cause.isStopped)).reply
}

const rowsToUndo = (database: Database, companyId: number, importId: number): Promise<Done[]> =>
  database.find<Done>((db) =>
    db
      .selectFrom('import_rows')
      .selectAll()
      .where('company_id', '=', companyId)
      .where('import_id', '=', importId)
      .where('outcome', 'in', ['created', 'updated'])
      .orderBy('row', 'desc')
      .limit(rowsAtOnce),
  )

/** How many rows were undone of a lead: by lead. */
type Times = ReadonlyMap<number, number>

/** Rows that are read together. */
const rowsRead = 1_000

/** What an undo that was cut off has undone. */
async function timesBefore(
  database: Database,
  { company_id: companyId, id: importId, undone: count }: ImportRow,
): Promise<Map<number, number>> {
  const times = new Map<number, number>()
  for (let after = 0, isMore = count > 0; isMore; ) {
    const rows = await database.find((db) =>
      db
        .selectFrom('import_rows')
        .select(['row', 'lead_id'])
        .where('company_id', '=', companyId)
        .where('import_id', '=', importId)
        .where('row', '>', after)
        .where('outcome', '=', 'undone')
        .orderBy('row')
        .limit(rowsRead),
    )
    for (const { lead_id } of rows) if (lead_id !== null) times.set(lead_id, (times.get(lead_id) ?? 0) + 1)
    after = rows.at(-1)?.row ?? after
    isMore = rows.length === rowsRead
  }
  return times
}

type Events = ReadonlyMap<number, Row<'events'>>

async function eventsOf(database: Database, companyId: number, rows: readonly Done[]): Promise<Events> {
  const sequences = rows.map(({ sequence }) => sequence)
  const events = await database.find<Row<'events'>>((db) =>
    db.selectFrom('events').selectAll().where('company_id', '=', companyId).where('sequence', 'in', sequences),
  )
  return new Map(events.map((event) => [event.sequence, event]))
}

const valuesIn = ({ payload }: Row<'events'>): number => Object.keys(payload?.was.custom_fields ?? {}).length

const externalIdsIn = (events: Events): string[] =>
  [...events.values()].flatMap(({ payload }) => payload?.was.external_id ?? [])

interface Undoing {
  readonly events: Events
  /** What was undone before these rows. */
  readonly before: Times
  readonly named: readonly Row<'leads'>[]
  readonly cause: Cause
}

interface UndoneRows {
  readonly standing: ImportRow
  readonly times: Times
}

/** Keeps nothing of what it decides but in its answer: it may be asked again. */
function undone(standing: ImportRow, rows: readonly Done[], undoing: Undoing, at: Moment): Change<UndoneRows> {
  const order = new InOrder(undoing.named, at)
  const marks: Write[] = []
  const times = new Map<number, number>()
  let count = 0
  for (const row of rows) {
    const here = times.get(row.lead_id) ?? 0
    const result = undoRow(row, (undoing.before.get(row.lead_id) ?? 0) + here, order.leads, undoing, order.at)
    order.take(result.writes)
    if (result.error === null) {
      count += 1
      times.set(row.lead_id, here + 1)
    }
    const { company_id, import_id } = row
    const set = { outcome: result.error === null ? 'undone' : 'kept', error: result.error } as const
    marks.push({ kind: 'update', table: 'import_rows', key: { company_id, import_id, row: row.row }, set })
  }
  const next = { ...standing, undone: standing.undone + count, updated_at: at.now }
  return { reply: { standing: next, times }, writes: [...order.writes, ...marks, updated(next)] }
}

interface UndoneRow {
  readonly writes: readonly Write[]
  /** Why it was not undone. */
  readonly error: string | null
}

const kept = (error: string): UndoneRow => ({ writes: [], error })

/** @param times of its lead that were undone already, behind this row */
function undoRow(row: Done, times: number, leads: StandingLeads, { events, cause }: Undoing, at: Moment): UndoneRow {
  const lead = leads.get(row.lead_id)
  if (lead === undefined || lead.archived_at !== null) return kept('The lead is deleted.')
  const event = events.get(row.sequence)
  // A row that is undone has made two versions, its own and that of its undo: any other is somebody else's.
  const isLast = event === undefined ? lead.last_sequence === row.sequence : lead.version === event.version + 2 * times
  if (!isLast) return kept('The lead was changed since.')
  if (row.outcome === 'updated' && !event?.payload) return kept('What the lead was before is no longer known.')
  try {
    const writes = row.outcome === 'created' ? deleted(lead, cause, at) : restored(lead, event, leads, cause, at)
    return { writes, error: null }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return kept(error.faults[0]?.message ?? error.message)
  }
}

const deleted = (lead: Row<'leads'>, cause: Cause, at: Moment): readonly Write[] =>
  savedAs(lead, { archived_at: at.now }, { name: 'lead_deleted', was: {} }, { at, cause }).writes

/** @throws Refusal what it was refers to something that is not there any more */
function restored(
  lead: Row<'leads'>,
  event: Row<'events'> | undefined,
  leads: StandingLeads,
  cause: Cause,
  at: Moment,
): readonly Write[] {
  const patch = patchOf(event?.payload?.was ?? {}, at.definitions)
  refuseTaken(patch.externalId, leads.byExternalId(patch.externalId), lead.id)
  const options = { ...cause, ifMatch: undefined, strict: false, representation: false, wholeSeconds: false }
  return decideUpdate(lead, patch, options, at).writes
}

/** What a change changed, as a patch that puts it back. */
function patchOf(was: LeadBefore, definitions: Definitions): LeadPatch {
  const { status, external_id, tags, assigned_users, custom_fields, archived: _, erased: __, ...contact } = was
  return {
    contact,
    externalId: external_id,
    status,
    assignedUsers: assigned_users,
    tags,
    customFields:
      custom_fields &&
      Object.entries(custom_fields).flatMap(([id, value]) => {
        const field = definitions.fields.get(Number(id))
        if (field === undefined) return []
        return { field: field.id, type: undefined, value: value === null ? null : wireValue(field.type, value) }
      }),
    ignored: [],
  }
}
