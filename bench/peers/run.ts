import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assertOnDisk, withDirectory } from '../directory.ts'
import { goalsTable, judge } from '../goals.ts'
import { GeneratorProcess, ServerProcess, waggleServer } from '../processes.ts'
import { machine, rate } from '../report.ts'
import { measure, type Round } from '../rounds.ts'
import { seed, sync } from '../seed.ts'
import { directus } from './directus.ts'
import { installNode, installPeer, peersNode } from './install.ts'
import { readOptions } from './options.ts'
import type { Peer } from './peer.ts'
import { type Installed, PeerProcess, synchronousOf } from './process.ts'
import { proveChanges, provePatch } from './proof.ts'
import { measuredOf, type RoundsOf, rowOf, tableOf } from './report.ts'
import { removeDatabase, seeded } from './seed.ts'
import { strapi } from './strapi.ts'

/**
 * `npm run bench:peers`: Waggle beside Directus and Strapi on SQLite, in turns: the same PATCH, the same load generator.
 * Installs them first, where they are missing; the first run takes many minutes.
 *
 * Options: `--directory DIR` where they are installed and stay; `--leads N`, `--seconds N` of each round,
 * `--connections N`, `--rounds N`.
 */
const options = readOptions(process.argv.slice(2))
const say = (text: string): void => void process.stdout.write(`${text}\n`)
/** What `PRAGMA synchronous` says when each commit waits for the disk. */
const full = 2

/** A peer that runs on a copy of its leads. */
interface Running {
  readonly peer: Peer
  readonly server: PeerProcess
  readonly database: string
  readonly token: string
}

if (process.platform !== 'linux') throw new Error('The peers are measured from outside, through /proc: on Linux only.')
mkdirSync(options.directory, { recursive: true })
assertOnDisk(options.directory)
const node = installNode(options.directory, say)
const installed = [directus, strapi].map((peer): Installed => {
  return { peer, node, project: installPeer(peer, options.directory, node, say) }
})

await withDirectory(async (directory) => {
  const ours = join(directory, 'waggle')
  mkdirSync(ours)
  await seed(ours, options.leads)
  const waggle = await ServerProcess.start(waggleServer, [ours], { output: join(directory, 'requests.log') })
  const running: Running[] = []
  for (const one of installed) running.push(await startOn(one))
  const generator = new GeneratorProcess([options.leads])
  const since = Date.now()
  for (const { server } of running) server.forgetPeak()
  const all = await runRounds(generator, waggle, running)
  for (const one of [waggle, generator, ...running.map(({ server }) => server)]) await one.stop()
  for (const { peer, database } of running) {
    proveChanges(peer, database, { rounds: all[peer.name], since, leads: options.leads })
    removeDatabase(database)
  }
  report(all)
})

/** Starts a peer on a copy of its leads, and sees that it does what is measured. */
async function startOn(one: Installed): Promise<Running> {
  const { path, token } = await seeded(one, options.leads, say)
  const database = join(one.project, 'run.db')
  removeDatabase(database) // an old journal would be played into the copy
  copyFileSync(path, database)
  sync(database)
  const synchronous = synchronousOf(one, database)
  if (synchronous !== full) throw new Error(`${one.peer.title} does not wait for the disk: synchronous=${synchronous}`)
  const server = await PeerProcess.start(one, database)
  await provePatch(one.peer, server, token)
  say(`${one.peer.title} runs`)
  return { peer: one.peer, server, database, token }
}

/** Every server once in each round, so that what slows the machine down for a while slows all of them. */
async function runRounds(generator: GeneratorProcess, waggle: ServerProcess, running: readonly Running[]) {
  const { leads, connections, seconds, rounds } = options
  say(`${leads} leads, ${connections} connections, ${rounds} rounds of ${seconds} s after a warm-up`)
  const all: RoundsOf = { waggle: [], directus: [], strapi: [] }
  const loading = { kind: 'patch', connections, seconds } as const
  for (let round = 0; round <= rounds; round += 1) {
    all.waggle.push(await measure(generator, waggle, { ...loading, keepsLog: true }))
    for (const { peer, server, token } of running) {
      const target = peer.target(token)
      all[peer.name].push(await measure(generator, server, { ...loading, target, keepsLog: false }))
    }
    const rates = Object.entries(all).map(([name, seen]) => `${name} ${rateOfLast(seen)}/s`)
    say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${rates.join(', ')}`)
  }
  return all
}

function rateOfLast(rounds: readonly Round[]): number {
  const last = rounds.at(-1)
  return last === undefined ? Number.NaN : Math.round(rate(last))
}

function report(all: RoundsOf): void {
  const rounds = { waggle: all.waggle.slice(1), directus: all.directus.slice(1), strapi: all.strapi.slice(1) }
  const rows = [
    rowOf('Waggle', rounds.waggle),
    rowOf(directus.title, rounds.directus, rounds.waggle),
    rowOf(strapi.title, rounds.strapi, rounds.waggle),
  ]
  const goals = judge('peers', measuredOf(rounds))
  const { leads, connections, seconds } = options
  const results = { leads, connections, seconds, peersNode, goals, rows, machine: machine() }
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)

  const { cpus, model, memoryGibibytes, node: ourNode, sqlite, platform } = results.machine
  say(`\n${tableOf(rows)}\n\n${goalsTable(goals)}\n`)
  say('Lists are by round; p50 and CPU are medians; MB is the most memory that was resident under load, of')
  say('Waggle since its start. Every 200 of each server was on the disk. Waggle checked references, wrote an event and')
  say('logged each request.')
  say(`${cpus} × ${model}, ${memoryGibibytes} GiB, ${platform}; Waggle on Node ${ourNode}, SQLite ${sqlite};`)
  say(`Directus and Strapi on Node ${peersNode}`)
}
