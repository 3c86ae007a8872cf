import { referenceFromText } from '../contract/forms.ts'
import * as contract from '../contract/webhooks.ts'
import { refuseUnknown } from '../http/body-reader.ts'
import { answerOf } from '../http/conditions.ts'
import { type Server, serve } from '../http/serve.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import { type Random, systemRandom } from '../kernel/random.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
import type { Vault } from '../kernel/vault.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { addressGuard } from './addresses.ts'
import { changeWebhook, createWebhook, deleteWebhook, invalidIntegration, newWebhook, rotateSecret } from './change.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import type { Desk } from './desk.ts'
import { createIntegration, sealedIntegration } from './integrate.ts'
import { countOf, findWebhook, listIntegrations, webhookViews } from './queries.ts'
import { readIntegration, readNewWebhook, readWebhookChange } from './read-body.ts'
import { newSecret, sealedAs } from './secrets.ts'
import { sendTest } from './send-test.ts'
import type { Sender } from './sending.ts'

export interface WebhookOptions {
  readonly config: Config
  readonly clock: Clock
  readonly random?: Random
  readonly vault: Vault
  readonly sender: Sender
  /** Networks that may be sent to although they are not public. */
  readonly allow: readonly string[]
}

export function webhookRoutes(server: Server, database: Database, options: WebhookOptions): void {
  const { clock, config, vault, random = systemRandom } = options
  const desk: Desk = {
    server,
    database,
    clock,
    random,
    vault,
    telling: () => ({ wholeSeconds: config.wholeSeconds, now: clock.now() }),
    webhookOf: async ({ webhookId }, actor) => {
      const webhook = await findWebhook(database, actor.companyId, referenceFromText(webhookId ?? ''))
      if (webhook === undefined) throw new Refusal('webhook_not_found')
      return webhook
    },
  }
  integrationRoutes(desk)
  const { refusalOfUrl } = addressGuard(options.allow)
  beginRoutes(desk, refusalOfUrl)
  changeRoutes(desk, refusalOfUrl)
  secretRoutes(desk, options.sender)
  deliveryRoutes(desk)
}

function integrationRoutes({ server, database, clock, random, vault, telling }: Desk): void {
  serve(server, contract.listIntegrations, async ({ actor }) => ({
    body: await listIntegrations(database, actor.companyId, telling()),
  }))

  serve(server, contract.createIntegration, async ({ actor, body, conditions, answer }) => {
    const read = readIntegration(body)
    answer.ignoredFields(read.ignored)
    refuseUnknown(read.ignored, conditions.strict)
    const integration = sealedIntegration(vault, random.uuid(clock.now()), read)
    const present = await countOf(database, 'integrations', actor.companyId)
    const work = createIntegration(actor.companyId, integration, present)
    return answerOf(await database.transact(work, conditions.once))
  })
}

type RefusalOfUrl = ReturnType<typeof addressGuard>['refusalOfUrl']

function beginRoutes({ server, database, clock, random, vault, telling }: Desk, refusalOfUrl: RefusalOfUrl): void {
  serve(server, contract.listWebhooks, async ({ actor: { companyId }, query }) => ({
    body: await webhookViews(database, { companyId, withRecent: query['include'] === 'recent' }, telling()),
  }))

  serve(server, contract.createWebhook, async ({ actor, body, conditions, answer }) => {
    const read = readNewWebhook(body, refusalOfUrl)
    answer.ignoredFields(read.ignored)
    const { companyId } = actor
    const integration = await database.read('integrations', { company_id: companyId, uuid: read.integration })
    if (integration === undefined) throw invalidIntegration(read.integration)
    refuseUnknown(read.ignored, conditions.strict)
    const uuid = random.uuid(clock.now())
    const secret = newSecret()
    const webhook = newWebhook(uuid, vault.seal(secret, sealedAs.secret(uuid)), read)
    const present = await countOf(database, 'webhooks', companyId)
    const { reply } = await database.transact(createWebhook(companyId, integration, webhook, present))
    return { body: { ...reply, secret } }
  })
}

function changeRoutes({ server, database, telling, webhookOf }: Desk, refusalOfUrl: RefusalOfUrl): void {
  const viewOf = async ({ company_id: companyId, id: webhookId }: Row<'webhooks'>, withRecent = false) => {
    const [view] = await webhookViews(database, { companyId, webhookId, withRecent }, telling())
    if (view === undefined) throw new Refusal('webhook_not_found')
    return { body: view }
  }

  serve(server, contract.getWebhook, async ({ actor, params, query }) =>
    viewOf(await webhookOf(params, actor), query['include'] === 'recent'),
  )

  serve(server, contract.changeWebhook, async ({ actor, params, body, conditions, answer }) => {
    const read = readWebhookChange(body, refusalOfUrl)
    answer.ignoredFields(read.ignored)
    const webhook = await webhookOf(params, actor)
    refuseUnknown(read.ignored, conditions.strict)
    await database.transact(changeWebhook(actor.companyId, webhook.id, read))
    return viewOf(webhook)
  })

  serve(server, contract.deleteWebhook, async ({ actor, params }) => {
    const { id } = await webhookOf(params, actor)
    await database.transact(deleteWebhook(actor.companyId, id))
    return { body: null }
  })
}

function secretRoutes({ server, database, clock, random, vault, telling, webhookOf }: Desk, sender: Sender): void {
  serve(server, contract.rotateWebhookSecret, async ({ actor, params }) => {
    const { id, uuid } = await webhookOf(params, actor)
    const secret = newSecret()
    const work = rotateSecret(actor.companyId, id, vault.seal(secret, sealedAs.secret(uuid)))
    const { oldSecretUntil } = (await database.transact(work)).reply
    return { body: { id, uuid, secret, old_secret_until: wireTime(oldSecretUntil, telling().wholeSeconds) } }
  })

  serve(server, contract.testWebhook, async ({ actor, params }) => {
    const webhook = await webhookOf(params, actor)
    const now = clock.now()
    const uuid = random.uuid(now)
    return { body: await sendTest({ database, vault, sender }, webhook, { uuid, now, userUuid: actor.userUuid }) }
  })
}
