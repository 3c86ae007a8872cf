import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isStorable, referenceFromText } from '../contract/forms.ts'
import * as contract from '../contract/transfer.ts'
import { pageFrom } from '../http/pages.ts'
import { type Server, serve, signalOf } from '../http/serve.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import type { Random } from '../kernel/random.ts'
import { Refusal, unavailable } from '../kernel/refusal.ts'
import { wireTime, wireTimeOrNull } from '../kernel/time.ts'
import { readListRequest } from '../leads/list-request.ts'
import { isOwnCompany } from '../leads/queries.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { exportLeads } from './export.ts'
import {
  beginImport,
  type ImportOptions,
  type ImportSettings,
  isRunning,
  isUnderWay,
  mappingFrom,
  runImport,
  usualMode,
} from './import.ts'
import { ImportRefused } from './refused.ts'
import { beginUndo, runUndo } from './undo.ts'

type Query = Readonly<Record<string, string | undefined>>

const oldMs = 86_400_000
/** Imports of a company that are under way at once: each may hold a file as large as may be sent. */
const atOnceMax = 4
const againSeconds = 5

interface Options {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  /** Something in the background failed; the import tells that it is not over. */
  readonly onBackgroundError: (error: unknown) => void
}

/** @returns stops what runs in the background; resolves when it has */
export function transferRoutes(server: Server, database: Database, options: Options): { close(): Promise<void> } {
  const { config, clock, random, onBackgroundError } = options
  const files = join(config.data, 'imports')
  forgetOld(files, clock.now())
  const { wholeSeconds } = config
  const running = new Set<Promise<unknown>>()
  const places = new Places()
  let isStopped = false
  const inBackground = (act: () => Promise<unknown>): void => {
    const run = act().catch((error: unknown) => {
      if (!isStopped) onBackgroundError(error)
    })
    running.add(run)
    void run.then(() => running.delete(run))
  }
  const view = (row: Row<'imports'>) => importView(row, clock.now(), wholeSeconds)

  serve(server, contract.exportLeads, async ({ actor, params, query }, exchange) => {
    if (!isOwnCompany(params, actor)) throw new Refusal('not_found')
    const list = readListRequest(query, await database.definitions(actor.companyId))
    const format = contract.formats.find((one) => one === query['format']) ?? 'csv'
    const stream = exportLeads(database, actor.companyId, { list, format, wholeSeconds }, signalOf(exchange))
    const headers = {
      'content-type': `${contract.mediaTypes[format]}; charset=utf-8`,
      'content-disposition': `attachment; filename="leads.${format}"`,
    }
    return { stream, headers }
  })

  serve(server, contract.importLeads, async ({ actor, query, requestId }, exchange) => {
    const settings = settingsOf(query, formatOf(exchange.request))
    const cause = { actor, requestId }
    const leave = places.enter(actor.companyId)
    let file: string
    let begun: Row<'imports'>
    try {
      file = await kept(exchange.request, files, random.uuid(clock.now()))
      begun = await beginImport(database, actor.companyId, settings, cause).catch((error: unknown) => {
        rmSync(file, { force: true })
        throw error instanceof ImportRefused ? wrongQuery('by', error.message) : error
      })
    } catch (error) {
      leave()
      throw error
    }
    const run: ImportOptions = {
      ...cause,
      requiresFields: config.requiredFields,
      wholeSeconds,
      isStopped: () => isStopped,
    }
    inBackground(async () => {
      try {
        await runImport(database, begun, createReadStream(file), settings, run)
      } finally {
        rmSync(file, { force: true })
        leave()
      }
    })
    return { body: view(begun), headers: { location: `${contract.importLeads.path}/${begun.id}` } }
  })

  serve(server, contract.undoImport, async ({ actor, params, requestId }) => {
    const found = await importOf(database, actor.companyId, params['importId'])
    const { reply: begun } = await database.transact(beginUndo(found))
    inBackground(() => runUndo(database, begun, { actor, requestId, isStopped: () => isStopped }))
    return { body: view(begun) }
  })

  readRoutes(server, database, view)
  return {
    close: async () => {
      isStopped = true
      await Promise.all(running)
    },
  }
}

/** Places of companies for imports that are under way in this process. */
class Places {
  readonly #taken = new Map<number, number>()

  /**
   * @returns gives the place back
   * @throws Refusal `rate_limited` when all are taken
   */
  enter(companyId: number): () => void {
    const taken = this.#taken.get(companyId) ?? 0
    if (taken >= atOnceMax) throw new Refusal('rate_limited', { retryAfterSeconds: againSeconds })
    this.#taken.set(companyId, taken + 1)
    return () => {
      const left = (this.#taken.get(companyId) ?? 1) - 1
      if (left === 0) this.#taken.delete(companyId)
      else this.#taken.set(companyId, left)
    }
  }
}

/** What was imported, and what is. */
function readRoutes(
  server: Server,
  database: Database,
  view: (row: Row<'imports'>) => ReturnType<typeof importView>,
): void {
  serve(server, contract.listImports, async ({ actor, query }) => {
    const { page, pageSize } = pageFrom(query)
    const rows = await database.find<Row<'imports'>>((db) =>
      db
        .selectFrom('imports')
        .selectAll()
        .where('company_id', '=', actor.companyId)
        .orderBy('id', 'desc')
        .limit(pageSize)
        .offset((page - 1) * pageSize),
    )
    return { body: rows.map(view) }
  })

  serve(server, contract.getImport, async ({ actor, params }) => {
    return { body: view(await importOf(database, actor.companyId, params['importId'])) }
  })

  serve(server, contract.listImportRows, async ({ actor, params, query }) => {
    const { id } = await importOf(database, actor.companyId, params['importId'])
    const { pageSize } = pageFrom(query)
    const outcome = contract.rowOutcomes.find((one) => one === query['outcome'])
    const found = await database.find<Row<'import_rows'>>((db) => {
      const rows = db
        .selectFrom('import_rows')
        .selectAll()
        .where('company_id', '=', actor.companyId)
        .where('import_id', '=', id)
        .where('row', '>', Number(query['cursor'] ?? 0))
      return (outcome === undefined ? rows : rows.where('outcome', '=', outcome)).orderBy('row').limit(pageSize + 1)
    })
    const rows = found.slice(0, pageSize)
    const last = found.length > pageSize ? rows.at(-1) : undefined
    const body = rows.map(({ row, outcome: became, lead_id, sequence, error }) => ({
      row,
      outcome: became,
      lead_id,
      sequence,
      error,
    }))
    return { body, headers: last === undefined ? {} : { 'x-next-cursor': String(last.row) } }
  })
}

function formatOf({ headers }: IncomingMessage): contract.Format {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  const format = contract.formats.find((one) => contract.mediaTypes[one] === type)
  if (format === undefined || (headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new Refusal('unsupported_file_type')
  }
  return format
}

const wrongQuery = (name: string, hint: string): Refusal =>
  new Refusal('invalid_query', { faults: [{ path: `/${name}`, message: `Invalid ${name}`, hint }] })

/** @throws Refusal `invalid_query` */
function settingsOf(query: Query, format: contract.Format): ImportSettings {
  const by = contract.namings.find((one) => one === query['by'])
  const mode = contract.modes.find((one) => one === query['mode']) ?? usualMode(by)
  const blank = contract.blanks.find((one) => one === query['blank']) ?? 'keep'
  const name = query['name'] ?? `leads.${format}`
  if (name.trim() === '' || name.length > 255 || !isStorable(name)) {
    throw wrongQuery('name', 'a text of at most 255 characters')
  }
  const dry = query['dry_run'] ?? '0'
  if (!['0', '1', 'false', 'true'].includes(dry)) throw wrongQuery('dry_run', '1 or 0')
  return { name, format, by, mode, blank, mapping: mappingIn(query['mapping']), dryRun: dry === '1' || dry === 'true' }
}

function mappingIn(text = '{}'): ImportSettings['mapping'] {
  const mapping = mappingFrom(text)
  if (mapping === undefined) throw wrongQuery('mapping', 'JSON such as {"Firm":"company_name","Notes":""}')
  return mapping
}

/** Files of imports that ended with their process, after a day: another process may be at work on a younger one. */
function forgetOld(directory: string, now: number): void {
  if (!existsSync(directory)) return
  for (const name of readdirSync(directory)) {
    const file = join(directory, name)
    const found = statSync(file, { throwIfNoEntry: false })
    if (found !== undefined && now - found.mtimeMs > oldMs) rmSync(file, { force: true })
  }
}

/**
 * Keeps what is sent in a file, as fast as it comes: rows take longer than the time that a request has.
 *
 * @throws Refusal `body_too_large`, `invalid_request` when the client went away, `unavailable` when the disk refuses
 */
async function kept(request: IncomingMessage, directory: string, name: string): Promise<string> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, name)
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      done(bytes > contract.fileBytesMax ? new Refusal('body_too_large') : null, chunk)
    },
  })
  try {
    await pipeline(request, counted, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
    return file
  } catch (error) {
    rmSync(file, { force: true })
    if (error instanceof Refusal) throw error
    throw request.destroyed ? new Refusal('invalid_request', { cause: error }) : unavailable(error)
  }
}

/** @throws Refusal `import_not_found` */
async function importOf(database: Database, companyId: number, named: string | undefined): Promise<Row<'imports'>> {
  const reference = referenceFromText(named ?? '')
  const key = typeof reference === 'string' ? { uuid: reference } : { id: reference ?? 0 }
  const found = await database.read('imports', { company_id: companyId, ...key })
  if (found === undefined) throw new Refusal('import_not_found')
  return found
}

function importView(row: Row<'imports'>, now: number, wholeSeconds: boolean) {
  const { company_id: _, user_uuid: __, settings, created_at, updated_at, ended_at, ...shown } = row
  const isLeft = isUnderWay(row.state) && !isRunning(row, now)
  const left = `The server that ${row.state === 'undoing' ? 'undid' : 'ran'} it is gone.`
  return {
    ...shown,
    created_at: wireTime(created_at, wholeSeconds),
    updated_at: wireTime(updated_at, wholeSeconds),
    ended_at: wireTimeOrNull(ended_at, wholeSeconds),
    format: settings.format,
    by: settings.by,
    mode: settings.mode,
    passed_over: settings.passedOver,
    ...(isLeft && { state: 'stopped', message: left }),
  }
}
