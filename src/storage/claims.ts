import assert from 'node:assert/strict'
import type { Keys, NamedLeads, Work } from './port.ts'
import type { TableName } from './tables.ts'

/** Of what a work may claim one, and where its row is. */
export const claimable = [
  ['lead', 'leads'],
  ['apiKey', 'api_keys'],
  ['integration', 'integrations'],
  ['webhook', 'webhooks'],
  ['view', 'saved_views'],
  ['import', 'imports'],
] as const satisfies readonly (readonly [keyof Keys, TableName])[]

/** What a work needs for itself while its batch runs; ids are unique in the server. Of an idempotency key only one waits. */
export function claimsOf({ companyId, keys, alone = false }: Work<unknown>): readonly string[] {
  const claims: string[] = []
  if (alone) return claims
  if (keys.named !== undefined) claims.push(...namesClaimed(companyId, keys.named))
  if (keys.lead !== undefined) claims.push(`lead:${keys.lead}`)
  if (keys.apiKey !== undefined) claims.push(`apiKey:${keys.apiKey}`)
  if (keys.integration !== undefined) claims.push(`integration:${keys.integration}`)
  if (keys.webhook !== undefined) claims.push(`webhook:${keys.webhook}`)
  if (keys.view !== undefined) claims.push(`view:${keys.view}`)
  if (keys.import !== undefined) claims.push(`import:${keys.import}`)
  for (const id of keys.deliveries ?? []) claims.push(`delivery:${id}`)
  return claims
}

function namesClaimed(
  companyId: number,
  { ids = [], uuids = [], emails = [], externalIds = [] }: NamedLeads,
): string[] {
  assert(ids.length + uuids.length + emails.length === 0, 'a work that names leads by these must be alone')
  return externalIds.map((externalId) => `externalId:${companyId}:${externalId}`)
}
