import { join } from 'node:path'
import type { Measured } from './goals.ts'
import type { Load } from './messages.ts'
import type { Options } from './options.ts'
import { bareCommits, echoServer, GeneratorProcess, ServerProcess, WriterProcess, waggleServer } from './processes.ts'
import { besideReads, makeHistories, type ReadsSeen, readsSeen } from './reads.ts'
import { mostMegabytes, type Row, rate, ratioOf, rowOf } from './report.ts'
import { changesIn } from './requests.ts'
import { measure, measureWriter, type Round } from './rounds.ts'
import { copySeed } from './seed.ts'
import { countSyncs, type Syncs } from './syncs.ts'

/** Everything a row is measured with. */
interface Bench {
  readonly options: Options
  readonly generator: GeneratorProcess
  readonly reader: GeneratorProcess
  readonly raw: ServerProcess
  readonly waggle: ServerProcess
  /** The same server with one change to a commit, on a copy of the data. */
  readonly single: ServerProcess
  /** The same server, on a copy: what it holds for large requests is no memory of the others. */
  readonly large: ServerProcess
  readonly bare: WriterProcess
  /** What the heavy reads of each round saw. */
  readonly reads: Load[]
}

const syncSeconds = 2
/** A system that sends batches has few of them under way. */
const batchConnections = 4

const cases = {
  raw: {
    about: '(a) raw node:http, parses and echoes',
    run: (bench: Bench) => load(bench, 'raw', 'patch'),
  },
  patch: {
    about: '(b) PATCH, the example body',
    run: (bench: Bench) => load(bench, 'waggle', 'patch'),
  },
  beside: {
    about: '(c) the same beside heavy reads',
    run: async (bench: Bench) => {
      const { seconds } = bench.options
      const run = (): Promise<Round> => load(bench, 'waggle', 'patch')
      const { round, reads } = await besideReads(bench.reader, bench.waggle, { seconds, run })
      bench.reads.push(reads)
      return round
    },
  },
  single: {
    about: '(d) the same, a transaction each',
    run: (bench: Bench) => load(bench, 'single', 'patch'),
  },
  status: {
    about: '(e) PATCH, status alone',
    run: (bench: Bench) => load(bench, 'waggle', 'status'),
  },
  get: {
    about: '(f) GET of one lead',
    run: (bench: Bench) => load(bench, 'waggle', 'get'),
  },
  one: {
    about: '(g) PATCH, one connection',
    run: (bench: Bench) => load(bench, 'waggle', 'patch', 1),
  },
  bare: {
    about: '(h) bare commits of its two rows',
    run: ({ bare, options }: Bench) => measureWriter(bare, options.seconds),
  },
  batch: {
    about: `(i) the changes of (b), ${changesIn('batch')} to a request`,
    run: (bench: Bench) => load(bench, 'large', 'batch', batchConnections),
  },
} as const
const names = ['raw', 'patch', 'beside', 'single', 'status', 'get', 'one', 'bare', 'batch'] as const satisfies Name[]
type Name = keyof typeof cases
type Rounds = Record<Name, Round[]>

function load(
  { generator, options, ...servers }: Bench,
  on: 'raw' | 'waggle' | 'single' | 'large',
  kind: 'patch' | 'status' | 'get' | 'batch',
  connections = options.connections,
): Promise<Round> {
  return measure(generator, servers[on], { kind, connections, seconds: options.seconds, keepsLog: on !== 'raw' })
}

export interface Standard {
  readonly rows: readonly Row[]
  readonly measured: Measured<'standard'>
  readonly reads: ReadsSeen
  readonly howSyncs: string
}

/** The rows of every run, on a directory that is seeded. */
export async function standard(directory: string, options: Options, say: (text: string) => void): Promise<Standard> {
  const seeded = join(directory, 'waggle')
  for (const copy of ['single', 'large', 'bare']) copySeed(seeded, join(directory, copy))
  const output = { output: join(directory, 'requests.log') }
  const bench: Bench = {
    options,
    generator: new GeneratorProcess([options.leads]),
    reader: new GeneratorProcess([options.leads]),
    raw: await ServerProcess.start(echoServer, []),
    waggle: await ServerProcess.start(waggleServer, [seeded], output),
    single: await ServerProcess.start(waggleServer, [join(directory, 'single'), 'one-at-a-time'], output),
    large: await ServerProcess.start(waggleServer, [join(directory, 'large')], output),
    bare: new WriterProcess(bareCommits, [join(directory, 'bare'), options.leads]),
    reads: [],
  }
  const rounds = await runRounds(bench, say)
  for (const one of [bench.raw, bench.waggle, bench.single, bench.large, bench.bare, bench.reader]) await one.stop()
  const syncs = await countSyncs(seeded, bench.generator, { connections: options.connections, seconds: syncSeconds })
  await bench.generator.stop()
  return {
    rows: names.map((name) => rowFor(name, rounds, syncs)),
    measured: measuredOf(rounds),
    reads: readsSeen(bench.reads),
    howSyncs: syncs.how,
  }
}

/** Every row once in each round, so that what slows the machine down for a while slows all of them. */
async function runRounds(bench: Bench, say: (text: string) => void): Promise<Rounds> {
  const measured: Rounds = {
    raw: [],
    patch: [],
    beside: [],
    single: [],
    status: [],
    get: [],
    one: [],
    bare: [],
    batch: [],
  }
  await makeHistories(bench.generator, bench.waggle, bench.options.connections)
  for (let round = 0; round <= bench.options.rounds; round += 1) {
    const rates: string[] = []
    for (const name of names) {
      const one = await cases[name].run(bench)
      rates.push(`${name} ${Math.round(rate(one))}/s`)
      if (round > 0) measured[name].push(one)
    }
    if (round === 0) bench.reads.length = 0
    say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${rates.join(', ')}`)
  }
  return measured
}

function rowFor(name: Name, rounds: Rounds, syncs: Syncs): Row {
  const sameLoad = name !== 'one' && name !== 'bare' && name !== 'batch'
  return rowOf({ name, about: cases[name].about }, rounds[name], {
    ...(sameLoad && { rawRounds: rounds.raw }),
    syncsPerPatch: name === 'patch' || name === 'status' ? syncs.perPatch[name] : undefined,
  })
}

const measuredOf = (rounds: Rounds): Measured<'standard'> => ({
  patchToRaw: ratioOf(rounds.patch, rounds.raw),
  batchToSingle: ratioOf(rounds.patch, rounds.single),
  besideReadsToAlone: ratioOf(rounds.beside, rounds.patch),
  oneConnectionToBare: ratioOf(rounds.one, rounds.bare),
  manyToPatch: ratioOf(rounds.batch, rounds.patch),
  residentMegabytes: mostMegabytes(rounds.patch),
})
