import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { Peer } from './peer.ts'

/**
 * The newest line of Node that runs both peers: on Node 24 isolated-vm 5 (Directus) does not compile, and better-sqlite3
 * 12 (Strapi) aborts the process when a statement is collected.
 */
export const peersNode = '22.23.3'

/** A Node with its headers, for native modules. */
export interface InstalledNode {
  readonly program: string
  /** Absent where the package has none: node-gyp then fetches them. */
  readonly headers: string | undefined
}

type Say = (text: string) => void

/**
 * Installs the peers' Node into a directory, unless it is there.
 *
 * @throws Error npm failed
 */
export function installNode(directory: string, say: Say): InstalledNode {
  const project = join(directory, 'node')
  const packages = { node: peersNode }
  if (!isInstalled(project, packages)) {
    say(`installing Node ${peersNode} for the peers into ${project}`)
    install(project, packages, dirname(process.execPath), {})
  }
  const inside = join(project, 'node_modules/node')
  const headers = join(inside, 'node_modules', `node-${process.platform}-${process.arch}`)
  return {
    program: join(inside, 'bin/node'),
    headers: existsSync(join(headers, 'include/node/node_version.h')) ? headers : undefined,
  }
}

/**
 * Installs a peer, unless these versions of it are there, and writes the files of its project.
 *
 * @returns the project's directory
 * @throws Error npm failed
 */
export function installPeer(peer: Peer, directory: string, node: InstalledNode, say: Say): string {
  const project = join(directory, peer.name)
  if (!isInstalled(project, peer.packages)) {
    say(`installing ${peer.title} into ${project}: native modules may be built, which takes minutes`)
    const settings = node.headers === undefined ? {} : { npm_config_nodedir: node.headers }
    install(project, peer.packages, dirname(node.program), settings)
  }
  for (const [path, content] of Object.entries(peer.files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), content)
  }
  return project
}

/** The versions that npm installed to the end; written behind it, so that a broken install is begun again. */
const doneFile = 'installed.json'

/** What stands on an older version; nothing else of the directory is removed. */
const isMadeAnew = (name: string): boolean => name === doneFile || name.startsWith('seeded-')

function isInstalled(project: string, packages: Peer['packages']): boolean {
  const done = join(project, doneFile)
  return existsSync(done) && readFileSync(done, 'utf8') === JSON.stringify(packages)
}

function install(project: string, packages: Peer['packages'], bin: string, settings: Record<string, string>): void {
  mkdirSync(project, { recursive: true })
  for (const name of readdirSync(project).filter(isMadeAnew)) rmSync(join(project, name))
  writeFileSync(
    join(project, 'package.json'),
    `${JSON.stringify({ private: true, dependencies: packages }, null, 2)}\n`,
  )
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: project,
    env: { ...process.env, ...settings, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) throw new Error(`npm could not install into ${project}; what it says is above.`)
  writeFileSync(join(project, doneFile), JSON.stringify(packages))
}
