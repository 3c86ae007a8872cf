import { counted, shownBytes } from '../kernel/shown.ts'
import type { Manifest } from '../storage/backup/manifest.ts'
import { verifyBackup } from '../storage/backup/verify.ts'
import type { Io } from './command.ts'
import { brokenOff, Shower } from './progress.ts'
import { digestTable } from './table.ts'

/** Reads a backup, and says whether it is whole and what it holds. */
export async function verify(directory: string, io: Io): Promise<void> {
  const shower = new Shower(io)
  try {
    const manifest = await verifyBackup(directory, shower.watched)
    shower.end()
    io.out(closing(directory, manifest))
  } catch (error) {
    throw inWords(error)
  }
}

const inWords = (error: unknown): unknown =>
  brokenOff(error, {
    stopped: 'Stopped. The backup was not read to its end.',
    failed: (reason) => `The backup could not be read: ${reason}.`,
  })

/** How large all files of a backup are together. */
export const shownSize = ({ files }: Manifest): string =>
  shownBytes(Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0))

function closing(directory: string, manifest: Manifest): string {
  const { tables, companies, files, at, program, from } = manifest
  const source = from === 'embedded' ? 'an embedded database' : 'a PostgreSQL database'
  return (
    `\n${digestTable(tables)}\n${directory} is whole: each file and each row is as it was written.\n` +
    `Waggle ${program} made it of ${source} as it stood at ${at}: ${counted(tables['leads']?.rows ?? 0, 'lead')} of ` +
    `${counted(companies.length, 'company', 'companies')}, ${counted(tables['events']?.rows ?? 0, 'event')}, ` +
    `${shownSize(manifest)}.\n` +
    (files['secret.key'] === undefined
      ? 'secret.key is not in it: a restored server needs the key that its secrets were sealed with, if they were.\n'
      : 'secret.key is in it.\n')
  )
}
