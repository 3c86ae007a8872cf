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
  /** The change of a lead that came before the one that was undone: the next that may be. */
  const before = new Map<number, number>()
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
          decide: ({ named = [] }, at) => undone(standing, rows, { events, before, named, cause }, at),
        }),
      cause.isStopped,
    )
    standing = reply
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
  readonly before: Map<number, number>
  readonly named: readonly Row<'leads'>[]
  readonly cause: Cause
}

function undone(standing: ImportRow, rows: readonly Done[], undoing: Undoing, at: Moment): Change<ImportRow> {
  const order = new InOrder(undoing.named, at)
  const marks: Write[] = []
  let count = 0
  for (const row of rows) {
    const result = undoRow(row, order.leads, undoing, order.at)
    order.take(result.writes)
    if (result.error === null) count += 1
    const { company_id, import_id } = row
    const set = { outcome: result.error === null ? 'undone' : 'kept', error: result.error } as const
    marks.push({ kind: 'update', table: 'import_rows', key: { company_id, import_id, row: row.row }, set })
  }
  const reply = { ...standing, undone: standing.undone + count, updated_at: at.now }
  return { reply, writes: [...order.writes, ...marks, updated(reply)] }
}

interface UndoneRow {
  readonly writes: readonly Write[]
  /** Why it was not undone. */
  readonly error: string | null
}

const kept = (error: string): UndoneRow => ({ writes: [], error })

function undoRow(row: Done, leads: StandingLeads, { events, before, cause }: Undoing, at: Moment): UndoneRow {
  const lead = leads.get(row.lead_id)
  if (lead === undefined || lead.archived_at !== null) return kept('The lead is deleted.')
  const isLast = lead.last_sequence === row.sequence || before.get(lead.id) === row.sequence
  if (!isLast) return kept('The lead was changed since.')
  const event = events.get(row.sequence)
  if (row.outcome === 'updated' && !event?.payload) return kept('What the lead was before is no longer known.')
  try {
    const writes = row.outcome === 'created' ? deleted(lead, cause, at) : restored(lead, event, leads, cause, at)
    if (event !== undefined) before.set(lead.id, event.previous_sequence)
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
