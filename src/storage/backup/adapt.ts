import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Movable } from '../moving/movable.ts'
import { openMovable } from '../open.ts'
import type { Write } from '../port.ts'
import { SqliteAccountRows } from '../sqlite/account-rows.ts'
import { migrations } from '../sqlite/schema.ts'
import { closeLog, refuseBroken } from '../sqlite/whole-file.ts'
import type { Manifest } from './manifest.ts'

/** Tables of accounts whose rows are of their moment: sessions that may have ended since, links that may have been used. */
const momentary = ['session', 'verification']

/** How many endpoints send, and how many of these were paused. */
export interface Endpoints {
  readonly active: number
  readonly paused: number
}

/**
 * Makes a copy of a backup ready to be served by this program: its database is brought to the newest version, sessions and
 * links end, and endpoints are paused where that is wanted.
 */
export async function adapt(
  directory: string,
  { schema }: Manifest,
  { pauseWebhooks, now }: { readonly pauseWebhooks: boolean; readonly now: number },
): Promise<Endpoints> {
  await forgetSessions(join(directory, 'auth.db'))
  const data = await openMovable({ directory }, { mustExist: true })
  let endpoints: Endpoints
  try {
    const active = await activeWebhooks(data)
    if (pauseWebhooks && active.length > 0) await data.write(active.map((row) => pausing(row, now)))
    endpoints = { active: active.length, paused: pauseWebhooks ? active.length : 0 }
  } finally {
    await data.close()
  }
  const isSame = schema === migrations.length && endpoints.paused === 0
  if (!isSame) refuseBroken(join(directory, 'waggle.db'), 'The restored database')
  for (const name of readdirSync(directory)) {
    if (name === 'server.lock' || name.startsWith('waggle-before-')) rmSync(join(directory, name))
    if (name === 'waggle.db' || name === 'auth.db') closeLog(join(directory, name))
  }
  return endpoints
}

async function forgetSessions(path: string): Promise<void> {
  if (!existsSync(path)) return
  const accounts = new SqliteAccountRows(path)
  const tables = await accounts.read()
  if (tables === undefined) return
  const kept = Object.entries(tables).filter(([name]) => !momentary.includes(name))
  await accounts.replace(Object.fromEntries(kept))
}

type Webhook = Readonly<Record<string, unknown>>

async function activeWebhooks(data: Movable): Promise<Webhook[]> {
  const active: Webhook[] = []
  for (let after: Webhook | undefined; ; ) {
    const rows = await data.page('webhooks', after, 1_000)
    after = rows.at(-1)
    if (after === undefined) return active
    active.push(...rows.filter((row) => row['state'] === 'active' && row['deleted_at'] === null))
  }
}

const pausing = (row: Webhook, now: number): Write =>
  ({
    kind: 'update',
    table: 'webhooks',
    key: { company_id: row['company_id'], id: row['id'] },
    set: { state: 'paused', revision: Number(row['revision']) + 1, updated_at: now },
  }) as Write
