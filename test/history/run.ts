import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkHistory } from './check.ts'
import type { History } from './history.ts'
import { missingForPowerLoss } from './power-loss.ts'
import { Chain } from './record.ts'
import { hasOrder, searchStepsMax } from './search.ts'

/**
 * `npm run test:history -- --runs N`: clients change and read a few leads of a real server together, while it is
 * killed and paused, and what they saw is checked. `--from K` begins with another seed, `--seed S` repeats one. A seed
 * gives the same requests and faults again, not the same moments; so a history that fails is kept, and
 * `--check FILE` checks it again. Ends with 1 when something was wrong.
 */

/** Runs that share one directory: so many changes have sets of their own, and its log stays short. */
const chainRuns = 12

interface Share {
  readonly from: number
  readonly runs: number
  /** To the next seed; 0 repeats one. */
  readonly step: number
}

interface Sum {
  readonly runs: number
  readonly requests: number
  readonly changes: number
  readonly kills: number
  readonly unanswered: number
  readonly ofThemDone: number
  readonly refused: number
  readonly replayed: number
  /** Histories in which the search found an order, too. */
  readonly searched: number
}

const nothing: Sum = {
  runs: 0,
  requests: 0,
  changes: 0,
  kills: 0,
  unanswered: 0,
  ofThemDone: 0,
  refused: 0,
  replayed: 0,
  searched: 0,
}

/** @throws Violation */
function check(history: History): Sum {
  const told = checkHistory(history)
  const found = hasOrder(history, searchStepsMax)
  if (found === false) throw new Error('the search finds no order of the requests, though no rule is broken')
  return {
    runs: 1,
    requests: told.operations,
    changes: told.events,
    kills: history.deaths.length,
    unanswered: told.unknown,
    ofThemDone: told.unknownDone,
    refused: told.refused,
    replayed: told.replayed,
    searched: found === true ? 1 : 0,
  }
}

const added = (left: Sum, right: Sum): Sum => ({
  runs: left.runs + right.runs,
  requests: left.requests + right.requests,
  changes: left.changes + right.changes,
  kills: left.kills + right.kills,
  unanswered: left.unanswered + right.unanswered,
  ofThemDone: left.ofThemDone + right.ofThemDone,
  refused: left.refused + right.refused,
  replayed: left.replayed + right.replayed,
  searched: left.searched + right.searched,
})

async function runShare({ from, runs, step }: Share): Promise<void> {
  // With every other directory, a kill is a loss of power.
  const canLosePower = missingForPowerLoss() === undefined
  let losesPower = canLosePower
  let chain = new Chain({ losesPower })
  try {
    for (let run = 0; run < runs; run += 1) {
      if (run > 0 && run % chainRuns === 0) {
        await chain.close()
        losesPower = canLosePower && !losesPower
        chain = new Chain({ losesPower })
      }
      const sum = await runOnce(chain, from + run * step)
      process.send?.(sum)
    }
  } finally {
    await chain.close()
  }
}

async function runOnce(chain: Chain, seed: number): Promise<Sum> {
  let history: History | undefined
  try {
    history = await chain.record(seed)
    return check(history)
  } catch (error) {
    const kept = history === undefined ? undefined : join(tmpdir(), `waggle-history-${seed}-${process.pid}.json`)
    if (kept !== undefined) writeFileSync(kept, JSON.stringify(history))
    const says = error instanceof Error ? error.message : String(error)
    throw new Error(
      `seed ${seed} fails: ${says}\n` +
        `${kept === undefined ? 'It left no history.' : `Its history is kept: npm run test:history -- --check ${kept}`}\n` +
        `The same requests and faults again, twenty times: npm run test:history -- --seed ${seed} --runs 20`,
      { cause: error },
    )
  }
}

/** Shares the seeds among processes, one for each core; the first that fails ends all. */
async function runAll({ from, runs, step }: Share): Promise<void> {
  const begun = performance.now()
  const processes = Math.min(availableParallelism(), runs)
  const children: ChildProcess[] = []
  let total = nothing
  const endOf = (child: ChildProcess): Promise<boolean> =>
    new Promise((resolve) => child.on('exit', (code) => resolve(code === 0)))
  const ends = Array.from({ length: processes }, async (_, index) => {
    const share: Share = {
      from: from + index * step,
      runs: Math.ceil((runs - index) / processes),
      step: step * processes,
    }
    const child = fork(fileURLToPath(import.meta.url), ['--share', JSON.stringify(share)])
    children.push(child)
    child.on('message', (sum: Sum) => {
      total = added(total, sum)
    })
    const fine = await endOf(child)
    if (!fine) for (const other of children) if (other.connected) other.disconnect()
    return fine
  })
  const fine = (await Promise.all(ends)).every(Boolean)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(
    `${total.runs} runs in ${seconds} s: ${total.requests} requests, ${total.changes} changes, ${total.kills} kills; ` +
      `${total.unanswered} changes unanswered, ${total.ofThemDone} of them done; ${total.refused} times 412, ` +
      `${total.replayed} replays; the search agreed on ${total.searched}; ${fine ? 'nothing wrong' : 'SOMETHING IS WRONG'}`,
  )
  const missing = missingForPowerLoss()
  if (missing !== undefined) console.log(`SKIPPED: losses of power: ${missing}`)
  if (!fine || (missing !== undefined && process.env['CI'] !== undefined)) process.exitCode = 1
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    check: { type: 'string' },
    share: { type: 'string' },
  },
})
if (values.check !== undefined) {
  console.log(check(JSON.parse(readFileSync(values.check, 'utf8'))))
} else if (values.share !== undefined) {
  process.on('disconnect', () => process.exit(1)) // another share has failed, or the parent is gone
  try {
    await runShare(JSON.parse(values.share))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
  process.removeAllListeners('disconnect')
  process.disconnect()
} else if (values.seed !== undefined) {
  await runAll({ from: Number(values.seed), runs: Number(values.runs ?? 1), step: 0 })
} else {
  await runAll({ from: Number(values.from), runs: Number(values.runs ?? 200), step: 1 })
}
