import type { Server } from '../http/serve.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { Vault } from '../kernel/vault.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { Telling } from './deliveries.ts'

export type Params = Readonly<Record<string, string | undefined>>

/** What every route of the group leans on. */
export interface Desk {
  readonly server: Server
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  telling(): Telling
  /** @throws Refusal `webhook_not_found` */
  webhookOf(params: Params, actor: Actor): Promise<Row<'webhooks'>>
}
