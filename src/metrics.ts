import cluster from 'node:cluster'
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { RequestLine } from './http/server.ts'
import type { Clock } from './kernel/clock.ts'
import { unavailable } from './kernel/refusal.ts'
import type { Database } from './storage/port.ts'
import { backlogOf } from './webhooks/backlog.ts'
import type { AttemptLine } from './webhooks/observe.ts'
import { oldestKeptAt, type Swept } from './webhooks/retention.ts'

/** What the server counts of itself, in the form of Prometheus. Labels have few values: never an id of a lead or a key. */
export interface Metrics {
  request(line: RequestLine): void
  attempt(line: AttemptLine): void
  swept(swept: Swept): void
  readonly contentType: string
  text(): Promise<string>
}

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export function createMetrics(database: Database, clock: Clock): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `waggle_${name}`, help, labelNames, registers })
  const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: L[] = []) =>
    new Histogram({ name: `waggle_${name}`, help, labelNames, buckets, registers })

  const requests = counter('http_requests_total', 'Requests by route and status.', ['method', 'route', 'status'])
  const times = histogram('http_request_seconds', 'Time from a request to its answer.', seconds, ['method', 'route'])
  const works = histogram('batch_works', 'Changes that shared a commit.', [1, 2, 4, 8, 16, 32, 64, 128, 256])
  const commits = histogram('commit_seconds', 'Time of a transaction, its sync to the disk included.', seconds)
  const attempts = counter('webhook_attempts_total', 'Attempts of webhooks by what became of the delivery.', [
    'outcome',
  ])
  const attemptTimes = histogram('webhook_attempt_seconds', 'Time of an attempt of a webhook.', seconds)
  new Gauge({
    name: 'waggle_queue_depth',
    help: 'Changes that wait for the disk.',
    registers,
    collect() {
      this.set(database.waiting)
    },
  })
  const emptied = counter('retention_events_emptied_total', 'Events that retention has emptied.', [])
  const removed = counter('retention_deliveries_removed_total', 'Deliveries that retention has removed.', [])
  const stocks = stocksOf(registers)
  if (cluster.isWorker) {
    new AggregatorRegistry() // answers those who ask for all processes
    AggregatorRegistry.setRegistries([registry])
  }

  database.onCommit(({ works: count, ms }) => {
    works.observe(count)
    commits.observe(ms / 1000)
  })
  return {
    request: ({ method, route = 'unknown', status, ms }) => {
      requests.inc({ method, route, status })
      times.observe({ method, route }, ms / 1000)
    },
    attempt: ({ outcome, ms }) => {
      attempts.inc({ outcome })
      attemptTimes.observe(ms / 1000)
    },
    swept: (swept) => {
      emptied.inc(swept.emptied)
      removed.inc(swept.deliveries)
    },
    contentType: registry.contentType,
    text: async () => {
      await stocks.set(database, clock.now())
      return cluster.isWorker ? ofAllProcesses() : registry.metrics()
    },
  }
}

/** What the database holds that has not had its time, told when it is asked for. */
function stocksOf(registers: Registry[]) {
  // All processes see the same database, so their sum would say nothing.
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `waggle_${name}`, help, registers, aggregator: 'max' })
  const events = gauge('webhook_backlog_events', 'Events of the log that active endpoints have not taken up yet.')
  const oldest = gauge(
    'webhook_oldest_undelivered_seconds',
    'Age of the oldest event that an active endpoint waits for; 0 when there is none.',
  )
  const kept = gauge(
    'retention_oldest_event_seconds',
    'Age of the oldest event that still says what changed; 0 when there is none.',
  )
  return {
    /** @param now Unix ms */
    set: async (database: Database, now: number): Promise<void> => {
      const backlog = await backlogOf(database, now)
      events.set(backlog.events)
      oldest.set(backlog.oldestMs / 1000)
      kept.set(Math.max(0, now - ((await oldestKeptAt(database)) ?? now)) / 1000)
    },
  }
}

/** What a process asks the one that began it, and is answered. */
interface Question {
  readonly waggle: 'metrics'
  readonly id: number
}
interface Answer extends Question {
  readonly text: string | undefined
}

const isQuestion = (message: unknown): message is Question =>
  typeof message === 'object' && message !== null && 'waggle' in message && message.waggle === 'metrics'
const isAnswer = (message: unknown): message is Answer => isQuestion(message) && 'text' in message

let asked = 0
const waiting = new Map<number, (text: string | undefined) => void>()

/** The sums over all processes, whichever is asked. */
async function ofAllProcesses(): Promise<string> {
  const id = ++asked
  if (id === 1) {
    process.on('message', (message) => {
      if (!isAnswer(message)) return
      waiting.get(message.id)?.(message.text)
      waiting.delete(message.id)
    })
  }
  const text = await new Promise<string | undefined>((resolve) => {
    waiting.set(id, resolve)
    process.send?.({ waggle: 'metrics', id } satisfies Question)
  })
  if (text === undefined) throw unavailable(new Error('A process did not tell its metrics.'))
  return text
}

/** In the process that began the others: answers each with the sums over all of them. */
export function answerForAllProcesses(): void {
  const all = new AggregatorRegistry()
  cluster.on('message', (worker, message: unknown) => {
    if (!isQuestion(message)) return
    const tell = (text: string | undefined): void => {
      if (worker.isConnected()) worker.send({ ...message, text } satisfies Answer)
    }
    all.clusterMetrics().then(tell, () => tell(undefined))
  })
}
