import assert from 'node:assert/strict'
import * as contract from './contract/system.ts'
import { openapiOf } from './http/openapi.ts'
import { serve } from './http/serve.ts'
import { createServer, type RequestLine, type Server } from './http/server.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import type { Config } from './kernel/config.ts'
import { type Random, systemRandom } from './kernel/random.ts'
import { Refusal } from './kernel/refusal.ts'
import { keyLookUp } from './keys/look-up.ts'
import { KeyUses } from './keys/use.ts'
import { leadRoutes } from './leads/routes.ts'
import { idempotencyKeptMs } from './storage/batch.ts'
import type { Database } from './storage/port.ts'
import { version } from './version.ts'

export interface AppOptions {
  readonly config: Config
  readonly database: Database
  readonly clock?: Clock
  readonly random?: Random
  readonly log: (line: RequestLine) => void
  /** A task in the background failed; it is tried again later. */
  readonly onBackgroundError: (error: unknown) => void
}

const useWrittenEveryMs = 10_000
const sweepEveryMs = 60_000
const sweptAtOnce = 1_000

/** The whole server: every route group, and what runs beside requests. */
export function createApp({
  config,
  database,
  clock = systemClock,
  random = systemRandom,
  log,
  onBackgroundError,
}: AppOptions): Server {
  const uses = new KeyUses(database)
  const server = createServer({
    config,
    clock,
    log,
    lookUp: keyLookUp(database, clock, (actor) => uses.note(actor)),
    newRequestId: () => random.uuid(clock.now()),
  })

  leadRoutes(server, database, config)
  systemRoutes(server, database)

  const every = (ms: number, task: () => Promise<unknown>): NodeJS.Timeout =>
    setInterval(() => task().catch(onBackgroundError), ms).unref()
  const timers = [
    every(useWrittenEveryMs, () => uses.write()),
    every(sweepEveryMs, () => forgetOldKeys(database, clock)),
  ]
  return {
    ...server,
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await server.close()
      if (database.isOpen) await uses.write().catch(onBackgroundError)
    },
  }
}

/** In small transactions, so that no request waits long behind one. */
async function forgetOldKeys(database: Database, clock: Clock): Promise<void> {
  const before = clock.now() - idempotencyKeptMs
  while (database.isOpen && (await database.forgetIdempotencyKeys(before, sweptAtOnce)) === sweptAtOnce);
}

function systemRoutes(server: Server, database: Database): void {
  serve(server, contract.health, async () => ({ body: { status: 'ok' } }))
  serve(server, contract.readiness, async () => {
    try {
      assert(database.isOpen, 'the database is closed')
      await database.read('meta', { name: 'begun_as' })
    } catch (cause) {
      throw new Refusal('unavailable', { retryAfterSeconds: 1, cause })
    }
    return { body: { status: 'ready' } }
  })
  serve(server, contract.openapi, async () => ({ body: openapiOf(server.operations, version) }))
}
