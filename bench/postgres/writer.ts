import { Socket } from 'node:net'
import pg from 'pg'
import { statuses } from '../../src/contract/lead-members.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { answerParent, usageWith } from '../child.ts'
import { loadOf } from '../latencies.ts'
import type { Load } from '../messages.ts'
import { exampleBody } from '../requests.ts'
import { companyName, drawsOf, firstLeadId } from '../workspace.ts'
import { nineStatements, oneStatement } from './by-hand.ts'
import type { WritePath } from './path.ts'
import { companyOf } from './seed.ts'
import { wagglePath } from './waggle-path.ts'

/**
 * Keeps a number of callers busy in this process, each with one patch of the example at a time.
 *
 * Arguments: the address of a database that is seeded; its leads; its companies; callers; `waggle`, `nine` or `one`; the
 * connections of the latter two, or `count` for the first to count its round trips.
 */
const [url = '', leadsText, companiesText, callersText, way = '', last = ''] = process.argv.slice(2)
const leads = Number(leadsText)
const leadsOfEach = leads / Number(companiesText)
const bodiesReady = 4_096
const draw = drawsOf(leads + process.pid)
const bodies = Array.from({ length: bodiesReady }, () => exampleBody(draw(statuses.length), draw))

/** By connection. */
const roundTrips = new Map<Socket, number>()
let batches = 0
let works = 0
if (last === 'count') countTrips()
const path = await pathOf()
const watching = new pg.Client(url)
watching.on('error', () => {}) // the server may end first
await watching.connect()

answerParent(
  async (question) => {
    if (question.ask === 'write') return write(question.seconds)
    if (question.ask === 'usage') return usageWith({ changes: await numberFrom(changes), commits: 0 })
    if (question.ask === 'trips') {
      // The busiest connection is that of the batches.
      const ofBatches = Math.max(0, ...roundTrips.values())
      return { batches, works, roundTrips: ofBatches, transactions: await numberFrom(transactions) }
    }
    throw new Error(`a writer cannot answer ${question.ask}`)
  },
  async () => {
    await path.close()
    await watching.end()
  },
)

const changes = 'SELECT sum(last_sequence)::float AS found FROM company_log'
/** Numbers are given to transactions that write, as they first do. */
const transactions = 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text::float AS found'

async function numberFrom(sql: string): Promise<number> {
  return (await watching.query(sql)).rows[0].found
}

async function pathOf(): Promise<WritePath> {
  if (way === 'nine') return nineStatements(url, Number(last))
  if (way === 'one') return oneStatement(url, Number(last))
  const database = await openDatabase({ directory: '', url })
  database.onCommit((commit) => {
    batches += 1
    works += commit.works
  })
  return wagglePath(database)
}

async function write(seconds: number): Promise<Load> {
  const latenciesMs: number[] = []
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  const untilMs = begun + seconds * 1000
  const call = async (): Promise<void> => {
    for (let now = performance.now(); now < untilMs; ) {
      const index = draw(leads)
      const ready = bodies[draw(bodies.length)] ?? exampleBody(0, draw)
      const body = { ...ready, company_name: companyName(draw) } // one that a lead has already would be no change
      await path.patch(companyOf(index, leadsOfEach), firstLeadId + index, body)
      const ended = performance.now()
      latenciesMs.push(ended - now)
      now = ended
    }
  }
  await Promise.all(Array.from({ length: Number(callersText) }, call))
  return { ...loadOf(latenciesMs, { begun, cpuBefore, generatorLoopMaxMs: 0 }), generatorShare: 0 } // there is none
}

/**
 * Counts how often a connection was written to that had answered since: what goes out together is one round trip. It
 * stands in the way of each message, so rates are measured without it.
 */
function countTrips(): void {
  const { write: send, emit } = Socket.prototype
  const silent = new WeakSet<Socket>()
  Socket.prototype.write = function (...words: unknown[]): boolean {
    if (!silent.has(this)) roundTrips.set(this, 1 + (roundTrips.get(this) ?? 0))
    silent.add(this)
    return Reflect.apply(send, this, words)
  }
  Socket.prototype.emit = function (name: string | symbol, ...words: unknown[]): boolean {
    if (name === 'data') silent.delete(this)
    return Reflect.apply(emit, this, [name, ...words])
  }
}
