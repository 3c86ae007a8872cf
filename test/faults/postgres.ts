import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { checkArrivals } from '../crash/arrivals.ts'
import { checkAnswers, checkDatabase, hold } from '../crash/check.ts'
import { newBook, patchOnce, prepareData } from '../crash/load.ts'
import { FailingReceiver } from '../crash/receiver.ts'
import { startServer, until } from '../crash/server.ts'
import { drained, eventsIn, settings as hooked, subscribe } from '../crash/webhooks.ts'
import { type Cluster, startCluster, withClient } from '../postgres/cluster.ts'
import { CuttingProxy } from '../postgres/cutting-proxy.ts'
import { isPostgresMissing, missingVariable } from '../postgres/databases.ts'
import {
  checkHealed,
  checkRefusals,
  type Fault,
  type Ground,
  stopLoad,
  type Told,
  underLoad,
  untilGoesOn,
} from './fault.ts'

interface PostgresGround extends Ground {
  readonly cluster: Cluster
}

interface Options {
  /** Where the server finds the database, when not where it is. */
  readonly reached?: (cluster: Cluster) => Promise<string>
  readonly settings?: Readonly<Record<string, string>>
}

/** Runs a body with a server over a PostgreSQL of its own that waits for the disk; both are gone afterwards. */
async function onPostgres<T>(
  body: (ground: PostgresGround) => Promise<T>,
  { reached = async (cluster) => cluster.url('waggle'), settings = {} }: Options = {},
): Promise<T> {
  const cluster = await startCluster({ durable: true })
  try {
    await cluster.create('waggle')
    const data = cluster.url('waggle')
    await prepareData(data)
    const server = await startServer(await reached(cluster), [], settings)
    try {
      return await body({ cluster, data, book: newBook(), server })
    } finally {
      await server.end('SIGKILL')
    }
  } finally {
    await cluster.stop()
  }
}

/**
 * Looks at a server whose database was in trouble: it never ended, it answers and takes changes again by itself, and what
 * was acknowledged stands. Of what was refused some may stand: a commit whose answer was cut off.
 */
async function checkRecovered({ data, book, server }: Ground, outcome: string): Promise<Told> {
  assert.equal(book.unanswered.length, 0, 'a request got no answer')
  checkRefusals(book)
  const told = { acknowledged: book.acknowledged.length, refused: book.refused.length, unanswered: 0 }
  const checked = await checkDatabase(data, book)
  await checkAnswers(server.url, checked)
  const unheard = checked.changes - told.acknowledged
  assert(unheard <= told.refused, `${unheard} changes stand that nobody was told of, but ${told.refused} were refused`)
  assert('version' in (await patchOnce(server.url, book)), 'a change is refused though the fault is over')
  assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null, err: '' })
  return { ...told, unheard, outcome }
}

const databaseIsKilled = (): Promise<Told> =>
  onPostgres(async (ground) => {
    const { book, cluster } = ground
    const load = await underLoad(ground, 32)
    const times = 3
    for (let time = 1; time <= times; time += 1) {
      await cluster.kill()
      const before = book.refused.length
      await until('changes are refused', () => book.refused.length > before + 50)
      await cluster.start()
      await untilGoesOn(ground)
    }
    await stopLoad(load)
    return checkRecovered(ground, `went on by itself ${times} times`)
  })

async function commitsAreCut(): Promise<Told> {
  let proxy: CuttingProxy | undefined
  const reached = async (cluster: Cluster): Promise<string> => {
    proxy = new CuttingProxy(cluster.port)
    const url = new URL(cluster.url('waggle'))
    url.port = String(await proxy.listen())
    return url.href
  }
  try {
    return await onPostgres(
      async (ground) => {
        const load = await underLoad(ground, 32)
        const cuts = 20
        for (let count = 1; count <= cuts; count += 1) {
          proxy?.cuts.push(count % 2 === 0 ? 'before its answer' : 'before the server has it')
          await until('a commit was cut', () => proxy?.cuts.length === 0)
          await untilGoesOn(ground, 20)
        }
        await stopLoad(load)
        const told = await checkRecovered(
          ground,
          `took ${cuts} cuts, and told nobody that a change was refused for good`,
        )
        hold(told.unheard > 0, 'no commit stood whose answer was cut off: the cut came elsewhere')
        hold(told.refused > told.unheard, 'every commit stood that was cut: the cut came elsewhere')
        return told
      },
      { reached },
    )
  } finally {
    proxy?.close()
  }
}

const lockIsHeld = (seconds: number): Promise<Told> =>
  onPostgres(async (ground) => {
    const { book, cluster } = ground
    const load = await underLoad(ground, 32)
    await withClient(cluster.url('waggle'), async (client) => {
      await client.query('BEGIN')
      await client.query('SELECT 1 FROM company_log WHERE company_id = 3 FOR UPDATE')
      await wait(500) // what was committed right before is still told
      const [acknowledged, refused] = [book.acknowledged.length, book.refused.length]
      await wait(seconds * 1_000)
      hold(book.acknowledged.length <= acknowledged, 'a change was acknowledged although the company was locked')
      hold(book.refused.length > refused, `no change was refused in ${seconds} s`)
      await client.query('ROLLBACK')
    })
    await untilGoesOn(ground)
    await stopLoad(load)
    return checkHealed(ground, 'waited no longer than 5 s for a lock, and went on when it was free')
  })

/** Endpoints enough that each of two processes holds some. */
const endpoints = 8
/** Takes far longer than a process that is alive is ever silent. */
const takenOverWithinMs = 15_000

const holderIsKilled = (): Promise<Told> =>
  onPostgres(
    async (ground) => {
      const { data, book, server, cluster } = ground
      const receivers = Array.from({ length: endpoints }, () => new FailingReceiver())
      const other = await startServer(data, [], hooked)
      const holders = async (): Promise<number> => {
        const rows = await cluster.query('SELECT count(DISTINCT holder)::int AS count FROM webhooks', 'waggle')
        return rows[0]?.['count'] ?? 0
      }
      try {
        const from = (await eventsIn(data, 0)).length
        const ids: number[] = []
        for (const receiver of receivers) {
          receiver.healthy = true
          ids.push((await subscribe(server.url, await receiver.listen())).id)
        }
        let count = 0
        for (const begun = performance.now(); count < 2; count = await holders()) {
          hold(performance.now() - begun < takenOverWithinMs, 'the processes do not share the endpoints')
          await wait(50)
        }
        const load = await underLoad(ground, 16)
        await other.end('SIGKILL')
        for (const receiver of receivers) receiver.life += 1
        const killedAt = performance.now()
        await untilGoesOn(ground, 500)
        await stopLoad(load)
        for (const id of ids) await drained(server, id)
        const tookMs = Math.round(performance.now() - killedAt)
        hold(tookMs < takenOverWithinMs, `the endpoints were taken over after ${tookMs} ms only`)
        const events = await eventsIn(data, from)
        let doubles = 0
        for (const { messages, accepted } of receivers) {
          const { byKill } = checkArrivals({ messages, accepted, events, recorded: new Map() })
          for (const twice of byKill.values()) doubles += twice
        }
        return await checkRecovered(
          { data, book, server },
          `all ${events.length} changes arrived at ${endpoints} endpoints, in order, ${tookMs} ms after the kill at the ` +
            `latest; ${doubles} came twice`,
        )
      } finally {
        await other.end('SIGKILL')
        for (const receiver of receivers) receiver.close()
      }
    },
    { settings: hooked },
  )

const missing = (): string | undefined => (isPostgresMissing ? process.env[missingVariable] : undefined)
const lockHeldFor = (seconds: number, quick: boolean): Fault => ({
  name: `PostgreSQL: a lock held for ${seconds} s`,
  injected: 'another transaction locks the row that every change of the company waits for',
  quick,
  missing,
  run: () => lockIsHeld(seconds),
})

export const postgresFaults: readonly Fault[] = [
  {
    name: 'PostgreSQL: killed and restarted',
    injected: 'kill -9 of all its processes under load, and a start on what it left, three times',
    quick: true,
    missing,
    run: databaseIsKilled,
  },
  {
    name: 'PostgreSQL: connection cut in a commit',
    injected: 'a proxy cuts the connection before the server has the COMMIT, or behind it before its answer, 20 times',
    quick: true,
    missing,
    run: commitsAreCut,
  },
  lockHeldFor(7, true),
  lockHeldFor(30, false),
  {
    name: 'PostgreSQL: a process killed with deliveries claimed',
    injected: 'kill -9 of one of two servers that share the endpoints, under load',
    quick: true,
    missing,
    run: holderIsKilled,
  },
]
