import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cluster, startCluster } from '../../test/postgres/cluster.ts'
import { goalsTable, judge } from '../goals.ts'
import type { Options } from '../options.ts'
import { GeneratorProcess, postgresWriter, ServerProcess, WriterProcess, waggleServer } from '../processes.ts'
import { machine, rate, ratioOf, rounded, rowOf, textTable } from '../report.ts'
import { measure, measureWriter, type Round } from '../rounds.ts'
import { seedPostgres } from './seed.ts'

const companiesMany = 1_000
/** Connections of the pool that (a) and (b) are tried with; the best is measured. */
const pools = [8, 16, 32, 64]
const tryMs = 1_500
const countSeconds = 3

type Say = (text: string) => void
type Way = 'waggle' | 'nine' | 'one'
type Size = 'one' | 'many'

const cases = ['waggle', 'two', 'nine', 'one'] as const
type Case = (typeof cases)[number]

const abouts: Readonly<Record<Case, string>> = {
  waggle: 'write path alone',
  two: 'write path, two processes together',
  nine: '(a) nine statements in a transaction',
  one: '(b) one statement',
}

/** The writers of one database. */
interface Side {
  readonly size: Size
  readonly companies: number
  readonly url: string
  readonly leads: number
  /** Connections of the best pool. */
  readonly pool: Readonly<Record<'nine' | 'one', number>>
  readonly writers: Readonly<Record<Case, readonly WriterProcess[]>>
  readonly rounds: Readonly<Record<Case, Round[]>>
}

/**
 * `npm run bench -- --postgres`: the write path on a real PostgreSQL that syncs, beside the same changes by hand, in turns
 * on the same tables.
 */
export async function postgres(directory: string, options: Options, say: Say): Promise<void> {
  const cluster = await startCluster({ durable: true, settings: { shared_buffers: '512MB' } })
  try {
    say(
      `PostgreSQL ${cluster.version}, ${options.leads} leads, ${options.connections} callers, ` +
        `${options.rounds} rounds of ${options.seconds} s`,
    )
    const sides = [
      await sideOf(cluster, 'one', 1, options, say),
      await sideOf(cluster, 'many', companiesMany, options, say),
    ]
    const http = await runRounds(directory, sides, options, say)
    for (const { writers } of sides) for (const one of Object.values(writers).flat()) await one.stop()
    const counted = [await count(sides[0], options), await count(sides[1], options)]
    report(cluster, options, { sides, http, counted }, say)
  } finally {
    await cluster.stop()
  }
}

async function sideOf(cluster: Cluster, size: Size, companies: number, options: Options, say: Say): Promise<Side> {
  const leads = Math.ceil(options.leads / companies) * companies
  await cluster.create(size)
  const url = cluster.url(size)
  const begun = performance.now()
  await seedPostgres(url, leads, companies)
  await cluster.query('VACUUM ANALYZE', size)
  await cluster.query('CHECKPOINT')
  const base = { size, companies, url, leads }
  const pool = { nine: await bestPool(base, 'nine', options), one: await bestPool(base, 'one', options) }
  const { connections } = options
  say(
    `${companies === 1 ? 'one company' : `${companies} companies`} with ${leads} leads in ` +
      `${((performance.now() - begun) / 1000).toFixed(1)} s; best pool: (a) ${pool.nine}, (b) ${pool.one} connections`,
  )
  const writers = {
    waggle: [writerOf(base, 'waggle', connections)],
    two: [1, 2].map(() => writerOf(base, 'waggle', Math.ceil(connections / 2))),
    nine: [writerOf(base, 'nine', connections, pool.nine)],
    one: [writerOf(base, 'one', connections, pool.one)],
  }
  return { ...base, pool, writers, rounds: { waggle: [], two: [], nine: [], one: [] } }
}

type Base = Pick<Side, 'url' | 'leads' | 'companies'>

const writerOf = ({ url, leads, companies }: Base, way: Way, callers: number, last: number | 'count' | '' = '') =>
  new WriterProcess(postgresWriter, [url, leads, companies, callers, way, last])

async function bestPool(base: Base, way: 'nine' | 'one', { connections }: Options): Promise<number> {
  const rates: { pool: number; rate: number }[] = []
  for (const pool of pools) {
    const writer = writerOf(base, way, connections, pool)
    await writer.write(tryMs / 3000) // it connects
    rates.push({ pool, rate: rate(await writer.write(tryMs / 1000)) })
    await writer.stop()
  }
  return rates.toSorted((left, right) => right.rate - left.rate)[0]?.pool ?? 0
}

/** Every case once in each round, and HTTP on the one company. */
async function runRounds(directory: string, sides: readonly Side[], options: Options, say: Say): Promise<Round[]> {
  const [first] = sides
  if (first === undefined) throw new Error('there is no database')
  const generator = new GeneratorProcess([first.leads])
  const server = await ServerProcess.start(waggleServer, [directory, first.url], {
    output: join(directory, 'requests.log'),
  })
  const { connections, seconds } = options
  const http: Round[] = []
  for (let round = 0; round <= options.rounds; round += 1) {
    const rates: string[] = []
    const ofHttp = await measure(generator, server, { kind: 'patch', connections, seconds, keepsLog: true })
    rates.push(`HTTP ${Math.round(rate(ofHttp))}/s`)
    if (round > 0) http.push(ofHttp)
    for (const side of sides) {
      for (const name of cases) {
        const one = together(await Promise.all(side.writers[name].map((writer) => measureWriter(writer, seconds))))
        rates.push(`${name} (${side.size}) ${Math.round(rate(one))}/s`)
        if (round > 0) side.rounds[name].push(one)
      }
    }
    say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${rates.join(', ')}`)
  }
  await server.stop()
  await generator.stop()
  return http
}

/** What processes did at the same time, as one. */
function together(all: readonly Round[]): Round {
  const [first] = all
  if (first === undefined) throw new Error('nobody wrote')
  const most = (of: (round: Round) => number): number => Math.max(...all.map(of))
  const sum = (of: (round: Round) => number): number => all.reduce((total, round) => total + of(round), 0)
  return {
    ...first,
    answers: sum(({ answers }) => answers),
    seconds: most(({ seconds }) => seconds),
    p50Ms: most(({ p50Ms }) => p50Ms),
    p99Ms: most(({ p99Ms }) => p99Ms),
    maxMs: most(({ maxMs }) => maxMs),
    cpuMicros: sum(({ cpuMicros }) => cpuMicros),
    residentMaxBytes: sum(({ residentMaxBytes }) => residentMaxBytes),
  }
}

interface Counted {
  readonly worksPerBatch: number
  readonly roundTripsPerBatch: number
  readonly transactionsPerBatch: number
}

/** In a run of its own, as counting slows it down. */
async function count(side: Side | undefined, { connections }: Options): Promise<Counted> {
  if (side === undefined) throw new Error('there is no database')
  const writer = writerOf(side, 'waggle', connections, 'count')
  await writer.write(1)
  const before = await writer.trips()
  await writer.write(countSeconds)
  const after = await writer.trips()
  await writer.stop()
  const batches = after.batches - before.batches
  return {
    worksPerBatch: rounded((after.works - before.works) / batches, 1),
    roundTripsPerBatch: rounded((after.roundTrips - before.roundTrips) / batches, 3),
    transactionsPerBatch: rounded((after.transactions - before.transactions) / batches, 3),
  }
}

interface Findings {
  readonly sides: readonly Side[]
  readonly http: readonly Round[]
  readonly counted: readonly Counted[]
}

function report(cluster: Cluster, options: Options, { sides, http, counted }: Findings, say: Say): void {
  const [one, many] = sides
  if (one === undefined || many === undefined) throw new Error('a database is missing')
  const toOwn = ({ rounds }: Side, left: Case, right: Case): number => ratioOf(rounds[left], rounds[right])
  const goals = judge('postgres', {
    oneToNine: toOwn(one, 'waggle', 'nine'),
    oneToOneStatement: toOwn(one, 'waggle', 'one'),
    manyToNine: toOwn(many, 'waggle', 'nine'),
    manyToOneStatement: toOwn(many, 'waggle', 'one'),
    twoProcessesOne: toOwn(one, 'two', 'waggle'),
    twoProcessesMany: toOwn(many, 'two', 'waggle'),
  })
  const line = (about: string, rounds: readonly Round[], { rounds: others }: Side): string[] => {
    const row = rowOf({ name: about, about }, rounds, {})
    return [
      about,
      String(row.requestsPerSecond),
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      row.cpuMicrosPerRequest.toFixed(1),
      ratioOf(rounds, others.nine).toFixed(2),
      ratioOf(rounds, others.one).toFixed(2),
    ]
  }
  const lines = [
    line('one company: PATCH through HTTP', http, one),
    ...sides.flatMap((side) =>
      cases.map((name) =>
        line(`${side.size === 'one' ? 'one company' : 'many companies'}: ${abouts[name]}`, side.rounds[name], side),
      ),
    ),
  ]
  const head = ['', 'a second', 'p50 ms', 'p99 ms', 'own CPU µs', 'to (a)', 'to (b)']
  const results = {
    postgres: cluster.version,
    leads: options.leads,
    callers: options.connections,
    companies: sides.map(({ companies }) => companies),
    pools: sides.map(({ pool }) => pool),
    goals,
    rows: lines.map((cells) => Object.fromEntries(head.map((title, at) => [title || 'about', cells[at]]))),
    counted,
    machine: machine(),
  }
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
  say(`\n${textTable([head, ...lines])}\n\n${goalsTable(goals)}\n`)
  for (const [at, { worksPerBatch, roundTripsPerBatch, transactionsPerBatch }] of counted.entries()) {
    say(
      `${at === 0 ? 'one company' : 'many companies'}: a batch holds ${worksPerBatch} changes, takes ` +
        `${roundTripsPerBatch} round trips and ${transactionsPerBatch} transactions (what is told to others included).`,
    )
  }
  say('Only the ratios can be compared: each is taken within its rounds. Medians of the rounds. The CPU is that of the')
  say(
    'process that asks, PostgreSQL’s own is not in it. Every change was synced, with its event and its company’s counter.',
  )
  const { cpus, model, memoryGibibytes, node, platform } = results.machine
  say(`${cpus} × ${model}, ${memoryGibibytes} GiB, Node ${node}, PostgreSQL ${cluster.version}, ${platform}`)
}
