/** A package as a lock file has it; its name there is where it is put. */
interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** The lock file of npm, version 3. */
export interface Lock {
  readonly packages: Readonly<Record<string, Locked>>
}

/** What of a package file is looked at. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Licences under which the published package may carry others. */
const allowed: ReadonlySet<string> = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
])

const folder = 'node_modules/'

/**
 * What is wrong with a lock file: a package whose content is not pinned, or one that names where it comes from, which
 * another machine may not reach.
 */
export function faultsOfLock({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([place, { integrity = '', resolved, link }]) => {
    if (link === true || !place.includes(folder)) return []
    const faults: string[] = []
    if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)) {
      faults.push(`${place} has no sha512 in the lock file, so that its content may change: install it anew`)
    }
    if (resolved !== undefined)
      faults.push(`${place} names its registry: set omit-lockfile-registry-resolved and install it anew`)
    return faults
  })
}

/** What comes along with the published package, by the places in the lock file. */
export function published({ packages }: Lock): Map<string, Locked> {
  const found = new Map<string, Locked>()
  const visit = (from: string): void => {
    const { dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta } = packages[from] ?? {}
    const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta?.[name]?.optional !== true)
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
      const place = placeOf(packages, from, name)
      const one = place === undefined ? undefined : packages[place]
      if (place === undefined || one === undefined || found.has(place)) continue // an optional one that is not there
      found.set(place, one)
      visit(place)
    }
  }
  visit('')
  return found
}

/** Where a package finds another: in its own folder, or in one further up. */
function placeOf(packages: Lock['packages'], from: string, name: string): string | undefined {
  const parts = from === '' ? [] : from.split(`/${folder}`)
  for (let depth = parts.length; depth >= 0; depth -= 1) {
    const place = [...parts.slice(0, depth), name].join(`/${folder}`)
    const found = place.startsWith(folder) ? place : `${folder}${place}`
    if (packages[found] !== undefined) return found
  }
  return undefined
}

/** What is wrong with packages that come along with the published one. */
export function faultsOfPublished(lock: Lock): string[] {
  return [...published(lock)].flatMap(([place, { license = 'none', hasInstallScript }]) => {
    const faults: string[] = []
    if (!allowed.has(license))
      faults.push(`${place} has the licence ${license}; tools/audit/lock.ts tells which may come along`)
    if (hasInstallScript === true)
      faults.push(`${place} runs a script when it is installed: whoever installs Waggle would run it`)
    return faults
  })
}

/** The packages that docs/dependencies.md has a line for: the first cells of its tables. */
export function documented(page: string): Set<string> {
  const names = new Set<string>()
  for (const line of page.split('\n')) {
    const cell = /^\| ([^|]+) \|/.exec(line)?.[1]
    if (cell === undefined || cell === 'package') continue
    let scope = ''
    for (const name of cell.split(',').map((one) => one.trim())) {
      names.add(name.startsWith('…/') ? `${scope}${name.slice(1)}` : name)
      if (name.startsWith('@')) scope = name.split('/', 1)[0] ?? ''
    }
  }
  return names
}

/** Direct dependencies without a line that says why, and lines of what is none. */
export function faultsOfPage(page: string, manifests: readonly Manifest[]): string[] {
  const lines = documented(page)
  const direct = new Set(
    manifests
      .flatMap(({ dependencies, devDependencies, optionalDependencies }) =>
        Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }),
      )
      .filter((name) => !name.startsWith('@waggle/')),
  )
  return [
    ...[...direct]
      .filter((name) => !lines.has(name))
      .map((name) => `${name} has no line in docs/dependencies.md that says why it is there`),
    ...[...lines]
      .filter((name) => !direct.has(name))
      .map((name) => `docs/dependencies.md tells of ${name}, which is no dependency`),
  ]
}

/** What `npm audit --json` tells: the packages with known holes of weight, or why it tells nothing. */
export function heard(answer: string): { readonly holes: string[] } | { readonly silence: string } {
  const told = parsed(answer)
  const { vulnerabilities, statusCode, message } = told
  if (vulnerabilities === undefined)
    return { silence: statusCode === undefined ? shortly(message) : `status ${statusCode}` }
  const holes = Object.entries(vulnerabilities).filter(
    ([, { severity }]) => severity === 'high' || severity === 'critical',
  )
  return { holes: holes.map(([name, { severity, range }]) => `${name} ${range ?? ''}: ${severity}`) }
}

interface Told {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity?: string; readonly range?: string }>>
  readonly statusCode?: number
  readonly message?: string
}

function parsed(answer: string): Told {
  try {
    return JSON.parse(answer)
  } catch {
    return {}
  }
}

/** Without the address: each machine has its own. */
const shortly = (message = 'no answer'): string => message.replace(/https?:\/\/\S+/g, '').trim()
