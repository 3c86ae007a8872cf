import Type from 'typebox'
import { batchResultsExample } from './examples.ts'
import { Id, nullable, Time, Uuid } from './forms.ts'
import { LeadCreation } from './lead-life.ts'
import { externalIdMax, LeadPatch } from './leads.ts'
import { ignoredHeader, onceFailures, onceHeader, onceReplyHeader, operation, strictHeader } from './operation.ts'

/** Operations of one request. */
export const operationsMax = 1_000

export const verbs = ['update', 'create', 'upsert'] as const
/** What names a lead. */
export const namings = ['id', 'uuid', 'email', 'externalId'] as const
/** What names a lead that may not be there yet: the server makes ids and uuids itself. */
export const namingsOfNew = ['email', 'externalId'] as const

const ifVersion = Type.Optional(
  Type.Integer({ minimum: 1, description: 'Carry it out only if the lead has this version; otherwise 412.' }),
)

const Operation = Type.Union([
  Type.Object(
    {
      op: Type.Literal('update'),
      by: Type.Enum([...namings]),
      key: Type.Union([Id, Type.String()], { description: 'The value that names the lead, as `by` says.' }),
      ifVersion,
      lead: LeadPatch,
    },
    { title: 'update' },
  ),
  Type.Object({ op: Type.Literal('create'), lead: LeadCreation }, { title: 'create' }),
  Type.Object(
    {
      op: Type.Literal('upsert'),
      by: Type.Enum([...namingsOfNew]),
      key: Type.String({ description: `An e-mail address, or an external id of at most ${externalIdMax} characters.` }),
      ifVersion,
      lead: LeadCreation,
    },
    { title: 'upsert' },
  ),
])

const LeadBatch = Type.Object(
  {
    operations: Type.Array(Operation, {
      maxItems: operationsMax,
      description: 'Carried out in their order; each sees what those before it did.',
    }),
    atomic: Type.Optional(Type.Boolean({ description: 'All or nothing; false when absent.' })),
  },
  {
    title: 'LeadBatch',
    examples: [
      {
        operations: [
          { op: 'update', by: 'id', key: 789, lead: { status: 'qualified' } },
          {
            op: 'upsert',
            by: 'externalId',
            key: 'crm-4711',
            lead: {
              company_name: 'Nordlicht GmbH',
              customFields: [{ customFieldId: 12, value: { text: 'CLV-4711' } }],
            },
          },
        ],
      },
    ],
  },
)

const Done = Type.Object({
  index: Type.Integer({ minimum: 0, description: 'The place of the operation in the request.' }),
  status: Type.Enum([200, 201]),
  id: Id,
  uuid: Uuid,
  updated_at: Time,
  version: Type.Integer({ minimum: 1 }),
  sequence: nullable(Type.Integer({ minimum: 1, description: "The change's number in the company's log." })),
})
const Refused = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  status: Type.Integer({ minimum: 400, maximum: 599, description: 'What the operation by itself would be answered.' }),
  error: Type.String(),
  details: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
})

export const changeLeads = operation({
  id: 'changeLeads',
  method: 'POST',
  path: '/api/v1/leads/batch',
  aliases: ['/api/v1/companies/:companyId/leads/batch'],
  summary: 'Change Leads',
  description:
    'Up to 1,000 updates, creations and upserts, each with its own outcome, or all or nothing. What is answered as ' +
    'done is on disk.',
  access: 'write',
  headers: { ...onceHeader, ...strictHeader },
  body: LeadBatch,
  hasLargeBody: true,
  reply: Type.Object(
    {
      results: Type.Array(Type.Union([Done, Refused]), { description: 'One for each operation, in their order.' }),
      succeeded: Type.Integer({ minimum: 0 }),
      failed: Type.Integer({ minimum: 0 }),
    },
    { title: 'LeadBatchResults', examples: [batchResultsExample] },
  ),
  replyHeaders: {
    ...ignoredHeader,
    ...onceReplyHeader,
  },
  failures: ['not_found', 'lead_not_found', 'lead_modified', 'external_id_taken', 'email_ambiguous', ...onceFailures],
})
