import { createReadStream, createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { statuses } from '../src/contract/lead-members.ts'
import { openDatabase } from '../src/storage/open.ts'
import { beginImport, type ImportSettings, runImport } from '../src/transfer/import.ts'
import { goalsTable, judge } from './goals.ts'
import type { Options } from './options.ts'
import { machine, rounded } from './report.ts'
import { exampleBody } from './requests.ts'
import { beginning, definitionRows } from './seed.ts'
import { companyId, drawsOf, numberFieldId, selectFieldId } from './workspace.ts'

type Say = (text: string) => void

const settings: ImportSettings = {
  name: 'bench.csv',
  format: 'csv',
  by: 'externalId',
  mode: 'upsert',
  mapping: {},
  blank: 'keep',
  dryRun: false,
}
const cause = { actor: undefined, requestId: undefined }

/** `--import`: leads that no database holds yet, from a table, beside bare inserts of the very rows that they became. */
export async function imports(directory: string, { leads }: Options, say: Say): Promise<void> {
  const file = join(directory, 'leads.csv')
  await pipeline(Readable.from(table(leads)), createWriteStream(file))
  const own = join(directory, 'import')
  const bare = join(directory, 'bare')
  for (const each of [own, bare]) await begin(each)

  const importSeconds = await imported(own, file, leads)
  say(`import: ${leads} rows in ${importSeconds.toFixed(1)} s, ${Math.round(leads / importSeconds)}/s`)
  const { seconds: bareSeconds, rows } = inserted(own, bare)
  say(
    `bare inserts: ${rows} rows of the same leads in ${bareSeconds.toFixed(1)} s, ${Math.round(leads / bareSeconds)}/s`,
  )

  const goals = judge('imports', { importToBare: rounded(bareSeconds / importSeconds, 3) })
  const results = { leads, goals, importSeconds, bareSeconds, rows, machine: machine() }
  writeFileSync(join(import.meta.dirname, 'results-import.json'), `${JSON.stringify(results, null, 2)}\n`)
  say(`\n${goalsTable(goals)}\n`)
  say(
    'The import reads a table, looks for each row by its external id, checks it by the rules of a change, and commits lead,',
  )
  say(
    'event and outcome of 512 rows at a time, as `waggle import` does. The bare inserts have the finished rows in memory, and commit as often.',
  )
}

function* table(leads: number): Generator<string> {
  const draw = drawsOf(leads)
  yield `external_id,email,first_name,last_name,status,company_name,phone_number,assignedUsers,tags,customFields.${numberFieldId},customFields.${selectFieldId}\n`
  for (let at = 0; at < leads; at += 1) {
    const { status, company_name, phone_number, assignedUsers, tags, customFields } = exampleBody(
      draw(statuses.length),
      draw,
    )
    const values = customFields.map(({ value }) => Object.values(value)[0])
    const lists = [assignedUsers, tags].map((ids) => ids.join('; '))
    yield `crm-${at},contact${at}@company.example,Ada,Berg,${[status, company_name, phone_number, ...lists, ...values].join()}\n`
  }
}

async function begin(directory: string): Promise<void> {
  mkdirSync(directory)
  const database = await openDatabase({ directory })
  await database.load(beginning(definitionRows(companyId), 0))
  await database.close()
}

async function imported(directory: string, file: string, leads: number): Promise<number> {
  const database = await openDatabase({ directory, serving: true })
  const begun = await beginImport(database, companyId, settings, cause)
  const from = performance.now()
  const ended = await runImport(database, begun, createReadStream(file), settings, {
    ...cause,
    requiresFields: false,
    wholeSeconds: false,
    rowsAtOnce: leadsACommit,
  })
  const seconds = (performance.now() - from) / 1000
  await database.close()
  if (ended.created !== leads) throw new Error(`of ${leads} leads ${ended.created} were made`)
  return seconds
}

const written = ['leads', 'events', 'import_rows'] as const
/** Rows that are read before they are inserted, and leads that share a commit. */
const readAtOnce = 12_800
const leadsACommit = 512

/** Inserts what another database holds; only the inserts and commits count. */
function inserted(from: string, to: string): { seconds: number; rows: number } {
  const source = new DatabaseSync(join(from, 'waggle.db'), { readOnly: true })
  const target = new DatabaseSync(join(to, 'waggle.db'))
  target.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536')
  const tables = written.map((name) => {
    const columns = source
      .prepare(`SELECT * FROM ${name} LIMIT 0`)
      .columns()
      .map(({ name: column }) => column)
    const insert = target.prepare(
      `INSERT INTO ${name} (${columns.map((column) => `"${column}"`).join()}) VALUES (${columns.map(() => '?').join()})`,
    )
    const read = source.prepare(`SELECT * FROM ${name} ORDER BY ${name === 'import_rows' ? 'row' : 'rowid'}`)
    read.setReturnArrays(true)
    return { insert, rows: read.iterate() }
  })
  let seconds = 0
  let rows = 0
  for (;;) {
    const chunks = tables.map(({ rows: all }) => next(all, readAtOnce))
    const count = chunks[0]?.length ?? 0
    if (count === 0) break
    const begun = performance.now()
    for (let at = 0; at < count; at += leadsACommit) {
      target.exec('BEGIN IMMEDIATE')
      for (const [place, { insert }] of tables.entries()) {
        for (const values of chunks[place]?.slice(at, at + leadsACommit) ?? []) insert.run(...values)
      }
      target.exec('COMMIT')
    }
    seconds += (performance.now() - begun) / 1000
    rows += chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  }
  source.close()
  target.close()
  return { seconds, rows }
}

function next(rows: Iterator<unknown>, count: number): SQLInputValue[][] {
  const taken: SQLInputValue[][] = []
  while (taken.length < count) {
    const { value, done } = rows.next()
    if (done === true) break
    taken.push(value as SQLInputValue[])
  }
  return taken
}
