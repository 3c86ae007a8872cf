import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { shownBytes } from '../../kernel/shown.ts'
import { isCopyBefore } from '../../storage/directory.ts'
import { type Finding, findingsOf } from '../../storage/looking/finding.ts'

const modes = findingsOf('files')
const copies = findingsOf('copies')

/** A file of a data directory, or the directory itself under `.`. */
export interface FileFact {
  readonly name: string
  /** Its permissions alone. */
  readonly mode: number
  readonly owner: number
  readonly bytes: number
}

/** Names that are ours; whatever else lies there is not looked at. */
const isOurs = (name: string): boolean =>
  /^(waggle\.db|auth\.db)(-wal|-shm)?$|^(secret\.key|sample\.json|server\.lock)$/.test(name) || isCopyBefore(name)

/** What the directory holds of ours. */
export function filesOf(directory: string): FileFact[] {
  return ['.', ...readdirSync(directory).filter(isOurs).sort()].flatMap((name) => {
    const stat = lstatSync(join(directory, name), { throwIfNoEntry: false })
    return stat === undefined ? [] : [{ name, mode: stat.mode & 0o777, owner: stat.uid, bytes: stat.size }]
  })
}

/**
 * Who may read the files, and whose they are.
 *
 * @param hasModes false on Windows, which tells the same modes and owner of every file
 */
export function fileFindings(directory: string, files: readonly FileFact[], hasModes = true): Finding[] {
  if (!hasModes) {
    const says = 'Who may read the files cannot be told on Windows.'
    const advice = `See that ${directory} is for the user of the server alone: icacls "${directory}"`
    return [modes.note(says, advice), ...copyFindings(directory, files)]
  }
  const found: Finding[] = []
  const open = files.filter(({ name, mode }) => (mode & (name === '.' ? 0o022 : 0o077)) !== 0)
  for (const { name, mode } of open) {
    const path = join(directory, name)
    const shown = mode.toString(8).padStart(3, '0')
    if (name === '.') {
      found.push(modes.warning(`Others may write into ${directory} (mode ${shown}).`, `chmod 700 ${path}`))
    } else if (name === 'secret.key') {
      found.push(
        modes.fault(`Others may read or write ${name} (mode ${shown}): it opens all secrets.`, `chmod 600 ${path}`),
      )
    } else found.push(modes.warning(`Others may read or write ${name} (mode ${shown}).`, `chmod 600 ${path}`))
  }
  const owner = files.find(({ name }) => name === '.')?.owner
  const foreign = files.filter((file) => file.owner !== owner)
  if (foreign.length > 0) {
    const names = foreign.map(({ name }) => name).join(', ')
    found.push(
      modes.fault(
        `${names} belong to another user than the directory (${owner}): a server may not be able to write.`,
        `chown ${owner} ${foreign.map(({ name }) => join(directory, name)).join(' ')}`,
      ),
    )
  }
  if (found.length === 0) found.push(modes.ok(`The files in ${directory} are for their owner alone.`))
  return [...found, ...copyFindings(directory, files)]
}

function copyFindings(directory: string, files: readonly FileFact[]): Finding[] {
  return files
    .filter(({ name }) => isCopyBefore(name))
    .map(({ name, bytes }) =>
      copies.note(
        `${name} (${shownBytes(bytes)}) is a copy from before an upgrade, with all data of then.`,
        `When you trust the new version: rm ${join(directory, name)}`,
      ),
    )
}
