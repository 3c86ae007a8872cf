import { differing } from '../moving/digest.ts'
import { DatabaseRefused } from '../refused.ts'
import { migrations } from '../sqlite/schema.ts'
import { asItLies, digestFile } from '../sqlite/whole-file.ts'
import type { Manifest } from './manifest.ts'

/** The file whose tables a backup describes. */
export const dataName = 'waggle.db'
const known = ['secret.key', 'auth.db', dataName]

/** Names of the files that a backup has. */
export const filesOf = ({ files }: Manifest): string[] => known.filter((name) => files[name] !== undefined)

/** @throws DatabaseRefused a newer program made it */
export function refuseNewer(backup: string, { schema, program }: Manifest): void {
  if (schema <= migrations.length) return
  throw new DatabaseRefused(
    `${backup} was made by Waggle ${program}: its database has version ${schema}, and this Waggle knows only up to ` +
      `${migrations.length}. Restore it with that Waggle or a newer one.`,
  )
}

/** Which tables of a file are not as the backup says, in words. */
export async function damageIn(path: string, { tables }: Manifest): Promise<string> {
  const damaged: string[] = []
  for (const [name, expected] of Object.entries(tables)) {
    if (!(await isTable(path, name, expected))) damaged.push(name)
  }
  if (damaged.length === Object.keys(tables).length) return 'It can no longer be read.'
  if (damaged.length === 0) return 'No row of its tables differs: it is in an index, or in a part that is not used.'
  return `What differs or cannot be read: ${damaged.join(', ')}.`
}

async function isTable(path: string, name: string, expected: Manifest['tables'][string]): Promise<boolean> {
  const unwatched = { onProgress: () => {}, isStopped: () => false }
  try {
    const found = await digestFile(asItLies(path), { [name]: expected.columns }, unwatched)
    return differing({ [name]: expected }, found).length === 0
  } catch {
    return false
  }
}
