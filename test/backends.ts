import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../src/app.ts'
import type { RequestLine } from '../src/http/server.ts'
import { type Clock, systemClock } from '../src/kernel/clock.ts'
import { type Config, configFrom } from '../src/kernel/config.ts'
import { type Vault, vaultKeyBytes, vaultOf } from '../src/kernel/vault.ts'
import { Accounts } from '../src/sign-in/accounts.ts'
import { openAccounts } from '../src/storage/accounts.ts'
import { openDatabase } from '../src/storage/open.ts'
import type { Database } from '../src/storage/port.ts'
import type { Sender } from '../src/webhooks/sending.ts'
import { keys, loadFixture } from './fixture.ts'
import { isPostgresMissing, testDatabase } from './postgres/databases.ts'
import { bindsCompanies } from './storage/postgres/company-in-joins.ts'
import { type ToldRow, toldRows } from './told-events.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** The parsed JSON of the answer; undefined when it is empty. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server answers
  readonly body: any
}

export interface Api {
  readonly url: string
  readonly database: Database
  /** What the server seals secrets with. */
  readonly vault: Vault
  /** Who may sign in; opened when first asked. */
  readonly accounts: Accounts
  /** Where it keeps its data, but for those of PostgreSQL. */
  readonly directory: string
  /** Its database: the directory, or the address on PostgreSQL. */
  readonly at: string
  readonly log: RequestLine[]
  request(
    method: string,
    path: string,
    init?: { key?: string | null; headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> },
  ): Promise<Reply>
  get(path: string, key?: string): Promise<Reply>
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>
  /** The lead as GET answers it. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server answers
  lead(id?: number | string): Promise<any>
  /** The company's log, oldest first. */
  events(companyId?: number): Promise<ToldRow[]>
  close(): Promise<void>
}

export interface Start {
  readonly config?: Partial<Config>
  readonly clock?: Clock
  /** Sends webhooks; when absent nothing can be reached. */
  readonly sender?: Sender
  /** Sends changes to endpoints; when absent only what a request asks for is sent. */
  readonly dispatch?: boolean
}

const vault = vaultOf(new Uint8Array(vaultKeyBytes).fill(7))

const noNetwork: Sender = {
  send: async () => ({
    status: undefined,
    retryAfter: undefined,
    answer: '',
    error: 'no network in this test',
    ms: 0,
  }),
  close: async () => {},
}

const startEmbedded = (options?: Start): Promise<Api> => startOn({ release: async () => {} }, options)
export const startOnPostgres = async (options?: Start): Promise<Api> => startOn(await testDatabase(), options)

/** A server on real sockets over a real database of its own, filled with the fixture. */
async function startOn(
  { url, release }: { readonly url?: string; release(): Promise<void> },
  { config = {}, clock = systemClock, sender = noNetwork, dispatch = false }: Start = {},
): Promise<Api> {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-test-'))
  const settings: Config = { ...configFrom({}, {}), port: 0, data: directory, ...config }
  const database = await openDatabase({ directory, url, clock, serving: true, queueMax: settings.queueMax })
  refuseJoinsAcrossCompanies(database)
  await loadFixture(database)
  const log: RequestLine[] = []
  const accounts = new Accounts(() => openAccounts({ directory, url, serving: true }), vault.derive('cookies'))
  const server = createApp({
    config: settings,
    database,
    clock,
    vault,
    accounts,
    sender,
    dispatch,
    log: (line) => log.push(line),
    onBackgroundError: (error) => {
      throw error
    },
  })
  const origin = await server.listen({ host: '127.0.0.1', port: 0 })

  const request: Api['request'] = async (method, path, { key = keys.full, headers = {}, body } = {}) => {
    const reply = await fetch(`${origin}${path}`, {
      method,
      headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...headers },
      ...(body !== undefined && { body }),
    })
    const text = await reply.text()
    return { status: reply.status, headers: reply.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  const api: Api = {
    url: origin,
    database,
    vault,
    accounts,
    directory,
    at: url ?? directory,
    log,
    request,
    get: (path, key = keys.full) => request('GET', path, { key }),
    patch: (path, body, headers = {}) =>
      request('PATCH', path, {
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    lead: async (id = 4711) => (await api.get(`/api/v1/leads/${id}`)).body,
    events: async (companyId = 3) =>
      toldRows(
        database,
        await database.find((db) =>
          db.selectFrom('events').selectAll().where('company_id', '=', companyId).orderBy('sequence'),
        ),
      ),
    close: async () => {
      await server.close()
      await accounts.close()
      await database.close()
      await release()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  return api
}

/** A statement that joins tables without the company could not be answered where the tables are on many machines. */
function refuseJoinsAcrossCompanies(database: Database): void {
  const find = database.find
  database.find = (build) =>
    find((db) => {
      const built = build(db)
      const { sql } = built.compile()
      assert(bindsCompanies(sql), `tables are joined without company_id: ${sql}`)
      return built
    })
}

/** Every suite runs on each of these. */
export const backends: [name: string, start: (options?: Start) => Promise<Api>][] = [
  ['the embedded database', startEmbedded],
  ...(isPostgresMissing ? [] : [['PostgreSQL', startOnPostgres] as [string, typeof startOnPostgres]]),
]
