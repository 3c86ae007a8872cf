import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { blanks, formats, modes, namings } from '../contract/transfer.ts'
import { systemClock } from '../kernel/clock.ts'
import { ConfigError } from '../kernel/config.ts'
import { counted } from '../kernel/shown.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { beginImport, type ImportSettings, isRunning, mappingFrom, runImport, usualMode } from '../transfer/import.ts'
import { ImportRefused } from '../transfer/refused.ts'
import { beginUndo, runUndo } from '../transfer/undo.ts'
import type { Arguments } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { barOf, LiveLine } from './live-line.ts'
import { companyFlag, companyOf, namesOf, onDatabase, wholeNumber } from './on-database.ts'
import { configOf, databaseSettings, settingFlags } from './settings.ts'
import { shownData, shownTime, tableOf } from './table.ts'

const place = { ...settingFlags(databaseSettings), ...companyFlag }
/** Rows that are committed together: a command answers no requests meanwhile. */
const rowsAtOnce = 512
/** Rows of a report that are shown. */
const shownMax = 20

export const importCommands: readonly Command[] = [
  onDatabase({
    name: 'import',
    about: 'Take leads from a file: a table (CSV), or one JSON object a line. An export is such a file.',
    examples: [
      'waggle import leads.csv --by externalId --dry-run',
      'waggle import leads.csv --by externalId',
      `waggle import leads.csv --by email --map '{"Firm": "company_name"}'`,
    ],
    words: '<file>',
    wordsMax: 1,
    flags: {
      ...place,
      ...settingFlags(['requiredFields']),
      format: { value: 'csv|jsonl', about: 'What the file is. (by the ending of its name)' },
      by: { value: namings.join('|'), about: 'What finds the lead of a row. (nothing: each row makes a lead)' },
      mode: { value: modes.join('|'), about: 'With --by: update what is there, or make what is not as well. (upsert)' },
      map: {
        value: 'json',
        about: 'Columns that are called otherwise: {"Firm": "company_name", "Budget": "customFields.5", "Notes": ""}.',
      },
      blank: { value: 'keep|clear', about: 'What an empty cell does to a member. (keep)' },
      'dry-run': { about: 'Change nothing, and tell what would be.' },
    },
    act: async (database, given, io) => {
      const [file] = given.words
      if (file === undefined) throw new ConfigError('Say which file: waggle import <file>.')
      const companyId = await companyOf(database, given)
      return inWords(() => importFile(database, companyId, file, settingsOf(file, given), { io, given }))
    },
  }),
  onDatabase({
    name: 'import list',
    about: 'List the imports of a company.',
    words: '',
    wordsMax: 0,
    flags: place,
    act: async (database, given) => {
      const companyId = await companyOf(database, given)
      const imports = await database.find<Row<'imports'>>((db) =>
        db.selectFrom('imports').selectAll().where('company_id', '=', companyId).orderBy('id', 'desc').limit(100),
      )
      return tableOf(
        ['id', 'begun', 'name', 'state', 'rows', 'created', 'updated', 'unchanged', 'failed', 'undone'],
        imports.map((one) => [
          String(one.id),
          shownTime(one.created_at),
          one.name,
          one.dry_run ? `${one.state}, dry run` : one.state,
          ...[one.rows, one.created, one.updated, one.unchanged, one.failed, one.undone].map(String),
        ]),
      )
    },
  }),
  onDatabase({
    name: 'import undo',
    about: 'Delete what an import made and put back what it changed, but for leads that were changed since.',
    examples: ['waggle import undo 7'],
    words: '<id>',
    wordsMax: 1,
    flags: place,
    act: async (database, given) => {
      const id = wholeNumber(given.words[0], 'Say which import: waggle import undo <id>. See: waggle import list')
      const companyId = await companyOf(database, given)
      const found = await database.read('imports', { company_id: companyId, id })
      if (found === undefined) throw new ConfigError(`There is no import ${id}. See: waggle import list`)
      if (found.dry_run) throw new ConfigError(`Import ${id} was a dry run: there is nothing to undo.`)
      if (isRunning(found, systemClock.now())) throw new ConfigError(`Import ${id} still runs. Stop it first.`)
      const cause = { actor: undefined, requestId: undefined }
      const undone = await runUndo(database, (await database.transact(beginUndo(found))).reply, cause)
      const kept = undone.created + undone.updated - undone.undone
      const rest = kept === 0 ? '' : ` ${kept} are kept as they are:\n${await report(database, undone, 'kept')}`
      return `${counted(undone.undone, 'row')} of import ${id} ${undone.undone === 1 ? 'is' : 'are'} undone.${rest}\n`
    },
  }),
]

function settingsOf(file: string, given: Arguments): ImportSettings {
  const ending = formats.find((format) => file.toLowerCase().endsWith(`.${format}`))
  const [format = ending] = namesOf(given, 'format', formats) ?? []
  if (format === undefined) throw new ConfigError(`Say what ${file} is with --format csv or --format jsonl.`)
  const [by] = namesOf(given, 'by', namings) ?? []
  const [mode = usualMode(by)] = namesOf(given, 'mode', modes) ?? []
  const [blank = 'keep'] = namesOf(given, 'blank', blanks) ?? []
  return { name: basename(file), format, by, mode, blank, mapping: mappingOf(given), dryRun: given.has('dry-run') }
}

function mappingOf(given: Arguments): ImportSettings['mapping'] {
  const mapping = mappingFrom(given.text('map') ?? '{}')
  if (mapping !== undefined) return mapping
  throw new ConfigError('--map must be JSON such as {"Firm": "company_name"}: the column, and what it is.')
}

async function importFile(
  database: Database,
  companyId: number,
  file: string,
  settings: ImportSettings,
  { io, given }: { readonly io: Io; readonly given: Arguments },
): Promise<string> {
  const size = sizeOf(file)
  const cause = { actor: undefined, requestId: undefined }
  const begun = await beginImport(database, companyId, settings, cause)
  let stopped = false
  io.onStop(() => {
    stopped = true
  })
  const bytes = createReadStream(file)
  const line = new LiveLine(io)
  const ended = await runImport(database, begun, bytes, settings, {
    ...cause,
    requiresFields: configOf(given, io).requiredFields,
    wholeSeconds: false,
    rowsAtOnce,
    isStopped: () => stopped,
    onProgress: ({ rows, failed }) =>
      line.show(
        () =>
          `${barOf(size === 0 ? 1 : Math.min(1, bytes.bytesRead / size))}  ${counted(rows, 'row')}, ${failed} refused`,
        false,
      ),
  })
  line.end()
  const { id, rows, created, updated, unchanged, failed, message } = ended
  const { passedOver } = ended.settings
  const over = passedOver.length === 0 ? '' : `Columns that were passed over: ${shownData(passedOver.join(', '))}\n`
  const would = settings.dryRun ? 'Nothing was changed. It would be: ' : ''
  const told = `${would}${counted(rows, 'row')}: ${created} made, ${updated} changed, ${unchanged} as they were, ${failed} refused.\n`
  const why = message === null ? '' : `The import stopped: ${message}\n`
  const undo = settings.dryRun || created + updated === 0 ? '' : `To undo it: waggle import undo ${id}\n`
  return `${told}${over}${failed === 0 ? '' : await report(database, ended, 'failed')}${why}${undo}`
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    throw new ConfigError(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${code}.`)
  }
}

/** Rows with that outcome, and why. */
async function report(
  database: Database,
  { company_id, id }: Row<'imports'>,
  outcome: 'failed' | 'kept',
): Promise<string> {
  const rows = await database.find<Row<'import_rows'>>((db) =>
    db
      .selectFrom('import_rows')
      .selectAll()
      .where('company_id', '=', company_id)
      .where('import_id', '=', id)
      .where('outcome', '=', outcome)
      .orderBy('row')
      .limit(shownMax + 1),
  )
  const lines = rows.slice(0, shownMax).map(({ row, error }) => `  row ${row}: ${shownData(error ?? '')}\n`)
  return `${lines.join('')}${rows.length > shownMax ? '  …\n' : ''}`
}

async function inWords<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw error instanceof ImportRefused ? new ConfigError(error.message) : error
  }
}
