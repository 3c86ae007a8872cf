import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { listLeads } from '../contract/leads.ts'
import { formats } from '../contract/transfer.ts'
import { ConfigError, didYouMean } from '../kernel/config.ts'
import { readListRequest } from '../leads/list-request.ts'
import { exportLeads } from '../transfer/export.ts'
import type { Command } from './command.ts'
import { companyFlag, companyOf, namesOf, onDatabase } from './on-database.ts'
import { databaseSettings, settingFlags } from './settings.ts'

export const exportCommand: Command = onDatabase({
  name: 'export',
  about: 'Write the leads of a company as a table (CSV) or one JSON object a line. An import takes either back.',
  examples: [
    'waggle export --to everything.csv',
    'waggle export --format jsonl --filter "status=new,contacted" --to open.jsonl',
  ],
  words: '',
  wordsMax: 0,
  flags: {
    ...settingFlags(databaseSettings),
    ...companyFlag,
    format: { value: 'csv|jsonl', about: 'What is written. (csv)' },
    to: { value: 'file', about: 'Where to. (standard output)' },
    filter: { value: 'query', about: 'Which leads, as the list of leads takes it: "status=new,lost&tags=10". (all)' },
  },
  act: async (database, given, io) => {
    const companyId = await companyOf(database, given)
    const [format = 'csv'] = namesOf(given, 'format', formats) ?? []
    const query = filterIn(given.text('filter') ?? '')
    const list = readListRequest(query, await database.definitions(companyId))
    const texts = exportLeads(database, companyId, { list, format, wholeSeconds: false })
    const to = given.text('to')
    if (to === undefined) {
      for await (const text of texts) if (!io.data(text)) break
      return ''
    }
    try {
      await pipeline(Readable.from(texts), createWriteStream(to, { flags: 'wx', mode: 0o600 }))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EEXIST') throw new ConfigError(`${to} is there already. Name a file that is not.`)
      throw code === undefined ? error : new ConfigError(`${to} cannot be written: ${code}.`)
    }
    return `The leads are in ${to}.\n`
  },
})

/** Over the API an unknown name is passed over; here a slip of the hand would write all leads. */
function filterIn(text: string): Readonly<Record<string, string>> {
  const query = Object.fromEntries(new URLSearchParams(text))
  const names = Object.keys(listLeads.query.properties)
  const unknown = Object.keys(query).find((name) => !names.includes(name))
  if (unknown === undefined) return query
  const near = didYouMean(unknown, names) || ` It takes: ${names.join(', ')}.`
  throw new ConfigError(`--filter does not know "${unknown}".${near}`)
}
