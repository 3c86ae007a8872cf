import { join } from 'node:path'
import { differing } from '../moving/digest.ts'
import { MoveStopped, type Watched } from '../moving/reading.ts'
import { DatabaseRefused } from '../refused.ts'
import { migrations } from '../sqlite/schema.ts'
import { digestFile } from '../sqlite/whole-file.ts'
import { copyOwn, digestOfFile, isSameFile } from './files.ts'
import type { Manifest } from './manifest.ts'

/** Files that a backup may have. */
const known = ['secret.key', 'auth.db', 'waggle.db']

/**
 * Copies a backup's files and reads the copies: each must be what was written when the backup was made.
 *
 * @throws DatabaseRefused a file is missing or was changed; a newer program made it
 */
export async function copyChecked(backup: string, to: string, manifest: Manifest, watched: Watched): Promise<void> {
  if (manifest.schema > migrations.length) {
    throw new DatabaseRefused(
      `${backup} was made by Waggle ${manifest.program}: its database has version ${manifest.schema}, and this Waggle ` +
        `knows only up to ${migrations.length}. Restore it with that Waggle or a newer one.`,
    )
  }
  const names = known.filter((name) => manifest.files[name] !== undefined)
  for (const name of names) {
    if (watched.isStopped()) throw new MoveStopped()
    watched.onProgress({ phase: 'copying', table: name, done: names.indexOf(name), total: names.length, unit: 'file' })
    await copyFileOf(backup, name, to)
    const expected = manifest.files[name]
    if (isSameFile(expected, await digestOfFile(join(to, name)))) continue
    const isWhole = isSameFile(expected, await digestOfFile(join(backup, name)))
    if (isWhole) throw new DatabaseRefused(`The copy of ${name} in ${to} differs from it. Look at the disk.`)
    const where = name === 'waggle.db' ? ` ${await damageIn(join(to, name), manifest)}` : ''
    throw new DatabaseRefused(
      `${backup} is damaged: ${name} is not as it was written.${where} Nothing was restored; take another backup.`,
    )
  }
}

async function copyFileOf(backup: string, name: string, to: string): Promise<void> {
  try {
    await copyOwn(join(backup, name), join(to, name))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing) throw new DatabaseRefused(`${backup} is damaged: its file ${name} is missing.`, { cause: error })
    throw error
  }
}

/** Which tables of a file are not as the backup says. */
async function damageIn(path: string, { tables }: Manifest): Promise<string> {
  const damaged: string[] = []
  for (const [name, expected] of Object.entries(tables)) {
    if (!(await isTable(path, name, expected))) damaged.push(name)
  }
  if (damaged.length === Object.keys(tables).length) return 'It can no longer be read.'
  if (damaged.length === 0) return 'No row of its tables differs: it is in an index, or in a part that is not used.'
  return `What differs or cannot be read: ${damaged.join(', ')}.`
}

async function isTable(path: string, name: string, expected: Manifest['tables'][string]): Promise<boolean> {
  try {
    const found = await digestFile(path, { [name]: expected.columns }, { onProgress: () => {}, isStopped: () => false })
    return differing({ [name]: expected }, found).length === 0
  } catch {
    return false
  }
}
