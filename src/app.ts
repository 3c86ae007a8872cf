import assert from 'node:assert/strict'
import { companyRoutes } from './companies/routes.ts'
import { configurationRoutes } from './configuration/routes.ts'
import * as contract from './contract/system.ts'
import { endErasures } from './erasure/lead.ts'
import { erasureRoutes } from './erasure/routes.ts'
import { eventRoutes } from './events/routes.ts'
import { type AppFiles, serveFiles } from './http/files.ts'
import { openapiOf } from './http/openapi.ts'
import { Room } from './http/room.ts'
import { serve } from './http/serve.ts'
import { createServer, type RequestLine, type Server } from './http/server.ts'
import { type Clock, idleTimers, systemClock, systemTimers } from './kernel/clock.ts'
import type { Config } from './kernel/config.ts'
import { type Random, systemRandom } from './kernel/random.ts'
import { unavailable } from './kernel/refusal.ts'
import { Rounds } from './kernel/rounds.ts'
import type { Vault } from './kernel/vault.ts'
import { keyLookUp } from './keys/look-up.ts'
import { keyRoutes } from './keys/routes.ts'
import { KeyUses } from './keys/use.ts'
import { leadRoutes } from './leads/routes.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import type { Accounts } from './sign-in/accounts.ts'
import type { Credentials } from './sign-in/read-body.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { Sessions } from './sign-in/sessions.ts'
import type { Database } from './storage/port.ts'
import { transferRoutes } from './transfer/routes.ts'
import { version } from './version.ts'
import { viewRoutes } from './views/routes.ts'
import { Dispatcher } from './webhooks/dispatch.ts'
import type { LaneRules } from './webhooks/lane.ts'
import type { Observer } from './webhooks/observe.ts'
import { type Swept, sweep } from './webhooks/retention.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import type { Sender } from './webhooks/sending.ts'

/** Files of the web apps. */
interface WebApps {
  readonly console?: AppFiles | undefined
  readonly reference?: AppFiles | undefined
}

export interface AppOptions {
  readonly config: Config
  readonly database: Database
  readonly clock?: Clock
  readonly random?: Random
  /** Opens and seals the secrets of webhooks. */
  readonly vault: Vault
  /** Who may sign in; they are closed by whoever made them. */
  readonly accounts: Accounts
  /** The web apps as they were built; in place of one that is missing a page says how to build it. */
  readonly pages?: WebApps
  /** What the sample's user signs in with, when there is one. */
  readonly sampleSignIn?: Credentials | undefined
  /** Sends webhooks; it is closed by whoever made it. */
  readonly sender: Sender
  readonly log: (line: RequestLine) => void
  /** False leaves the sending to another process on the same data. */
  readonly dispatch?: boolean
  /** Told what webhooks do. */
  readonly webhookLog?: Pick<Observer, 'attempt' | 'disabled'>
  /** Told what had had its time and went, when there was something. */
  readonly onSwept?: (swept: Swept) => void
  /** A task in the background failed; it is tried again later. */
  readonly onBackgroundError: (error: unknown) => void
}

const useWrittenEveryMs = 10_000
const sweepEveryMs = 60_000

/** The whole server: every route group, and what runs beside requests. */
export function createApp({
  config,
  database,
  clock = systemClock,
  random = systemRandom,
  vault,
  accounts,
  pages = {},
  sampleSignIn,
  sender,
  dispatch = true,
  log,
  webhookLog,
  onSwept,
  onBackgroundError,
}: AppOptions): Server {
  const uses = new KeyUses(database)
  const metrics = config.metrics ? createMetrics(database, clock) : undefined
  const room = new Room(config.queueMax, clock)
  database.onCommit(({ works }) => room.committed(works))
  const sessions = new Sessions(accounts, database, clock)
  const server = createServer({
    config,
    clock,
    log: (line) => {
      metrics?.request(line)
      log(line)
    },
    room,
    lookUp: keyLookUp(database, clock, (key) => uses.note(key)),
    sessionLookUp: sessions.lookUp,
    newRequestId: () => random.uuid(clock.now()),
    home: '/console',
  })
  const observer = observerOf(metrics, webhookLog, onBackgroundError)
  const sending = { database, vault, sender, clock, timers: systemTimers, random, rules: laneRules(config), observer }
  const dispatcher = new Dispatcher(sending)

  leadRoutes(server, database, config)
  configurationRoutes(server, database, config)
  companyRoutes(server, database, config)
  viewRoutes(server, database, config)
  keyRoutes(server, database, config, clock)
  const feed = eventRoutes(server, database, { timers: systemTimers })
  webhookRoutes(server, database, { config, clock, random, vault, sender, allow: config.webhookAllow })
  const transfers = transferRoutes(server, database, { config, clock, random, onBackgroundError })
  const people = signInRoutes({ server, database, accounts, sessions, clock, config, sampleSignIn, onBackgroundError })
  erasureRoutes({ server, database, accounts, sessions, clock, config })
  systemRoutes(server, database, metrics)
  servePages(server, pages)

  const rounds = new Rounds(idleTimers, onBackgroundError)
  rounds.add(useWrittenEveryMs, () => uses.write())
  rounds.add(sweepEveryMs, () => accounts.sweep())
  // These are done by one process for all that share the database.
  const sweeping = rounds.add(sweepEveryMs, async (closing) => {
    if (!dispatcher.isFirst) return
    const swept = await sweep(database, config, clock.now(), closing)
    metrics?.swept(swept)
    if (swept.emptied + swept.deliveries > 0) onSwept?.(swept)
  })
  rounds.add(sweepEveryMs, async (closing) => dispatcher.isFirst && endErasures(database, clock, closing))
  const started = dispatch
    ? dispatcher
        .start()
        .then(() => sweeping.begin())
        .catch(onBackgroundError)
    : undefined
  return {
    ...server,
    close: async () => {
      await rounds.close()
      feed.close() // before the server, which waits for what is held
      await server.close()
      await transfers.close()
      await people.close()
      await started
      await dispatcher.close()
      if (database.isOpen) await uses.write().catch(onBackgroundError)
    },
  }
}

function servePages(server: Server, { console, reference }: WebApps): void {
  serveFiles(server, { path: '/console', name: 'The console', command: 'npm run build:console' }, console)
  serveFiles(server, { path: '/docs', name: 'The API reference', command: 'npm run build:reference' }, reference)
}

const observerOf = (
  metrics: Metrics | undefined,
  webhookLog: AppOptions['webhookLog'],
  fault: Observer['fault'],
): Observer => ({
  attempt: (line) => {
    metrics?.attempt(line)
    webhookLog?.attempt(line)
  },
  disabled: (line) => webhookLog?.disabled(line),
  fault,
})

const laneRules = (config: Config): LaneRules => ({
  scheduleMs: config.webhookRetrySchedule.map((seconds) => seconds * 1000),
  holdMs: config.webhookHoldSeconds * 1000,
  concurrency: config.webhookConcurrency,
  disableAfterMs: config.webhookDisableAfterSeconds * 1000,
})

function systemRoutes(server: Server, database: Database, metrics: Metrics | undefined): void {
  serve(server, contract.health, async () => ({ body: { status: 'ok' } }))
  serve(server, contract.readiness, async () => {
    try {
      assert(database.isOpen, 'the database is closed')
      await database.read('meta', { name: 'begun_as' })
    } catch (cause) {
      throw unavailable(cause)
    }
    return { body: { status: 'ready' } }
  })
  if (metrics !== undefined) {
    serve(server, contract.metrics, async () => ({
      text: await metrics.text(),
      headers: { 'content-type': metrics.contentType },
    }))
  }
  let document: string | undefined
  serve(server, contract.openapi, async () => {
    document ??= JSON.stringify(openapiOf(server.operations, version))
    return { text: document }
  })
}
