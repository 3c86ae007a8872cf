import { setTimeout as wait } from 'node:timers/promises'
import { isObject } from '../contract/forms.ts'
import type { blanks, Format, modes, namings } from '../contract/transfer.ts'
import type { Cause } from '../events/record.ts'
import { Refusal } from '../kernel/refusal.ts'
import { changeLeads, type Result } from '../leads/batch.ts'
import { readBatch } from '../leads/batch-request.ts'
import type { Database, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { Names } from './labels.ts'
import { bodyOfCells, bodyOfObject, type LeadBody, RowRefused } from './lead-body.ts'
import { type Target, targetsOf } from './mapping.ts'
import { counted, Part, type Read, rowOf, tellable } from './outcomes.ts'
import { ImportRefused } from './refused.ts'
import { type BadRow, csvRows, type FileRow, jsonRows } from './rows.ts'

export interface ImportSettings {
  /** What people call it, such as the name of its file. */
  readonly name: string
  readonly format: Format
  /** What finds the lead of a row; undefined where each row makes one. */
  readonly by: (typeof namings)[number] | undefined
  readonly mode: (typeof modes)[number]
  /** Of a table: column → what it is. */
  readonly mapping: Readonly<Record<string, string>>
  readonly blank: (typeof blanks)[number]
  /** Nothing is changed; what would be is told. */
  readonly dryRun: boolean
}

/** What is meant where nobody says what to do with the leads that are found. */
export const usualMode = (by: ImportSettings['by']): ImportSettings['mode'] =>
  by === undefined ? 'create' : by === 'id' || by === 'uuid' ? 'update' : 'upsert'

/** A mapping from its JSON; undefined when it is none. */
export function mappingFrom(text: string): ImportSettings['mapping'] | undefined {
  let sent: unknown
  try {
    sent = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(sent)) return undefined
  const entries = Object.entries(sent)
  const isMapping = entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
  return isMapping ? Object.fromEntries(entries) : undefined
}

export interface ImportOptions extends Cause {
  readonly requiresFields: boolean
  readonly wholeSeconds: boolean
  /** Rows that are committed together: more of them make a long file shorter, and others wait longer in between. */
  readonly rowsAtOnce?: number
  readonly onProgress?: (standing: Row<'imports'>) => void
  readonly isStopped?: () => boolean
}

/** An import of which nothing was heard for so long runs no more, in ms: its process is gone. */
const silentMsMax = 180_000

/**
 * Whether a process is at work on it, or on undoing it.
 *
 * @param now Unix ms
 */
export const isRunning = ({ state, updated_at }: Row<'imports'>, now: number): boolean =>
  isUnderWay(state) && now - updated_at < silentMsMax

/** True also of what a process has left without an end. */
export const isUnderWay = (state: Row<'imports'>['state']): boolean => state === 'running' || state === 'undoing'

const stoppedMessage = 'It was stopped.'
const failedMessage = 'Something failed that is not of the file: the log tells what. What was imported before stands.'

/** Rows that are committed together, with what became of each, beside requests. */
const rowsAtOnceUsual = 128
/** In characters: what is read and what is being committed is in memory, with one row beyond it. */
const sizeAtOnceMax = 4 * 1024 * 1024
/** How long a database may refuse, in steps. */
const refusedMsMax = 60_000
const refusedStepMs = 500

/**
 * Begins an import; nothing of its file is read yet.
 *
 * @throws ImportRefused the settings do not go together
 */
export async function beginImport(
  database: Database,
  companyId: number,
  settings: ImportSettings,
  cause: Cause,
): Promise<Row<'imports'>> {
  refuseSettings(settings)
  return (await database.transact(begun(companyId, settings, cause))).reply
}

/**
 * Imports a file, row by row in its order. What became of each row is committed with its change, so that an import that is
 * cut off tells how far it came and can be undone.
 *
 * @returns the import, as it ended; `stopped` tells why in its message, and what was imported before stands
 * @throws what keeps the file or the database from being asked; the import is `stopped` then, if that can be written
 * @see docs/behaviour.md §19 Import and export
 */
export async function runImport(
  database: Database,
  begun: Row<'imports'>,
  bytes: AsyncIterable<Uint8Array>,
  settings: ImportSettings,
  options: ImportOptions,
): Promise<Row<'imports'>> {
  const run = new Run(database, begun, settings, options)
  const isStopped = (): boolean => options.isStopped?.() === true
  try {
    const refused = await takeRows(run, settings.format === 'csv' ? csvRows(bytes) : jsonRows(bytes), options)
    await run.settled()
    const message = refused ?? (isStopped() ? stoppedMessage : null)
    return await run.end(message === null ? 'done' : 'stopped', message)
  } catch (error) {
    await run.fail(isStopped() ? stoppedMessage : failedMessage)
    throw error
  }
}

/** @returns why the file cannot be read any further, or null at its end or when the import is stopped */
async function takeRows(
  run: Run,
  rows: AsyncIterable<FileRow | BadRow>,
  { rowsAtOnce = rowsAtOnceUsual, isStopped }: ImportOptions,
): Promise<string | null> {
  let waiting: (FileRow | BadRow)[] = []
  let size = 0
  try {
    for await (const row of rows) {
      size += 'size' in row ? row.size : 0
      if (waiting.push(row) < rowsAtOnce && size < sizeAtOnceMax) continue
      await run.take(waiting)
      waiting = []
      size = 0
      if (isStopped?.() === true) break
    }
    await run.take(waiting)
    return null
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
    return error.message
  }
}

function refuseSettings({ by, mode }: ImportSettings): void {
  if (mode !== 'create' && by === undefined) throw new ImportRefused(`To ${mode} leads, say what finds them.`)
  if (mode === 'create' && by !== undefined) throw new ImportRefused('Leads that are made are not looked for.')
  if (mode === 'upsert' && (by === 'id' || by === 'uuid')) {
    throw new ImportRefused('The server makes ids and uuids itself: upsert by email or externalId.')
  }
}

const begun = (companyId: number, settings: ImportSettings, { actor }: Cause): Work<Row<'imports'>> => ({
  companyId,
  keys: {},
  ids: { imports: 1 },
  decide: (_, at) => {
    const row: Row<'imports'> = {
      company_id: companyId,
      id: at.nextId('imports'),
      uuid: at.uuid(),
      created_at: at.now,
      updated_at: at.now,
      ended_at: null,
      user_uuid: actor?.userUuid ?? null,
      name: settings.name,
      settings: {
        format: settings.format,
        by: settings.by ?? null,
        mode: settings.mode,
        blank: settings.blank,
        passedOver: [],
      },
      dry_run: settings.dryRun,
      state: 'running',
      message: null,
      rows: 0,
      created: 0,
      updated: 0,
      unchanged: 0,
      failed: 0,
      undone: 0,
    }
    return { reply: row, writes: [{ kind: 'insert', table: 'imports', row }] }
  },
})

/** An import under way. */
class Run {
  readonly #database: Database
  readonly #settings: ImportSettings
  readonly #options: ImportOptions
  #standing: Row<'imports'>
  #names: Names | undefined
  #targets: ReadonlyMap<string, Target> | undefined
  #committing: Promise<void> = Promise.resolve()

  constructor(database: Database, begun: Row<'imports'>, settings: ImportSettings, options: ImportOptions) {
    this.#database = database
    this.#standing = begun
    this.#settings = settings
    this.#options = options
  }

  /** Reads rows while those before are committed; resolves when these are being committed. */
  async take(rows: readonly (FileRow | BadRow)[]): Promise<void> {
    if (rows.length === 0) return
    const definitions = await this.#database.definitions(this.#standing.company_id)
    if (this.#names?.definitions.version !== definitions.version) this.#names = new Names(definitions)
    const names = this.#names
    const part = new Part(
      rows,
      rows.map((row) => this.#read(row, names)),
    )
    await this.#committing
    this.#committing = this.#commit(part)
    this.#committing.catch(() => {}) // who waits for it next is told
  }

  /** Resolves when all that was taken is committed. */
  async settled(): Promise<void> {
    await this.#committing
  }

  async #commit(part: Part): Promise<void> {
    const before = this.#standing
    const told = (results: readonly Result[]): Row<'import_rows'>[] =>
      part.outcomes(results).map((outcome, at) => rowOf(before, part.rows[at]?.row ?? 0, outcome))
    const { requiresFields, wholeSeconds, actor, requestId } = this.#options
    const { dryRun } = this.#settings
    const also = (results: readonly Result[], now: number): Write[] => {
      const rows = told(results)
      const kept = dryRun ? rows.filter(({ outcome }) => outcome === 'failed') : rows
      return [
        updated({ ...counted(before, rows), updated_at: now }),
        ...kept.map((row): Write => ({ kind: 'insert', table: 'import_rows', row })),
      ]
    }
    const atOnce = part.rows.length
    const options = { strict: false, requiresFields, wholeSeconds, actor, requestId, also, atOnce, dryRun }
    const once = { key: `import/${before.uuid}/${before.rows}`, fingerprint: before.uuid }
    const { results } = await this.#patiently(() =>
      changeLeads(this.#database, before.company_id, part.batch, { ...options, once }),
    )
    this.#standing = counted(before, told(results)) // not in `also`: an answer may have been given before
    this.#options.onProgress?.(this.#standing)
  }

  async end(state: Row<'imports'>['state'], message: string | null): Promise<Row<'imports'>> {
    const { company_id: companyId } = this.#standing
    const { reply } = await this.#patiently(() =>
      this.#database.transact({
        companyId,
        keys: {},
        decide: (_, at) => {
          const told = message === null ? null : tellable(message)
          const ended = { ...this.#standing, state, message: told, updated_at: at.now, ended_at: at.now }
          return { reply: ended, writes: [updated(ended)] }
        },
      }),
    )
    return reply
  }

  /** Ends it although something fails; where that cannot be written either, its silence tells. */
  async fail(message: string): Promise<void> {
    await this.#committing.catch(() => {}) // whoever waited for it was told
    await this.end('stopped', message).catch(() => {})
  }

  #patiently<T>(act: () => Promise<T>): Promise<T> {
    return patiently(act, this.#options.isStopped)
  }

  #read(row: FileRow | BadRow, names: Names): Read {
    if ('error' in row) return { error: row.error }
    try {
      return { operation: this.#operationOf(this.#bodyOf(row, names)) }
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error
      return { error: [error.message, ...this.#faultsOf(error.rest)].join('; ') }
    }
  }

  /** What is wrong with the rest of a row that is refused already, so that all of it can be put right at once. */
  #faultsOf(rest: LeadBody): string[] {
    if (Object.keys(rest).length === 0) return []
    const { operations } = readBatch({ operations: [{ op: 'create', lead: rest }] }, false)
    const [read] = operations(0, 1)
    return read?.op === 'refused' ? read.refusal.faults.map(({ message }) => message) : []
  }

  #bodyOf({ members }: FileRow, names: Names): LeadBody {
    if (this.#settings.format === 'jsonl') return bodyOfObject(members, names)
    this.#targets ??= this.#targetsOf(Object.keys(members), names)
    return bodyOfCells(members, this.#targets, this.#settings.blank, names)
  }

  #targetsOf(columns: readonly string[], names: Names): ReadonlyMap<string, Target> {
    const targets = targetsOf(columns, this.#settings.mapping, names)
    const passedOver = columns.filter((column) => targets.get(column)?.kind === 'none').map(tellable)
    this.#standing = { ...this.#standing, settings: { ...this.#standing.settings, passedOver } }
    return targets
  }

  /** @throws RowRefused the row does not say which lead it is */
  #operationOf({ id, uuid, ...lead }: LeadBody): LeadBody {
    const { by, mode } = this.#settings
    if (by === undefined) return { op: 'create', lead }
    const member = by === 'externalId' ? 'external_id' : by
    const key = by === 'id' ? id : by === 'uuid' ? uuid : lead[member]
    if (key === undefined || key === null || key === '') throw new RowRefused(`the row has no ${member}`)
    return { op: mode, by, key, lead }
  }
}

/** What it is called is not written again: that may have been erased since the row was read. */
export function updated({ company_id, id, name: _, ...set }: Row<'imports'>): Write {
  return { kind: 'update', table: 'imports', key: { company_id, id }, set }
}

/** Tries again while the database refuses; each try is safe. */
export async function patiently<T>(act: () => Promise<T>, isStopped = () => false): Promise<T> {
  for (let waited = 0; ; waited += refusedStepMs) {
    try {
      return await act()
    } catch (error) {
      const isRefused = error instanceof Refusal && ['unavailable', 'idempotency_running'].includes(error.failure)
      if (!isRefused || waited >= refusedMsMax || isStopped()) throw error
      await wait(refusedStepMs)
    }
  }
}
