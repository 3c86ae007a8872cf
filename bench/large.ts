import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured } from './goals.ts'
import type { Load, Pauses } from './messages.ts'
import type { Options } from './options.ts'
import { GeneratorProcess, ServerProcess, waggleServer } from './processes.ts'
import { besideReads, makeHistories, type ReadsSeen, readsSeen } from './reads.ts'
import { mostMegabytes, type Row, rate, ratioOf, rounded, rowOf } from './report.ts'
import { measure, type Round } from './rounds.ts'
import { seed } from './seed.ts'

/** Rounds are so much longer than those of the other rows: each must hold several checkpoints of either file. */
const longer = 2
const stallWarmUpSeconds = 5
const stallSeconds = 20

type Say = (text: string) => void

/** A server with its data and a generator that knows how many leads it has. */
interface Side {
  readonly leads: number
  readonly server: ServerProcess
  readonly generator: GeneratorProcess
}

/** A server at saturation, seen from inside and from its clients. */
interface Stall extends Pauses {
  readonly seconds: number
  readonly patchesPerSecond: number
  readonly slowestAnswerMs: number
  readonly generatorLoopMaxMs: number
  readonly generatorShare: number
}

export interface Large {
  readonly leads: { readonly few: number; readonly many: number }
  readonly rows: readonly Row[]
  readonly measured: Measured<'large'>
  readonly reads: ReadsSeen
  readonly stall: Stall
}

/** `--large`: a tenth of the leads beside ten times as many, and what many leads do to pauses, reads and memory. */
export async function large(directory: string, options: Options, say: Say): Promise<Large> {
  const few = await sideOf(directory, Math.ceil(options.leads / 10), say)
  const many = await sideOf(directory, options.leads * 10, say)
  const sizes = await sizeRounds(few, many, options, say)
  await few.server.stop()
  await few.generator.stop()
  say(`pauses: ${stallWarmUpSeconds} s of warm-up, then ${stallSeconds} s`)
  const stall = await stallOf(many, options)
  const { alone, beside, reads } = await readRounds(many, options, say)
  await many.server.stop()
  await many.generator.stop()

  const rows = [
    rowOf({ name: 'few', about: `PATCH, ${few.leads} leads` }, sizes.few, {}),
    rowOf({ name: 'many', about: `PATCH, ${many.leads} leads` }, sizes.many, {}),
    rowOf({ name: 'manyAlone', about: `PATCH, ${many.leads} leads, alone` }, alone, {}),
    rowOf({ name: 'manyBeside', about: 'the same beside heavy reads' }, beside, {}),
  ]
  return {
    leads: { few: few.leads, many: many.leads },
    rows,
    measured: {
      manyToFewLeads: ratioOf(sizes.many, sizes.few),
      worstPauseMs: Math.max(stall.loopMaxMs, stall.batchGapMaxMs),
      besideReadsToAloneMany: ratioOf(beside, alone),
      residentFewMegabytes: mostMegabytes(sizes.few),
      residentManyMegabytes: mostMegabytes(sizes.many),
    },
    reads,
    stall,
  }
}

async function sideOf(directory: string, leads: number, say: Say): Promise<Side> {
  const own = join(directory, `leads-${leads}`)
  mkdirSync(own)
  const begun = performance.now()
  await seed(own, leads)
  say(`${leads} leads are written (${((performance.now() - begun) / 1000).toFixed(1)} s)`)
  const server = await ServerProcess.start(waggleServer, [own], { output: join(directory, 'requests.log') })
  return { leads, server, generator: new GeneratorProcess([leads]) }
}

function patch({ generator, server }: Side, { connections, seconds }: Options): Promise<Round> {
  return measure(generator, server, { kind: 'patch', connections, seconds: seconds * longer, keepsLog: true })
}

async function sizeRounds(few: Side, many: Side, options: Options, say: Say) {
  const rounds: Record<'few' | 'many', Round[]> = { few: [], many: [] }
  for (let round = 0; round <= options.rounds; round += 1) {
    const ofFew = await patch(few, options)
    const ofMany = await patch(many, options)
    say(`${named(round)}: few ${Math.round(rate(ofFew))}/s, many ${Math.round(rate(ofMany))}/s`)
    if (round === 0) continue
    rounds.few.push(ofFew)
    rounds.many.push(ofMany)
  }
  return rounds
}

/** The longest pauses under as much PATCH as the server takes. */
async function stallOf({ generator, server }: Side, { connections }: Options): Promise<Stall> {
  await generator.load(server, { kind: 'patch', connections, seconds: stallWarmUpSeconds })
  await server.watch()
  const load = await generator.load(server, { kind: 'patch', connections, seconds: stallSeconds })
  const { loopMaxMs, batchGapMaxMs, batches } = await server.pauses()
  return {
    loopMaxMs: rounded(loopMaxMs, 1),
    batchGapMaxMs: rounded(batchGapMaxMs, 1),
    batches,
    seconds: stallSeconds,
    patchesPerSecond: Math.round(rate(load)),
    slowestAnswerMs: rounded(load.maxMs, 1),
    generatorLoopMaxMs: rounded(load.generatorLoopMaxMs, 1),
    generatorShare: rounded(load.generatorShare, 2),
  }
}

async function readRounds(many: Side, options: Options, say: Say) {
  const reader = new GeneratorProcess([many.leads])
  const seconds = options.seconds * longer
  const rounds: Record<'alone' | 'beside', Round[]> = { alone: [], beside: [] }
  const all: Load[] = []
  await makeHistories(many.generator, many.server, options.connections)
  for (let round = 0; round <= options.rounds; round += 1) {
    const alone = await patch(many, options)
    const run = (): Promise<Round> => patch(many, options)
    const { round: beside, reads } = await besideReads(reader, many.server, { seconds, run })
    say(`${named(round)}: alone ${Math.round(rate(alone))}/s, beside reads ${Math.round(rate(beside))}/s`)
    if (round === 0) continue
    rounds.alone.push(alone)
    rounds.beside.push(beside)
    all.push(reads)
  }
  await reader.stop()
  return { ...rounds, reads: readsSeen(all) }
}

const named = (round: number): string => (round === 0 ? 'warm-up' : `round ${round}`)

export const aboutStall = (stall: Stall): string =>
  `pauses in ${stall.seconds} s at ${stall.patchesPerSecond} PATCH/s: event loop ${stall.loopMaxMs} ms, ` +
  `between two settled batches ${stall.batchGapMaxMs} ms (${stall.batches} batches), ` +
  `slowest answer ${stall.slowestAnswerMs} ms; ` +
  `the load generator's own ${stall.generatorLoopMaxMs} ms at ${Math.round(stall.generatorShare * 100)} % of a CPU`
