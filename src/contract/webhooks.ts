import Type from 'typebox'
import { eventNames } from './events.ts'
import { Id, nullable, positive, Time, Uuid } from './forms.ts'
import { patchMembers } from './leads.ts'
import { ignoredHeader, onceHeader, onceReplyHeader, operation, strictHeader } from './operation.ts'

/** What can be with a delivery. */
export const deliveryStates = ['pending', 'retrying', 'delivered', 'parked', 'expired', 'skipped'] as const
export type DeliveryState = (typeof deliveryStates)[number]

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
  { title: 'Integration' },
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
      description: 'Deliveries whose event was emptied by retention before it arrived; at most 1000 are counted.',
    }),
    replaying_until: nullable(Type.Integer({ description: 'Events up to here are sent once more.' })),
    failing_since: nullable(Time),
    last_attempt_at: nullable(Time),
    last_status: nullable(Type.Integer()),
    last_delivered_at: nullable(Time),
    old_secret_until: nullable(Time),
  },
  { title: 'Webhook' },
)

const Delivery = Type.Object(
  {
    id: Id,
    uuid: Type.String({ description: 'What the receiver got as `webhook-id` and `X-Waggle-Delivery`.' }),
    webhook_id: Id,
    sequence: Type.Integer({ minimum: 1 }),
    event: Type.Enum([...eventNames]),
    lead_id: Id,
    state: Type.Enum([...deliveryStates]),
    late: Type.Boolean(),
    replay: Type.Boolean(),
    attempts: Type.Integer({ minimum: 0 }),
    created_at: Time,
    last_attempt_at: nullable(Time),
    next_attempt_at: nullable(Time),
    delivered_at: nullable(Time),
    status: nullable(Type.Integer({ description: 'Of the last answer.' })),
    ms: nullable(Type.Integer({ description: 'That the last attempt took.' })),
    answer: nullable(Type.String({ description: 'The first KiB of the last answer.' })),
    error: nullable(Type.String({ description: 'Why the last attempt failed, or what became of the delivery.' })),
  },
  { title: 'Delivery' },
)

const webhookParams = Type.Object({ webhookId: Type.String({ description: "The endpoint's number or its uuid." }) })
const text = (description: string) => Type.Optional(Type.String({ description }))

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
  body: Type.Object({
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
  }),
  reply: Type.Object({ id: Id, uuid: Uuid }),
  replyHeaders: { ...ignoredHeader, ...onceReplyHeader },
  status: 201,
  failures: ['invalid_idempotency_key', 'idempotency_running', 'idempotency_mismatch'],
})

export const listWebhooks = operation({
  id: 'listWebhooks',
  method: 'GET',
  path: '/api/v1/webhooks',
  summary: 'List Webhooks',
  description: 'All endpoints of the company, oldest first.',
  access: 'admin',
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
  body: Type.Object({
    integration: Uuid,
    url: Url,
    events: Type.Optional(EventChoice),
    fields: Type.Optional(FieldChoice),
    description: Type.Optional(Description),
  }),
  reply: Type.Object({
    id: Id,
    uuid: Uuid,
    secret: Type.String({ examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] }),
  }),
  status: 201,
  replyHeaders: ignoredHeader,
  failures: ['invalid_idempotency_key'],
})

export const getWebhook = operation({
  id: 'getWebhook',
  method: 'GET',
  path: '/api/v1/webhooks/:webhookId',
  summary: 'Get Webhook',
  description: 'One endpoint, and how it is doing.',
  access: 'admin',
  params: webhookParams,
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
  body: Type.Object({
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
  }),
  reply: Webhook,
  replyHeaders: ignoredHeader,
  failures: ['invalid_idempotency_key', 'webhook_not_found'],
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
  failures: ['invalid_idempotency_key', 'webhook_not_found'],
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
  reply: Type.Object({
    delivered: Type.Boolean(),
    status: nullable(Type.Integer()),
    ms: Type.Integer(),
    answer: nullable(Type.String()),
    error: nullable(Type.String()),
  }),
  failures: ['invalid_idempotency_key', 'webhook_not_found'],
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
  failures: ['invalid_idempotency_key', 'webhook_not_found'],
})

export const listDeliveries = operation({
  id: 'listDeliveries',
  method: 'GET',
  path: '/api/v1/webhooks/:webhookId/deliveries',
  summary: 'List Deliveries',
  description:
    'What became of events at an endpoint, newest event first. An event that waits in the log has no delivery yet; ' +
    'the endpoint tells how many (`backlog`).',
  access: 'admin',
  params: webhookParams,
  query: Type.Object({
    state: text('One or several of the states, in a comma list.'),
    event: text('One or several event names, in a comma list.'),
    lead: text("A lead's number or uuid."),
    since: text('An ISO 8601 time: events from then on.'),
    until: text('An ISO 8601 time: events before it.'),
    cursor: positive('A sequence: only older events are answered.'),
    pageSize: positive('10 when absent; above 50 counts as 50.'),
  }),
  reply: Type.Array(Delivery),
  replyHeaders: {
    'X-Next-Cursor':
      'The `cursor` of the next page; absent on the last. A page may be short, or empty, before the last.',
  },
  failures: ['webhook_not_found'],
})

export const replayDelivery = operation({
  id: 'replayDelivery',
  method: 'POST',
  path: '/api/v1/webhooks/:webhookId/deliveries/:deliveryId/replay',
  aliases: ['/api/v1/webhooks/deliveries/:deliveryId/replay'],
  summary: 'Replay Delivery',
  description: 'Sends a delivery once more, with the same body and the same `webhook-id`.',
  access: 'admin',
  params: Type.Object({
    ...webhookParams.properties,
    deliveryId: Type.String({ description: "The delivery's number." }),
  }),
  reply: Delivery,
  failures: ['invalid_idempotency_key', 'webhook_not_found', 'delivery_not_found', 'event_erased'],
})

export const replayWebhook = operation({
  id: 'replayWebhook',
  method: 'POST',
  path: '/api/v1/webhooks/:webhookId/replay',
  summary: 'Replay',
  description: 'Sends everything once more from an event or a time on, in order; what is newer follows behind.',
  access: 'admin',
  params: webhookParams,
  headers: strictHeader,
  body: Type.Object({
    since: Type.Union([Type.Integer({ minimum: 1, description: 'A sequence.' }), Time], {
      description: 'The first sequence to send again, or the time of the first event.',
    }),
  }),
  reply: Type.Object({ from: Type.Integer(), until: Type.Integer(), events: Type.Integer() }),
  replyHeaders: ignoredHeader,
  failures: ['invalid_idempotency_key', 'webhook_not_found'],
})

export const eventDeliveries = operation({
  id: 'eventDeliveries',
  method: 'GET',
  path: '/api/v1/events/:sequence/deliveries',
  summary: 'Receipt',
  description:
    'Where a change has arrived: one row for each endpoint that hears of it. `X-Waggle-Sequence` of the change names it.',
  access: 'read',
  params: Type.Object({ sequence: Type.String() }),
  reply: Type.Array(
    Type.Object(
      {
        webhook: Uuid,
        integration_name: Type.String(),
        state: Type.Enum([...deliveryStates]),
        attempts: Type.Integer({ minimum: 0 }),
        late: Type.Boolean(),
        status: nullable(Type.Integer()),
        last_attempt_at: nullable(Time),
        next_attempt_at: nullable(Time),
        delivered_at: nullable(Time),
      },
      { title: 'Receipt' },
    ),
  ),
  failures: ['event_not_found'],
})
