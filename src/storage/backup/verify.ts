import { join, resolve } from 'node:path'
import { hasCode } from '../directory.ts'
import { differing } from '../moving/digest.ts'
import { MoveStopped, type Watched } from '../moving/reading.ts'
import { DatabaseRefused } from '../refused.ts'
import { asItLies, digestFile } from '../sqlite/whole-file.ts'
import { damageIn, dataName, filesOf, refuseNewer } from './damage.ts'
import { digestOfFile, isSameFile } from './files.ts'
import { type Manifest, readManifest } from './manifest.ts'

/**
 * Reads all of a backup where it lies, and writes nothing: every file must be what was written when it was made, and
 * every table must have the rows that it had then.
 *
 * @returns what it holds
 * @throws DatabaseRefused it is no backup, a newer program made it, or it was damaged: each file that is, and which tables
 * @throws MoveStopped
 */
export async function verifyBackup(directory: string, watched: Watched): Promise<Manifest> {
  const backup = resolve(directory)
  const manifest = readManifest(backup)
  refuseNewer(backup, manifest)
  const names = filesOf(manifest)
  const faults: string[] = []
  for (const [done, name] of names.entries()) {
    if (watched.isStopped()) throw new MoveStopped()
    watched.onProgress({ phase: 'reading', table: name, done, total: names.length, unit: 'file' })
    const fault = await faultOf(backup, name, manifest)
    if (fault !== undefined) faults.push(fault)
  }
  if (faults.length > 0) {
    throw new DatabaseRefused(`${backup} is damaged: ${faults.join(' ')} Take another backup.`)
  }
  const columns = Object.entries(manifest.tables).map(([table, described]) => [table, described.columns] as const)
  const found = await digestFile(asItLies(join(backup, dataName)), Object.fromEntries(columns), watched)
  const different = differing(manifest.tables, found)
  if (different.length === 0) return manifest
  throw new DatabaseRefused(
    `${backup} is as it was written, but this Waggle reads other rows than Waggle ${manifest.program} did, in: ` +
      `${different.join(', ')}. Restore it with that Waggle.`,
  )
}

/** What is wrong with a file, as a sentence. */
async function faultOf(backup: string, name: string, manifest: Manifest): Promise<string | undefined> {
  const path = join(backup, name)
  try {
    if (isSameFile(manifest.files[name], await digestOfFile(path))) return undefined
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return `its file ${name} is missing.`
    return `${name} cannot be read (${error instanceof Error ? error.message : String(error)}).`
  }
  const where = name === dataName ? ` ${await damageIn(path, manifest)}` : ''
  return `${name} is not as it was written.${where}`
}
