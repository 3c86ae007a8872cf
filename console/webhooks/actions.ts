import type { Webhook } from '../../sdk/index.ts'
import { sentenceOf, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { useMay } from '../app/session.ts'
import { offerUndo } from '../app/undo.tsx'
import { refreshWebhooks } from './queries.ts'

/** What can be done with an endpoint. */
export type Action = 'test' | 'edit' | 'preview' | 'pause' | 'resume' | 'since' | 'failed' | 'rotate' | 'delete'

/** Whether whoever is signed in may change endpoints at all. */
export const useMayChange = (): boolean => useMay('changeWebhook')

export type Endpoint = Pick<
  Webhook,
  | 'id'
  | 'uuid'
  | 'url'
  | 'state'
  | 'integration'
  | 'integration_name'
  | 'events'
  | 'fields'
  | 'description'
  | 'sequence'
  | 'backlog'
  | 'undelivered'
>

/** How an endpoint is called in sentences: its host, as the address may be long. */
export const hostOf = ({ url }: Pick<Webhook, 'url'>): string => (URL.canParse(url) ? new URL(url).host : url)

/** Whether something waits that resuming would send. */
export const hasMissed = ({ backlog, undelivered }: Pick<Webhook, 'backlog' | 'undelivered'>): boolean =>
  backlog + undelivered > 0

/** Pauses at once, and offers to take it back: nothing is lost meanwhile. */
export async function pause(endpoint: Endpoint): Promise<void> {
  try {
    await waggle.webhooks.update(endpoint.id, { state: 'paused' })
    offerUndo(`${hostOf(endpoint)} is paused. Changes wait for it.`, () => resume(endpoint, 'continue'))
  } catch (error) {
    say(sentenceOf(error), 'failed')
  }
  await refreshWebhooks()
}

/** @throws WaggleError when it is refused */
export async function resume(endpoint: Endpoint, how: 'continue' | 'skip'): Promise<void> {
  await waggle.webhooks.update(endpoint.id, { state: 'active', resume: how })
  say(`${hostOf(endpoint)} is sent to again.`)
  await refreshWebhooks()
}

/** Sends one delivery once more. */
export async function sendAgain(webhookId: string, deliveryId: number): Promise<void> {
  try {
    await waggle.webhooks.replayDelivery(webhookId, deliveryId)
    say('It is sent again now.')
  } catch (error) {
    say(sentenceOf(error), 'failed')
  }
  await refreshWebhooks()
}
