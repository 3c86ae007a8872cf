import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { startCluster } from '../postgres/cluster.ts'
import { sharedVariable } from '../postgres/databases.ts'
import { embeddedGround, postgresGround } from './ground.ts'
import { simulate } from './simulate.ts'

/**
 * `npm run test:simulate -- --seeds N`: runs of the dispatcher under a virtual clock, with seeded chance and made-up
 * receivers. `--from S` begins with another seed, `--seed S` replays one; `--many` lets many processes share the
 * endpoints; `--postgres` uses a real PostgreSQL, whose own order a seed does not replay. Ends with 1 at a seed that fails.
 */
interface Share {
  readonly from: number
  readonly seeds: number
  readonly step: number
  readonly many: boolean
  readonly postgres: boolean
}

interface Sum {
  seeds: number
  changes: number
  arrivals: number
  crashes: number
}

async function runShare({ from, seeds, step, many, postgres }: Share): Promise<void> {
  const ground = postgres ? postgresGround : await embeddedGround()
  const sum: Sum = { seeds: 0, changes: 0, arrivals: 0, crashes: 0 }
  try {
    for (let seed = from; seed < from + seeds; seed += step) {
      try {
        const told = await simulate(seed, ground, { many })
        sum.seeds += 1
        sum.changes += told.changes
        sum.arrivals += told.arrivals
        sum.crashes += told.crashes
      } catch (error) {
        throw new Error(
          `seed ${seed} fails; replay it with: npm run test:simulate -- ${many ? '--many ' : ''}${postgres ? '--postgres ' : ''}--seed ${seed}`,
          { cause: error },
        )
      }
    }
  } finally {
    ground.end()
  }
  parentPort?.postMessage(sum)
}

async function runAll(from: number, seeds: number, on: Pick<Share, 'many' | 'postgres'>): Promise<void> {
  const cluster = on.postgres ? await startCluster() : undefined
  if (cluster !== undefined) process.env[sharedVariable] = cluster.url('postgres')
  const threads = Math.min(availableParallelism(), seeds)
  const total: Sum = { seeds: 0, changes: 0, arrivals: 0, crashes: 0 }
  let left = threads
  for (let thread = 0; thread < threads; thread += 1) {
    const share: Share = { from: from + thread, seeds: seeds - thread, step: threads, ...on }
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: share })
    worker.on('message', (sum: Sum) => {
      total.seeds += sum.seeds
      total.changes += sum.changes
      total.arrivals += sum.arrivals
      total.crashes += sum.crashes
      left -= 1
      if (left > 0) return
      console.log(
        `${total.seeds} seeds: ${total.changes} changes, ${total.arrivals} attempts, ${total.crashes} crashes; ` +
          'nothing wrong, everything arrived',
      )
      void cluster?.stop()
    })
    worker.on('error', (error) => {
      console.error(error)
      process.exit(1)
    })
  }
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      many: { type: 'boolean', default: false },
      postgres: { type: 'boolean', default: false },
    },
  })
  const { many, postgres } = values
  if (values.seed === undefined) await runAll(Number(values.from), Number(values.seeds), { many, postgres })
  else await runAll(Number(values.seed), 1, { many, postgres })
} else {
  await runShare(workerData)
}
