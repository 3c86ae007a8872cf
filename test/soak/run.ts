import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { endAll, temporaryDirectory } from '../crash/server.ts'
import { Soak } from './soak.ts'
import { troubles } from './troubles.ts'
import { judge, median, quantile, type Window } from './window.ts'

/**
 * `npm run test:soak -- --minutes N` (1 when not said): a server of 20,000 leads at half of its top rate, with something
 * going wrong now and then. At the end nothing acknowledged may be lost, and memory, descriptors, write-ahead log, webhook
 * backlog and p99 must be flat. Ends with 1 when one is not.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } })
const minutes = Number(values.minutes)
const leads = 20_000
/** A server is killed in this share of the run only: the last one must live long enough to be judged. */
const killsUntil = 0.35
const rowsMax = 20

async function soak(): Promise<boolean> {
  if (!(minutes >= 0.2)) throw new Error(`--minutes is "${values.minutes}", but must be a number from 0.2`)
  const directory = temporaryDirectory()
  const run = new Soak(directory.path, leads)
  try {
    await run.begin()
    console.log(`top ${Math.round(run.top)} changes/s; now half of it for ${minutes} min`)
    await letTimePass(run, minutes * 60_000)
    const { arrived, failed } = run.receiver
    tell(run.windows)
    const drainedMs = await run.finish()
    console.log(
      `acknowledged ${run.record.count}, lost 0, half applied 0; webhooks arrived ${arrived}, failed on purpose ` +
        `${failed}, the last after ${drainedMs} ms`,
    )
    return verdict(run.windows)
  } finally {
    await run.end()
    directory.remove()
  }
}

async function letTimePass(run: Soak, runMs: number): Promise<void> {
  const sampleMs = Math.min(5_000, Math.max(250, runMs / 60))
  const troubleMs = Math.min(45_000, Math.max(3_500, runMs / 8))
  const begun = performance.now()
  let troubleAt = begun + troubleMs
  let turn = 0
  let suffering: Promise<void> | undefined
  let failed: { readonly error: unknown } | undefined
  while (performance.now() - begun < runMs || suffering !== undefined) {
    await wait(sampleMs)
    await run.sample()
    if (failed !== undefined) throw failed.error
    const passed = performance.now() - begun
    const isTime = performance.now() >= troubleAt && suffering === undefined && passed < runMs - 2 * sampleMs
    if (!isTime) continue
    troubleAt += troubleMs
    const possible = troubles.filter(({ endsServer }) => endsServer !== true || passed < killsUntil * runMs)
    const trouble = possible[turn % possible.length]
    turn += 1
    if (trouble === undefined) continue
    suffering = run
      .suffer(trouble)
      .catch((error: unknown) => {
        failed = { error }
      })
      .finally(() => {
        suffering = undefined
      })
  }
}

function tell(windows: readonly Window[]): void {
  const each = Math.ceil(windows.length / rowsMax)
  const head = [
    'until s',
    'changes/s',
    'p50 ms',
    'p99 ms',
    'memory MiB',
    'descriptors',
    'log MiB',
    'backlog',
    '503',
    'broken',
  ]
  console.log([...head.map((name) => name.padStart(11)), '  trouble'].join(' '))
  for (let from = 0; from < windows.length; from += each) {
    const some = windows.slice(from, from + each)
    const sum = (of: (window: Window) => number): number => some.reduce((total, window) => total + of(window), 0)
    const middle = (of: (window: Window) => number): number => median(some.map(of))
    const cells = [
      some.at(-1)?.at ?? 0,
      sum(({ acknowledged }) => acknowledged) / sum(({ seconds }) => seconds),
      middle(({ p50Ms }) => p50Ms),
      quantile(
        some.map(({ p99Ms }) => p99Ms),
        1,
      ),
      middle(({ residentMib }) => residentMib),
      middle(({ descriptors }) => descriptors),
      middle(({ logMib }) => logMib),
      middle(({ backlog }) => backlog),
      sum(({ refused }) => refused),
      sum(({ unanswered }) => unanswered),
    ]
    const names = new Set(some.flatMap(({ trouble }) => (trouble === '' ? [] : trouble.split(', '))))
    console.log([...cells.map((cell) => String(Math.round(cell)).padStart(11)), ` ${[...names].join(', ')}`].join(' '))
  }
}

function verdict(windows: readonly Window[]): boolean {
  const judged = judge(windows)
  for (const { name, unit, first, last, most, isFlat } of judged) {
    const [was, is, may] = [first, last, most].map((value) => `${Math.round(value)} ${unit}`.trim())
    console.log(`${isFlat ? 'flat  ' : 'GROWS '} ${name}: ${was} in the beginning, ${is} at the end (up to ${may})`)
  }
  return judged.every(({ isFlat }) => isFlat)
}

process.exitCode = (await soak()) ? 0 : 1
endAll()
