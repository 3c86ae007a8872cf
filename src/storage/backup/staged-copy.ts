import { join } from 'node:path'
import { hasCode } from '../directory.ts'
import { MoveStopped, type Watched } from '../moving/reading.ts'
import { DatabaseRefused } from '../refused.ts'
import { damageIn, dataName, filesOf, refuseNewer } from './damage.ts'
import { copyOwn, digestOfFile, isSameFile } from './files.ts'
import type { Manifest } from './manifest.ts'

/**
 * Copies a backup's files and reads the copies: each must be what was written when the backup was made.
 *
 * @throws DatabaseRefused a file is missing or was changed; a newer program made it
 */
export async function copyChecked(backup: string, to: string, manifest: Manifest, watched: Watched): Promise<void> {
  refuseNewer(backup, manifest)
  const names = filesOf(manifest)
  for (const name of names) {
    if (watched.isStopped()) throw new MoveStopped()
    watched.onProgress({ phase: 'copying', table: name, done: names.indexOf(name), total: names.length, unit: 'file' })
    await copyFileOf(backup, name, to)
    const expected = manifest.files[name]
    const isSame = isSameFile(expected, await digestOfFile(join(to, name)))
    if (watched.isStopped()) throw new MoveStopped()
    if (isSame) continue
    const isWhole = isSameFile(expected, await digestOfFile(join(backup, name)))
    if (isWhole) throw new DatabaseRefused(`The copy of ${name} in ${to} differs from it. Look at the disk.`)
    const where = name === dataName ? ` ${await damageIn(join(to, name), manifest)}` : ''
    throw new DatabaseRefused(
      `${backup} is damaged: ${name} is not as it was written.${where} Nothing was restored; take another backup.`,
    )
  }
}

async function copyFileOf(backup: string, name: string, to: string): Promise<void> {
  try {
    await copyOwn(join(backup, name), join(to, name))
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    throw new DatabaseRefused(`${backup} is damaged: its file ${name} is missing.`, { cause: error })
  }
}
