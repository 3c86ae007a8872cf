import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withDirectory } from './directory.ts'
import { type Options, readOptions } from './options.ts'
import { echoServer, GeneratorProcess, ServerProcess, waggleServer } from './processes.ts'
import { profile } from './profile.ts'
import { machine, type Row, rate, rowOf, tableOf } from './report.ts'
import type { Kind } from './requests.ts'
import { measure, type Round } from './rounds.ts'
import { seed } from './seed.ts'
import { countSyncs, type Syncs } from './syncs.ts'
import { webhooks } from './webhooks.ts'

/**
 * `npm run bench`: Waggle beside a raw `node:http` server, in turns, on one machine with one load generator.
 *
 * Options: `--leads N`, `--large` (a million), `--seconds N` of each round, `--connections N`, `--rounds N`;
 * `--webhooks` measures webhooks instead; `--profile` tells instead where the server's time goes under (b).
 */
const options = readOptions(process.argv.slice(2))

interface Case {
  readonly name: 'raw' | 'patch' | 'status' | 'get'
  readonly about: string
  readonly kind: Kind
}
const cases: readonly Case[] = [
  { name: 'raw', kind: 'patch', about: '(a) raw node:http, parses and echoes' },
  { name: 'patch', kind: 'patch', about: '(b) PATCH, the example body' },
  { name: 'status', kind: 'status', about: '(c) PATCH, status alone' },
  { name: 'get', kind: 'get', about: '(d) GET of one lead' },
]
const syncSeconds = 2

const say = (text: string): void => void process.stdout.write(`${text}\n`)

await withDirectory(async (directory) => {
  if (options.profile) {
    say(await profile(directory, options))
    return
  }
  say(`${options.leads} leads, ${options.connections} connections, ${options.rounds} rounds of ${options.seconds} s`)
  const begun = performance.now()
  await seed(directory, options.leads)
  say(`the database is filled (${((performance.now() - begun) / 1000).toFixed(1)} s)`)

  if (options.webhooks) {
    await webhooks(directory, options, say)
    return
  }
  const generator = new GeneratorProcess([options.leads, options.connections])
  const rounds = await runRounds(directory, generator, options)
  const syncs = await countSyncs(directory, generator, syncSeconds)
  await generator.stop()
  report(rounds, syncs)
})

type Rounds = Record<Case['name'], Round[]>

/** Every row once in each round, so that what slows the machine down for a while slows all of them. */
async function runRounds(
  directory: string,
  generator: GeneratorProcess,
  { rounds, seconds }: Options,
): Promise<Rounds> {
  const raw = await ServerProcess.start(echoServer, [])
  const waggle = await ServerProcess.start(waggleServer, [directory], { output: join(directory, 'requests.log') })
  const measured: Rounds = { raw: [], patch: [], status: [], get: [] }
  for (let round = 0; round <= rounds; round += 1) {
    const rates: string[] = []
    for (const { name, kind } of cases) {
      const keepsLog = name !== 'raw'
      const one = await measure(generator, keepsLog ? waggle : raw, { kind, seconds, keepsLog })
      rates.push(`${name} ${Math.round(rate(one))}/s`)
      if (round > 0) measured[name].push(one)
    }
    say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${rates.join(', ')}`)
  }
  await waggle.stop()
  await raw.stop()
  return measured
}

function report(rounds: Rounds, syncs: Syncs): void {
  const rows = cases.map((one): Row => {
    const counted = one.name === 'patch' || one.name === 'status' ? syncs.perPatch[one.name] : undefined
    return rowOf(one, rounds[one.name], rounds.raw, counted)
  })
  const ratio = (name: Case['name']): number => rows.find((row) => row.name === name)?.ratioToRaw ?? Number.NaN
  const ratios = { patchToRaw: ratio('patch'), statusToRaw: ratio('status'), getToRaw: ratio('get') }
  const results = { ratios, rows, machine: machine() }
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)

  const { cpus, model, memoryGibibytes, node, sqlite, platform } = results.machine
  say(`\n${tableOf(rows)}\n`)
  say('Only the ratios can be compared: each is taken within its rounds, while absolute figures drift with the')
  say('machine by the minute. Medians of the rounds; max is the slowest answer of all. Every 200 to a PATCH was')
  say('on the disk, with its event; keys were checked and requests logged.')
  say(`Syncs: ${syncs.how}.`)
  say(`${cpus} × ${model}, ${memoryGibibytes} GiB, Node ${node}, SQLite ${sqlite}, ${platform}`)
  const busiest = Math.max(...Object.values(rounds).flatMap((all) => all.map(({ generatorShare }) => generatorShare)))
  if (busiest > 0.9) say(`The load generator was ${Math.round(busiest * 100)} % busy: it may have held a row back.`)
}
