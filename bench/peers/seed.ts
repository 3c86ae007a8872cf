import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemRandom } from '../../src/kernel/random.ts'
import { exampleBody } from '../requests.ts'
import { sync } from '../seed.ts'
import { drawsOf, firstLeadId, firstStatus } from '../workspace.ts'
import { type Installed, PeerProcess, runCommand } from './process.ts'

const begunAt = Date.UTC(2026, 0, 15, 12)

/** A database that holds the leads; no process has it open, and a run works on a copy. */
export interface Seeded {
  readonly path: string
  /** Opens everything in it. */
  readonly token: string
}

/**
 * A database of a peer with so many leads: made by the peer itself, its leads then written as rows like the one that
 * the peer wrote. Kept for the next run.
 */
export async function seeded(installed: Installed, leads: number, say: (text: string) => void): Promise<Seeded> {
  const { peer, project } = installed
  const path = join(project, `seeded-${leads}.db`)
  const tokenPath = join(project, `seeded-${leads}.token`)
  if (!existsSync(path)) {
    say(`filling ${peer.title} with ${leads} leads`)
    const unfinished = join(project, 'unfinished.db')
    removeDatabase(unfinished)
    if (peer.prepare !== undefined) runCommand(installed, peer.prepare, unfinished)
    const server = await PeerProcess.start(installed, unfinished)
    try {
      writeFileSync(tokenPath, await peer.begin(server.call), { mode: 0o600 })
    } finally {
      await server.stop()
    }
    fill(installed, unfinished, leads)
    renameSync(unfinished, path)
  }
  return { path, token: readFileSync(tokenPath, 'utf8') }
}

/** Removes a database and what SQLite keeps beside it, if they are there. */
export function removeDatabase(path: string): void {
  for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true })
}

/** Writes leads as rows that differ from the first one only in what a lead has of its own. */
function fill({ peer }: Installed, path: string, leads: number): void {
  const db = new DatabaseSync(path)
  const first = db.prepare(`SELECT * FROM ${peer.table}`).get()
  if (first === undefined) throw new Error(`${peer.title} kept no lead`)
  db.exec(`DELETE FROM ${peer.table}; BEGIN`)
  const names = Object.keys(first)
  const insert = db.prepare(
    `INSERT INTO ${peer.table} (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  )
  const draw = drawsOf(leads)
  for (let index = 0; index < leads; index += 1) {
    const columns = peer.columns({
      id: firstLeadId + index,
      uuid: systemRandom.uuid(begunAt + index),
      begunAt: begunAt + index,
      members: exampleBody(firstStatus(index), draw),
    })
    const unknown = Object.keys(columns).filter((name) => !names.includes(name))
    if (unknown.length > 0) throw new Error(`${peer.title} has no column ${unknown.join(', ')}`)
    const row = { ...first, ...columns }
    insert.run(...names.map((name) => row[name] ?? null))
  }
  db.exec('COMMIT')
  db.close()
  sync(path)
}
