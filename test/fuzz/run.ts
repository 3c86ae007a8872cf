import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { ruleNames } from './plans.ts'
import { Round, type Share, sequencesOf, shortest } from './round.ts'
import { Pools } from './schema.ts'
import { sequenceLength, type Tally } from './sequence.ts'

/**
 * `npm run test:fuzz -- --cases N`: so many requests made from the operations' schemas, right ones and ones with one
 * rule broken, against servers on real sockets, compared with a model after each. `--seed S` takes another seed,
 * `--from K` begins with another case, `--only 3,17` leaves all other steps of a sequence out. Ends with 1 at the
 * first case that disagrees.
 */
type Message =
  | { readonly kind: 'tally'; readonly cases: number; readonly counts: Tally['counts'] }
  | { readonly kind: 'broken'; readonly text: string }

/** Sequences for which one server and one database serve: then new ones begin, so that nothing grows. */
const sequencesOfRound = 50

async function runShare(share: Share): Promise<void> {
  const pools = new Pools(share.seed)
  const mine = sequencesOf(share)
  for (let at = 0; at < mine.length; at += sequencesOfRound) {
    const tally: Tally = { cases: 0, counts: {} }
    const round = await Round.start(pools)
    const broken = await round.run(mine.slice(at, at + sequencesOfRound), tally).finally(() => round.close())
    parentPort?.postMessage({ kind: 'tally', ...tally } satisfies Message)
    if (broken === undefined) continue
    const { seed, sequence, steps, failed, faults } = await shortest(pools, broken)
    const from = sequence * sequenceLength
    const command = `npm run test:fuzz -- --seed ${seed} --from ${from} --cases ${sequenceLength} --only ${steps.join(',')}`
    const text = [
      `case ${from + failed.step} fails: ${failed.message}`,
      ...faults,
      'after',
      ...failed.requests,
      `replay it with: ${command}`,
    ]
    parentPort?.postMessage({ kind: 'broken', text: text.join('\n') } satisfies Message)
    return
  }
}

const memory = '/dev/shm'
const memoryBytesMin = 2 ** 30

/**
 * Where the databases lie: in memory where there is room. What a sync is worth, the crash test asks; here it would only
 * take time. `TMPDIR` names another place.
 */
function placeOfData(): string {
  if (process.env['TMPDIR'] !== undefined) return tmpdir()
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize >= memoryBytesMin ? memory : tmpdir()
}

/** A thread runs so many cases at the most: the metrics of a server that was closed stay with its thread. */
const casesOfThread = 500 * sequenceLength

/** Parts of a share that end where a sequence ends, as many as cores or more. */
function* partsOf({ from, until, ...share }: Share, cores: number): Generator<Share> {
  const sequences = Math.ceil((until - from) / sequenceLength / cores)
  const cases = Math.min(casesOfThread, sequences * sequenceLength)
  for (let begin = from; begin < until; ) {
    const end = Math.min(until, begin - (begin % sequenceLength) + cases)
    yield { ...share, from: begin, until: end }
    begin = end
  }
}

function runAll(share: Share): void {
  const begun = performance.now()
  const directory = mkdtempSync(join(placeOfData(), 'waggle-fuzz-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  const env = { ...process.env, TMPDIR: directory }
  const parts = partsOf(share, availableParallelism())
  const total: Tally = { cases: 0, counts: {} }
  let running = 0
  let told = begun
  const take = ({ cases, counts }: Tally): void => {
    total.cases += cases
    for (const [name, count] of Object.entries(counts)) total.counts[name] = (total.counts[name] ?? 0) + count
    if (performance.now() - told < tellEveryMs) return
    told = performance.now()
    console.log(summary(total, begun))
  }
  const beginThread = (): void => {
    const { value: part } = parts.next()
    if (part === undefined) {
      if (running === 0) tellAll(total, begun)
      return
    }
    running += 1
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: part, env })
    worker.on('message', (message: Message) => {
      if (message.kind === 'tally') take(message)
      else fail(message.text)
    })
    worker.on('error', fail)
    worker.on('exit', () => {
      running -= 1
      beginThread()
    })
  }
  for (let core = 0; core < availableParallelism(); core += 1) beginThread()
}

function fail(why: unknown): void {
  console.error(why)
  process.exit(1)
}

const tellEveryMs = 20_000

function summary({ cases }: Tally, begun: number): string {
  const seconds = (performance.now() - begun) / 1000
  const megabytes = Math.round(process.memoryUsage.rss() / 1_048_576)
  return `${cases} cases in ${seconds.toFixed(1)} s, ${Math.round(cases / seconds)} a second, ${megabytes} MB`
}

/** A run of so many cases must have broken every rule. */
const casesForAll = 10_000

function tellAll(total: Tally, begun: number): void {
  const of = (prefix: string): [string, number][] =>
    Object.entries(total.counts)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]): [string, number] => [name.slice(prefix.length), count])
      .toSorted(([left], [right]) => left.localeCompare(right))
  const listed = (prefix: string): string =>
    of(prefix)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  console.log(`statuses: ${listed('status ')}`)
  console.log(`operations: ${listed('operation ')}`)
  console.log(`rules broken: ${listed('rule ')}`)
  console.log(
    `${summary(total, begun)}; ${total.counts['right'] ?? 0} right, the rest with one rule broken: nothing disagreed`,
  )
  const missed = ruleNames.filter((name) => total.counts[`rule ${name}`] === undefined)
  if (total.cases < casesForAll || missed.length === 0) return
  console.error(`never broken: ${missed.join(', ')}`)
  process.exitCode = 1
}

/** @throws Error it is no whole number from a smallest one on */
function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < min)
    throw new Error(`--${name} is "${text}", but must be a whole number from ${min}`)
  return value
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      only: { type: 'string' },
    },
  })
  const from = wholeNumber('from', values.from, 0)
  const until = from + wholeNumber('cases', values.cases, 1)
  const only = values.only?.split(',').map((step) => wholeNumber('only', step, 0))
  runAll({ seed: wholeNumber('seed', values.seed, 0), from, until, only })
} else {
  await runShare(workerData)
}
