import assert from 'node:assert/strict'
import type { Vault } from '../kernel/vault.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { masked, secretsOf } from './mask.ts'
import { bodyOf, Signer } from './message.ts'
import { firstHeard } from './request.ts'
import { sampleBody } from './sample-event.ts'
import { openTarget } from './secrets.ts'
import type { Sender } from './sending.ts'

interface Parts {
  readonly database: Database
  readonly vault: Vault
  readonly sender: Sender
}

/**
 * Sends a made-up lead to an endpoint once, signed as every message, and tells what came back. It is no event and
 * leaves no trace.
 *
 * @param uuid the message's
 * @param now Unix ms
 */
export async function sendTest(
  { database, vault, sender }: Parts,
  webhook: Row<'webhooks'>,
  { uuid, now, userUuid }: { uuid: string; now: number; userUuid: string },
) {
  const { company_id, integration_id } = webhook
  const company = await database.read('companies', { id: company_id })
  const integration = await database.read('integrations', { company_id, id: integration_id })
  assert(company !== undefined && integration !== undefined, 'an endpoint has its company and its integration')
  const target = openTarget(vault, company.uuid, webhook, integration)
  const event = firstHeard(webhook)
  const body = bodyOf(
    JSON.stringify(sampleBody(event, { companyUuid: company.uuid, userUuid, now, fields: webhook.fields })),
    target,
  )
  const envelope = { id: uuid, event, userUuid, sequence: undefined, attempt: 1, late: false, replay: false }
  const headers = new Signer(target).headers(envelope, body, now)
  const returned = await sender.send({ endpoint: webhook.id, url: webhook.url, headers, body })
  const { status, ms, error } = returned
  const answer = masked(returned.answer, secretsOf(target, headers))
  return {
    delivered: status !== undefined && status >= 200 && status < 300,
    status: status ?? null,
    ms,
    answer: answer === '' ? null : answer,
    error: error ?? null,
  }
}
