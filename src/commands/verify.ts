import { ConfigError } from '../kernel/config.ts'
import { counted, shownBytes } from '../kernel/shown.ts'
import type { Manifest } from '../storage/backup/manifest.ts'
import { verifyBackup } from '../storage/backup/verify.ts'
import { MoveStopped } from '../storage/moving/reading.ts'
import { DatabaseRefused } from '../storage/open.ts'
import type { Io } from './command.ts'
import { Shower } from './progress.ts'
import { tableOf } from './table.ts'

/** Reads a backup, and says whether it is whole and what it holds. */
export async function verify(directory: string, io: Io): Promise<void> {
  let stopped = false
  io.onStop(() => {
    stopped = true
  })
  const shower = new Shower(io)
  try {
    const manifest = await verifyBackup(directory, {
      onProgress: (progress) => shower.show(progress),
      isStopped: () => stopped,
    })
    shower.end()
    io.out(closing(directory, manifest))
  } catch (error) {
    throw inWords(error)
  }
}

function inWords(error: unknown): unknown {
  if (error instanceof ConfigError || error instanceof DatabaseRefused) return error
  if (error instanceof MoveStopped) return new ConfigError('Stopped. The backup was not read to its end.')
  const reason = error instanceof Error ? error.message : String(error)
  return new DatabaseRefused(`The backup could not be read: ${reason}.`, { cause: error })
}

/** All tables that have rows, under their heads. */
export function digestTable({ tables }: Manifest): string {
  const rows = Object.entries(tables).filter(([, { rows: count }]) => count > 0)
  return tableOf(
    ['table', 'rows', 'digest'],
    rows.map(([name, { rows: count, digest }]) => [name, count.toLocaleString('en'), digest.slice(0, 16)]),
  )
}

/** How large all files of a backup are together. */
export const shownSize = ({ files }: Manifest): string =>
  shownBytes(Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0))

function closing(directory: string, manifest: Manifest): string {
  const { tables, companies, files, at, program, from } = manifest
  const source = from === 'embedded' ? 'an embedded database' : 'a PostgreSQL database'
  return (
    `\n${digestTable(manifest)}\n${directory} is whole: each file and each row is as it was written.\n` +
    `Waggle ${program} made it of ${source} as it stood at ${at}: ${counted(tables['leads']?.rows ?? 0, 'lead')} of ` +
    `${counted(companies.length, 'company', 'companies')}, ${counted(tables['events']?.rows ?? 0, 'event')}, ` +
    `${shownSize(manifest)}.\n` +
    (files['secret.key'] === undefined
      ? 'secret.key is not in it: a restored server needs the key that its secrets were sealed with, if they were.\n'
      : 'secret.key is in it.\n')
  )
}
