import { Refusal } from '../kernel/refusal.ts'
import type { Database, Idempotency, Outcome, Write } from './port.ts'
import type { Row } from './tables.ts'

type KeptReply = Row<'idempotency_keys'>

/** How long an answer stays with its idempotency key, in ms. */
export const idempotencyKeptMs = 24 * 60 * 60 * 1000

/** Keys that one transaction forgets. */
const keysAtOnce = 1_000

export const isKept = (kept: KeptReply, now: number): boolean => kept.created_at > now - idempotencyKeptMs

/** @throws Refusal `idempotency_mismatch`: the key came with another request */
export function replayOf(kept: KeptReply, once: Idempotency): Outcome<unknown> {
  if (kept.fingerprint !== once.fingerprint) throw new Refusal('idempotency_mismatch')
  return { reply: JSON.parse(kept.reply), sequence: kept.sequence ?? undefined, replayed: true }
}

/** The write that keeps a reply with its key; a row of the key that has run out is taken over. */
export function keptReply(
  companyId: number,
  once: Idempotency,
  change: { reply: unknown; sequence: number | undefined },
  now: number,
  expired: KeptReply | undefined,
): Write {
  const row = {
    company_id: companyId,
    key: once.key,
    fingerprint: once.fingerprint,
    created_at: now,
    reply: JSON.stringify(change.reply),
    sequence: change.sequence ?? null,
  }
  if (expired === undefined) return { kind: 'insert', table: 'idempotency_keys', row }
  return { kind: 'update', table: 'idempotency_keys', key: { company_id: companyId, key: once.key }, set: row }
}

/**
 * Forgets all keys whose answers are kept no longer, some at a time.
 *
 * @param now Unix ms
 * @returns how many
 */
export async function forgetOldKeys(database: Database, now: number): Promise<number> {
  let forgotten = 0
  for (let count = keysAtOnce; count === keysAtOnce && database.isOpen; ) {
    count = await database.forgetIdempotencyKeys(now - idempotencyKeptMs, keysAtOnce)
    forgotten += count
  }
  return forgotten
}
