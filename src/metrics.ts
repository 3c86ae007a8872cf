import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { RequestLine } from './http/server.ts'
import type { Database } from './storage/port.ts'
import type { Backlog } from './webhooks/backlog.ts'
import type { AttemptLine } from './webhooks/observe.ts'

/** What the server counts of itself, in the form of Prometheus. Labels have few values: never an id of a lead or a key. */
export interface Metrics {
  request(line: RequestLine): void
  attempt(line: AttemptLine): void
  readonly contentType: string
  text(): Promise<string>
}

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** @param backlog of all active endpoints, asked for when the metrics are */
export function createMetrics(database: Database, backlog: () => Promise<Backlog>): Metrics {
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
  const events = new Gauge({
    name: 'waggle_webhook_backlog_events',
    help: 'Events of the log that active endpoints have not taken up yet.',
    registers,
  })
  const oldest = new Gauge({
    name: 'waggle_webhook_oldest_undelivered_seconds',
    help: 'Age of the oldest event that an active endpoint waits for; 0 when there is none.',
    registers,
  })

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
    contentType: registry.contentType,
    text: async () => {
      const now = await backlog()
      events.set(now.events)
      oldest.set(now.oldestMs / 1000)
      return registry.metrics()
    },
  }
}
