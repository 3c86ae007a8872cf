import Type from 'typebox'
import { historyRowExample } from './examples.ts'
import { fieldTypeNames } from './fields.ts'
import { Id, nullable, positive, Time, Uuid } from './forms.ts'
import { leadParams, pageSizeMax, TagOfLead } from './leads.ts'
import { operation } from './operation.ts'

const Person = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    email: Type.String(),
    first_name: nullable(Type.String()),
    last_name: nullable(Type.String()),
  },
  { title: 'Person' },
)

const ChangeNames = Type.Object(
  {
    tags: Type.Array(TagOfLead),
    users: Type.Array(Person),
    customFields: Type.Array(
      Type.Object({
        id: Id,
        label: Type.String(),
        type: Type.Enum(fieldTypeNames),
        options: Type.Array(Type.Object({ id: Id, label: Type.String() })),
      }),
    ),
  },
  { title: 'ChangeNames' },
)

const HistoryRow = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, description: "The event's number in its company's log." }),
    version: Type.Integer({ minimum: 1, description: "The lead's version after the change." }),
    event: Type.String({ examples: ['lead_updated'] }),
    at: Time,
    actor: Type.Object({
      user_uuid: nullable(Uuid),
      user: nullable(Person),
      key: nullable(Type.Object({ id: Id, label: Type.String(), prefix: Type.String() })),
    }),
    request_id: nullable(Type.String()),
    changes: Type.Record(Type.String(), Type.Object({ old: Type.Unknown(), new: Type.Unknown() })),
    names: Type.Object(ChangeNames.properties, {
      description: 'What the numbers in `changes` stood for at that moment, before and after.',
    }),
  },
  { title: 'HistoryRow', examples: [historyRowExample] },
)

export const leadHistory = operation({
  id: 'leadHistory',
  method: 'GET',
  path: '/api/v1/leads/:leadId/history',
  aliases: ['/api/v1/companies/:companyId/leads/:leadId/history'],
  summary: 'Lead History',
  description: 'Who changed what of a lead, from what to what, newest first.',
  access: 'read',
  params: leadParams,
  query: Type.Object({
    cursor: positive('A sequence: only older changes are answered.'),
    pageSize: positive(`10 when absent; above ${pageSizeMax} counts as ${pageSizeMax}.`),
    member: Type.Optional(
      Type.String({ description: 'Some of the names in `changes`, in a comma list: only changes of one of these.' }),
    ),
  }),
  reply: Type.Array(HistoryRow),
  replyHeaders: {
    'X-Next-Cursor':
      'The `cursor` of the next page; absent on the last. With `member` a page may be short, or empty, before the last.',
  },
  failures: ['lead_not_found'],
})
