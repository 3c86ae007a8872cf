import Type from 'typebox'
import { eventNames } from './events.ts'
import { eventExample } from './examples.ts'
import { Uuid } from './forms.ts'
import { operation } from './operation.ts'

/** Bounds of the feed; what is asked for beyond them counts as the maximum. */
export const feedLimits = { limit: 1000, waitSeconds: 60 } as const

/** How a place in the log is written: no more digits than a JSON number is sure to keep. */
export const sequenceForm = /^(?:0|[1-9][0-9]{0,14})$/

/** What a client that asks for a stream accepts. */
export const streamType = 'text/event-stream'

const about = {
  sequence: Type.Integer({ minimum: 1, description: "The change's number; a company's numbers have no gaps." }),
  at: Type.Integer({ description: 'Unix milliseconds.' }),
  event_id: Type.Enum([...eventNames]),
}

const Event = Type.Object(
  {
    sequence: about.sequence,
    at: about.at,
    company_uuid: Uuid,
    user_uuid: Type.String({ format: 'uuid', description: 'Who did it; the nil uuid when it was no user.' }),
    event_id: about.event_id,
    lead: Type.Record(Type.String(), Type.Unknown(), { description: 'The lead right after the change.' }),
    changed_fields: Type.Array(Type.String()),
    changes: Type.Record(Type.String(), Type.Object({ old: Type.Unknown(), new: Type.Unknown() })),
  },
  { title: 'Event', examples: [eventExample] },
)

const ErasedEvent = Type.Object(
  { ...about, erased: Type.Literal(true) },
  {
    title: 'ErasedEvent',
    description: 'An event that retention or erasure has emptied: only that it happened is left.',
  },
)

const query = (pattern: string, description: string) => Type.Optional(Type.String({ pattern, description }))

export const listEvents = operation({
  id: 'listEvents',
  method: 'GET',
  path: '/api/v1/events',
  summary: 'Feed',
  description:
    'Every change of the company, in order, from the beginning of its log on. Ask again with `X-Next-Cursor` as `after`; ' +
    'with `wait` the answer comes as soon as there is a change. With `Accept: text/event-stream` changes come as ' +
    'server-sent events, live: `id` is the sequence, `event` the event, `data` the element, in JSON.',
  access: 'read',
  query: Type.Object({
    after: query(sequenceForm.source, 'Only events with a larger sequence; 0 when absent.'),
    limit: query('^[1-9][0-9]{0,15}$', `100 when absent; above ${feedLimits.limit} counts as ${feedLimits.limit}.`),
    wait: query(
      '^(?:0|[1-9][0-9]{0,15})$',
      `Seconds to wait when there is nothing; 0 when absent, above ${feedLimits.waitSeconds} counts as ${feedLimits.waitSeconds}.`,
    ),
  }),
  headers: { 'Last-Event-ID': 'Of a stream: the sequence behind which it goes on; wins over `after`.' },
  reply: Type.Array(Type.Union([Event, ErasedEvent])),
  media: ['application/json', streamType],
  textExamples: {
    [streamType]: `id: ${eventExample.sequence}\nevent: ${eventExample.event_id}\ndata: ${JSON.stringify(eventExample)}\n\n`,
  },
  replyHeaders: {
    'X-Next-Cursor': 'The `after` of the next request; not with a stream.',
    'X-Waggle-Last-Sequence': "The number of the company's newest event.",
  },
  failures: [],
})

const noticeExample = {
  sequence: 4711,
  leads: [{ id: 789, user_uuid: '781117b4-695a-4f69-9d53-1e9c5b78075f' }],
  more: false,
}

const Notice = Type.Object(
  {
    sequence: Type.Integer({ minimum: 0, description: "The company's log has been looked at up to here." }),
    leads: Type.Array(Type.Object({ id: Type.Integer({ minimum: 1 }), user_uuid: Type.Union([Uuid, Type.Null()]) }), {
      description: 'Each lead that has changed, with who changed it last.',
    }),
    more: Type.Boolean({ description: 'So many have changed that they are not named: look at all that is shown.' }),
  },
  { title: 'Notice' },
)

export const watchLeads = operation({
  id: 'watchLeads',
  method: 'GET',
  path: '/api/v1/leads/changes',
  summary: 'Watch Leads',
  description:
    'For screens: which leads have changed, live, as server-sent events named `changed`. Changes of a quarter of a ' +
    'second come together, the first at once tells where the log stands. An integration reads the feed instead, which ' +
    'leaves nothing out.',
  access: 'read',
  reply: Notice,
  media: [streamType],
  textExamples: {
    [streamType]: `id: ${noticeExample.sequence}\nevent: changed\ndata: ${JSON.stringify(noticeExample)}\n\n`,
  },
  failures: [],
})
