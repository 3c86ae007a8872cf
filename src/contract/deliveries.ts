import Type from 'typebox'
import { eventNames } from './events.ts'
import { Id, nullable, positive, Time, Uuid } from './forms.ts'
import { ignoredHeader, operation, strictHeader } from './operation.ts'

/** What can be with a delivery. */
export const deliveryStates = ['pending', 'retrying', 'delivered', 'parked', 'expired', 'skipped'] as const
export type DeliveryState = (typeof deliveryStates)[number]

const deliveryMembers = {
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
}

const Delivery = Type.Object(deliveryMembers, { title: 'Delivery' })

/** The newest deliveries that an endpoint tells with `include=recent`. */
export const recentMax = 50

/** How one of them went: enough to draw it. */
export const RecentDelivery = Type.Object(
  {
    id: Id,
    sequence: deliveryMembers.sequence,
    state: deliveryMembers.state,
    status: deliveryMembers.status,
    ms: deliveryMembers.ms,
    at: nullable(Type.String({ format: 'date-time', description: 'Of the last attempt.' })),
  },
  { title: 'RecentDelivery' },
)

const WebhookRequest = Type.Object(
  {
    url: Type.String({ description: 'A user name and password in it are not sent.' }),
    headers: Type.Record(Type.String(), Type.String(), {
      description: '`authorization` and `webhook-signature` with `***` for the token and the signature.',
    }),
    body: Type.String({ description: 'The exact text.' }),
  },
  { title: 'WebhookRequest' },
)

export const webhookParams = Type.Object({
  webhookId: Type.String({ description: "The endpoint's number or its uuid.", examples: ['1'] }),
})
const text = (description: string) => Type.Optional(Type.String({ description }))

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

const deliveryParams = Type.Object({
  ...webhookParams.properties,
  deliveryId: Type.String({ description: "The delivery's number.", examples: ['1'] }),
})

export const getDelivery = operation({
  id: 'getDelivery',
  method: 'GET',
  path: '/api/v1/webhooks/:webhookId/deliveries/:deliveryId',
  summary: 'Get Delivery',
  description:
    'One delivery, and the request of its last attempt: of the first one to come when there was none. The body is the ' +
    'same on every attempt, byte for byte. `request` is null once retention has emptied the event.',
  access: 'admin',
  params: deliveryParams,
  reply: Type.Object({ ...deliveryMembers, request: nullable(WebhookRequest) }, { title: 'DeliveryDetail' }),
  failures: ['webhook_not_found', 'delivery_not_found'],
})

export const previewWebhook = operation({
  id: 'previewWebhook',
  method: 'GET',
  path: '/api/v1/webhooks/:webhookId/preview',
  summary: 'Preview',
  description:
    'What the endpoint would be sent of a made-up lead; nothing is sent. An update changes the first of `fields` that ' +
    'the endpoint hears of.',
  access: 'admin',
  params: webhookParams,
  query: Type.Object({
    event: text('The name of an event; when absent the first one that the endpoint hears of, or `lead_updated`.'),
  }),
  reply: Type.Object({
    event: Type.Enum([...eventNames]),
    is_heard: Type.Boolean({ description: 'Whether the endpoint hears of this event.' }),
    request: WebhookRequest,
  }),
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
  params: deliveryParams,
  reply: Delivery,
  failures: ['webhook_not_found', 'delivery_not_found', 'event_erased'],
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
  body: Type.Object(
    {
      since: Type.Union([Type.Integer({ minimum: 1, description: 'A sequence.' }), Time], {
        description: 'The first sequence to send again, or the time of the first event.',
      }),
    },
    { title: 'Replay', examples: [{ since: 4711 }] },
  ),
  reply: Type.Object({ from: Type.Integer(), until: Type.Integer(), events: Type.Integer() }),
  replyHeaders: ignoredHeader,
  failures: ['webhook_not_found'],
})

/** Deliveries that one request to replay what failed sends again. */
export const replayedMax = 10_000

export const replayFailed = operation({
  id: 'replayFailed',
  method: 'POST',
  path: '/api/v1/webhooks/:webhookId/replay-failed',
  summary: 'Replay Failed',
  description:
    `Sends what failed once more: deliveries that are parked or retried, the oldest first, ${replayedMax} at the most. ` +
    'Each goes as one that is replayed by itself. What retention has emptied is left out.',
  access: 'admin',
  params: webhookParams,
  reply: Type.Object({
    deliveries: Type.Integer({ minimum: 0 }),
    more: Type.Boolean({ description: 'Whether others are left, for another request.' }),
  }),
  failures: ['webhook_not_found'],
})

export const eventDeliveries = operation({
  id: 'eventDeliveries',
  method: 'GET',
  path: '/api/v1/events/:sequence/deliveries',
  summary: 'Receipt',
  description:
    'Where a change has arrived: one row for each endpoint that hears of it. `X-Waggle-Sequence` of the change names it.',
  access: 'read',
  params: Type.Object({
    sequence: Type.String({ description: "The change's number in the company's log.", examples: ['191'] }),
  }),
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
