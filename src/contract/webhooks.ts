import Type from 'typebox'
import { RecentDelivery, recentMax, webhookParams } from './deliveries.ts'
import { eventNames } from './events.ts'
import { integrationExample, webhookExample } from './examples.ts'
import { Id, nullable, Time, Uuid } from './forms.ts'
import { patchMembers } from './leads.ts'
import { ignoredHeader, onceHeader, onceReplyHeader, operation, strictHeader } from './operation.ts'

/** Bounds of what an integration or an endpoint holds; texts in code points. */
export const webhookLimits = {
  name: 255,
  apiKey: 1000,
  url: 2048,
  description: 1000,
  /** Of `configuration` and of `externalSettings`, as JSON. */
  settingsBytes: 16_384,
  /** Of a company. */
  integrations: 100,
  /** Of a company, without deleted ones. */
  webhooks: 100,
} as const

const EventChoice = nullable(
  Type.Array(Type.Enum([...eventNames]), { minItems: 1, description: 'Events it hears of; all when absent or null.' }),
)
const FieldChoice = nullable(
  Type.Array(Type.Enum([...patchMembers]), {
    minItems: 1,
    description: 'Of updates, only those that touch one of these members; any when absent or null.',
  }),
)
const Url = Type.String({
  maxLength: webhookLimits.url,
  description: 'http or https.',
  examples: ['https://hooks.example/waggle'],
})
const Description = nullable(Type.String({ maxLength: webhookLimits.description }))

const Integration = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    name: Type.String(),
    created_at: Time,
    configuration: Type.Array(Type.Unknown()),
    has_api_key: Type.Boolean(),
    has_external_settings: Type.Boolean(),
  },
  { title: 'Integration', examples: [integrationExample] },
)

const Webhook = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    integration: Uuid,
    integration_name: Type.String(),
    url: Type.String({ description: 'A password in it is shown as ***.' }),
    events: EventChoice,
    fields: FieldChoice,
    description: Description,
    state: Type.Enum(['active', 'paused', 'disabled']),
    reason: nullable(Type.String({ description: 'Why it is disabled.' })),
    created_at: Time,
    updated_at: Time,
    sequence: Type.Integer({ minimum: 0, description: 'Every event up to here has been taken up by this endpoint.' }),
    backlog: Type.Integer({ minimum: 0, description: "Events of the company's log behind `sequence`." }),
    undelivered: Type.Integer({
      minimum: 0,
      description:
        'Deliveries up to `sequence` that have not arrived: waiting, retried or parked; at most 1000 are counted.',
    }),
    expired: Type.Integer({
      minimum: 0,
      description:
        'Deliveries whose event was emptied by retention or erasure before it arrived; at most 1000 are counted.',
    }),
    replaying_until: nullable(Type.Integer({ description: 'Events up to here are sent once more.' })),
    failing_since: nullable(Time),
    last_attempt_at: nullable(Time),
    last_status: nullable(Type.Integer()),
    last_delivered_at: nullable(Time),
    next_attempt_at: nullable(
      Type.String({ format: 'date-time', description: 'Of what failed, the soonest attempt; null while it rests.' }),
    ),
    old_secret_until: nullable(Time),
    recent: Type.Optional(
      Type.Array(RecentDelivery, {
        maxItems: recentMax,
        description: 'Its newest deliveries, newest first; only with `include=recent`.',
      }),
    ),
  },
  { title: 'Webhook', examples: [webhookExample] },
)

const including = Type.Object({
  include: Type.Optional(Type.Enum(['recent'], { description: `Each with its newest ${recentMax} deliveries.` })),
})

export const listIntegrations = operation({
  id: 'listIntegrations',
  method: 'GET',
  path: '/api/v1/integrations',
  summary: 'List Integrations',
  description: 'All integrations of the company, oldest first. Their secrets are not shown.',
  access: 'admin',
  reply: Type.Array(Integration),
  failures: [],
})

export const createIntegration = operation({
  id: 'createIntegration',
  method: 'POST',
  path: '/api/v1/integrations',
  summary: 'Create Integration',
  description:
    'A piece of software that hears of changes. Its uuid is the secret of the tokens that its webhooks carry. ' +
    '`apiKey` and `externalSettings` travel inside the token only, and are kept sealed.',
  access: 'admin',
  headers: {
    ...strictHeader,
    ...onceHeader,
  },
  body: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: webhookLimits.name }),
      apiKey: Type.Optional(
        nullable(Type.String({ maxLength: webhookLimits.apiKey, description: "The integration's own key." })),
      ),
      configuration: Type.Optional(
        Type.Array(Type.Record(Type.String(), Type.Unknown()), {
          description: 'Sent as `configuration` with every webhook.',
          examples: [[{ id: 'lead_integration_settings', selected: [{ id: 'unique_field_lead', value: 'email' }] }]],
        }),
      ),
      externalSettings: Type.Optional(
        nullable(
          Type.Record(Type.String(), Type.Unknown(), {
            description: "The receiver's own credentials.",
            examples: [{ authorisation: [{ id: 'api_key', value: 'their-key' }] }],
          }),
        ),
      ),
    },
    { title: 'IntegrationCreation', examples: [{ name: 'CRM connector', apiKey: 'their-key' }] },
  ),
  reply: Type.Object({ id: Id, uuid: Uuid }),
  replyHeaders: { ...ignoredHeader, ...onceReplyHeader },
  status: 201,
  failures: ['idempotency_running', 'idempotency_mismatch'],
})

export const listWebhooks = operation({
  id: 'listWebhooks',
  method: 'GET',
  path: '/api/v1/webhooks',
  summary: 'List Webhooks',
  description: 'All endpoints of the company, oldest first.',
  access: 'admin',
  query: including,
  reply: Type.Array(Webhook),
  failures: [],
})

export const createWebhook = operation({
  id: 'createWebhook',
  method: 'POST',
  path: '/api/v1/webhooks',
  summary: 'Create Webhook',
  description: 'An endpoint that hears of every change from now on. Its signing secret is answered this once.',
  access: 'admin',
  headers: strictHeader,
  body: Type.Object(
    {
      integration: Uuid,
      url: Url,
      events: Type.Optional(EventChoice),
      fields: Type.Optional(FieldChoice),
      description: Type.Optional(Description),
    },
    {
      title: 'WebhookCreation',
      examples: [
        { integration: integrationExample.uuid, url: 'https://hooks.example/waggle', events: ['lead_updated'] },
      ],
    },
  ),
  reply: Type.Object(
    {
      id: Id,
      uuid: Uuid,
      secret: Type.String({ examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] }),
    },
    {
      title: 'CreatedWebhook',
      examples: [{ id: 1, uuid: webhookExample.uuid, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }],
    },
  ),
  status: 201,
  replyHeaders: ignoredHeader,
  failures: [],
})

export const getWebhook = operation({
  id: 'getWebhook',
  method: 'GET',
  path: '/api/v1/webhooks/:webhookId',
  summary: 'Get Webhook',
  description: 'One endpoint, and how it is doing.',
  access: 'admin',
  params: webhookParams,
  query: including,
  reply: Webhook,
  failures: ['webhook_not_found'],
})

export const changeWebhook = operation({
  id: 'changeWebhook',
  method: 'PATCH',
  path: '/api/v1/webhooks/:webhookId',
  summary: 'Change Webhook',
  description:
    'Changes only the members that are sent. `state` pauses and resumes; a disabled endpoint is resumed the same way.',
  access: 'admin',
  params: webhookParams,
  headers: strictHeader,
  body: Type.Object(
    {
      url: Type.Optional(Url),
      events: Type.Optional(EventChoice),
      fields: Type.Optional(FieldChoice),
      description: Type.Optional(Description),
      state: Type.Optional(Type.Enum(['active', 'paused'])),
      resume: Type.Optional(
        Type.Enum(['continue', 'skip'], {
          description:
            'With `state: active`: `continue` sends all that was missed (when absent), `skip` gives it up and begins with ' +
            'the next change. Of an endpoint that is active already it does nothing.',
        }),
      ),
    },
    { title: 'WebhookChange', examples: [{ state: 'paused' }] },
  ),
  reply: Webhook,
  replyHeaders: ignoredHeader,
  failures: ['webhook_not_found'],
})

export const deleteWebhook = operation({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/api/v1/webhooks/:webhookId',
  summary: 'Delete Webhook',
  description: 'Ends an endpoint; what has not arrived is not sent any more.',
  access: 'admin',
  params: webhookParams,
  reply: Type.Null(),
  status: 204,
  failures: ['webhook_not_found'],
})

export const testWebhook = operation({
  id: 'testWebhook',
  method: 'POST',
  path: '/api/v1/webhooks/:webhookId/test',
  summary: 'Test Webhook',
  description:
    'Sends a made-up lead now, whatever the state of the endpoint, and answers what came back. It carries ' +
    '`X-Waggle-Test: true`, is no delivery and is not tried again.',
  access: 'admin',
  params: webhookParams,
  reply: Type.Object(
    {
      delivered: Type.Boolean(),
      status: nullable(Type.Integer()),
      ms: Type.Integer(),
      answer: nullable(Type.String()),
      error: nullable(Type.String()),
    },
    { title: 'WebhookTest', examples: [{ delivered: true, status: 200, ms: 84, answer: 'ok', error: null }] },
  ),
  failures: ['webhook_not_found'],
})

export const rotateWebhookSecret = operation({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/api/v1/webhooks/:webhookId/rotate-secret',
  summary: 'Rotate Secret',
  description: 'A new signing secret, answered this once. For 24 hours webhooks are signed with the old one as well.',
  access: 'admin',
  params: webhookParams,
  reply: Type.Object({ id: Id, uuid: Uuid, secret: Type.String(), old_secret_until: Time }),
  failures: ['webhook_not_found'],
})
