import Type from 'typebox'
import { countsExample, leadExample, leadRowExample, updatedLeadExample } from './examples.ts'
import { fieldTypeNames, fieldTypes, type SentFieldValue } from './fields.ts'
import { digitString, emailPattern, Id, IdForm, nullable, positive, Time, Uuid, uuidText } from './forms.ts'
import { contactLimits, contactMembers, sources, statuses } from './lead-members.ts'
import { ignoredHeader, onceFailures, onceHeader, onceReplyHeader, operation } from './operation.ts'

/** Code points of an external id. */
export const externalIdMax = 255

/** Every member a patch may name, in the order in which faults are told. */
export const patchMembers = [
  ...contactMembers,
  'external_id',
  'status',
  'assignedUsers',
  'tags',
  'customFields',
] as const

/** Bounds on the lists of a patch, counted before repeated elements collapse. */
export const listLimits = { assignedUsers: 100, tags: 100, customFields: 200 } as const

const contactText = (max: number, what: string, more: Type.TStringOptions = {}) =>
  Type.Optional(
    nullable(
      Type.String({
        ...more,
        maxLength: max,
        description: `${what} White space around it is removed; null or blank clears it.`,
      }),
    ),
  )

/** Exactly one @ with text on both sides and no white space or control character; or nothing. */
const emailOrBlank = `^\\s*(?:${emailPattern}\\s*)?$`

const IdElement = Type.Union(
  [
    IdForm,
    Type.Object({ id: Type.Union([Id, digitString]) }),
    Type.Object({ id: Type.Optional(Type.Null()), uuid: uuidText }),
  ],
  { title: 'IdElement', description: 'A number or a uuid, by itself or in an object.' },
)

const CustomValue = Type.Unsafe<SentFieldValue>(
  Type.Union(
    [
      Type.Null(),
      ...Object.entries(fieldTypes).flatMap(([type, kind]) =>
        [kind.key, ...kind.aliases].map((key) =>
          Type.Object({ [key]: nullable('sent' in kind ? kind.sent : kind.schema) }, { title: type }),
        ),
      ),
    ],
    { title: 'SentValue', description: 'One member, named after the type of the field; null clears the field.' },
  ),
)

export const changeableMembers = {
  company_name: contactText(contactLimits.company_name, "The lead's company."),
  email: contactText(contactLimits.email, 'Contact e-mail address.', { pattern: emailOrBlank }),
  phone_number: contactText(contactLimits.phone_number, 'Contact phone number, free form.'),
  first_name: contactText(contactLimits.first_name, 'Contact first name.'),
  last_name: contactText(contactLimits.last_name, 'Contact last name.'),
  status: Type.Optional(Type.Enum([...statuses], { description: 'How far the lead is.' })),
  assignedUsers: Type.Optional(
    Type.Array(IdElement, {
      maxItems: listLimits.assignedUsers,
      description: 'Users assigned to the lead; replaces the present list, [] empties it.',
    }),
  ),
  tags: Type.Optional(
    Type.Array(IdElement, {
      maxItems: listLimits.tags,
      description: 'Tags of the lead; replaces the present list, [] empties it.',
    }),
  ),
  customFields: Type.Optional(
    Type.Array(
      Type.Object({
        customFieldId: IdForm,
        type: Type.Optional(
          nullable(Type.Enum(fieldTypeNames, { description: 'What the field is; it may be left out.' })),
        ),
        value: CustomValue,
      }),
      {
        maxItems: listLimits.customFields,
        description: 'Custom values to set; a value of null clears the field, fields not listed stay.',
      },
    ),
  ),
  external_id: contactText(
    externalIdMax,
    'What another system calls the lead; no two leads of a company have the same.',
  ),
}

export const LeadPatch = Type.Object(changeableMembers, {
  title: 'LeadPatch',
  description: 'Only the members present change. Members not listed here are ignored.',
  examples: [
    {
      status: 'qualified',
      company_name: 'TechCorp Solutions Inc',
      phone_number: '+1-555-123-4567',
      assignedUsers: [123, 456],
      tags: [10, 11, 12],
      customFields: [
        { customFieldId: 5, type: 'number', value: { number: 150000 } },
        { customFieldId: 6, type: 'select', value: { select: 3 } },
      ],
    },
  ],
})

export const UpdatedLead = Type.Object(
  { id: Id, uuid: Uuid, updated_at: Time },
  { title: 'UpdatedLead', examples: [updatedLeadExample] },
)

export const TagOfLead = Type.Object(
  {
    id: Id,
    label: Type.String(),
    background_color: Type.String(),
    text_color: Type.String(),
  },
  { title: 'TagOfLead' },
)

const UserOfLead = Type.Object(
  {
    id: Id,
    email: Type.String(),
    first_name: nullable(Type.String()),
    last_name: nullable(Type.String()),
    color: nullable(Type.String()),
    profile_image_id: Type.Null(),
    profile_image_uuid: Type.Null(),
  },
  { title: 'UserOfLead' },
)

const leadMembers = {
  id: Id,
  uuid: Uuid,
  created_at: Time,
  updated_at: Time,
  source: Type.Enum([...sources]),
  company_name: nullable(Type.String()),
  email: nullable(Type.String()),
  phone_number: nullable(Type.String()),
  first_name: nullable(Type.String()),
  last_name: nullable(Type.String()),
  status: Type.Enum([...statuses]),
  partner_type: nullable(Type.Enum(['referral', 'reseller'])),
  company_id: Id,
  created_by_user_id: nullable(Id),
  campaign_id: nullable(Id),
  campaign_title: nullable(Type.String()),
  external_id: nullable(Type.String()),
  tags: Type.Array(TagOfLead),
  assigned_users: Type.Array(UserOfLead),
  partnership_leads: Type.Array(Type.Unknown(), { maxItems: 0, description: 'Empty in this version.' }),
  campaign_partners: Type.Array(Type.Unknown(), { maxItems: 0, description: 'Empty in this version.' }),
  lead_deals: Type.Array(Type.Unknown(), { maxItems: 0, description: 'Empty in this version.' }),
}

const CustomValues = Type.Array(
  Type.Object(
    {
      id: Type.Integer({ ...Id, description: "The field's number." }),
      label: Type.String(),
      type: Type.Enum(fieldTypeNames),
      value: Type.Record(Type.String(), Type.Unknown(), {
        description: 'One member, named after the type: `{"number": 150000}`.',
      }),
      custom_field_value_id: Id,
    },
    { title: 'CustomValue' },
  ),
)

export const Lead = Type.Object(
  { ...leadMembers, custom_fields: CustomValues },
  { title: 'Lead', examples: [leadExample] },
)

const LeadListRow = Type.Object(
  {
    total: Type.Integer({ minimum: 0, description: 'All rows of the list.' }),
    ...leadMembers,
    custom_fields: Type.Optional(CustomValues),
  },
  { title: 'LeadListRow', examples: [leadRowExample] },
)

export const leadParams = Type.Object({
  leadId: Type.String({ description: "The lead's number or its uuid. Anything else is not found.", examples: ['789'] }),
})

export const versionHeader = {
  ETag: 'The version of the lead, such as `"v7"`: +1 with every change of its own members.',
}

export const updateLead = operation({
  id: 'updateLead',
  method: 'PATCH',
  path: '/api/v1/leads/:leadId',
  aliases: ['/api/v1/companies/:companyId/leads/:leadId'],
  summary: 'Update Lead',
  description:
    'Changes only the members that are sent. Lists replace the present ones, custom values are checked against ' +
    'their definitions. The change is on disk when the 200 goes out. A request that changes nothing writes nothing.',
  access: 'write',
  params: leadParams,
  headers: {
    'If-Match': 'Change the lead only if it still has this version; otherwise 412.',
    ...onceHeader,
    Prefer:
      '`return=representation` answers with the whole lead; `handling=strict` refuses members that are not known.',
  },
  body: LeadPatch,
  reply: Type.Union([UpdatedLead, Lead]),
  replyHeaders: {
    ...versionHeader,
    'X-Waggle-Sequence': "The change's number in the company's log; absent when nothing changed.",
    ...ignoredHeader,
    ...onceReplyHeader,
    'Preference-Applied': '`return=representation` when the whole lead is answered.',
  },
  failures: ['lead_not_found', 'lead_modified', 'external_id_taken', ...onceFailures],
})

export const getLead = operation({
  id: 'getLead',
  method: 'GET',
  path: '/api/v1/leads/:leadId',
  aliases: ['/api/v1/companies/:companyId/leads/:leadId'],
  summary: 'Get Lead',
  description: 'One lead with its tags, assigned users and custom values.',
  access: 'read',
  params: leadParams,
  reply: Lead,
  replyHeaders: versionHeader,
  failures: ['lead_not_found'],
})

export const pageSizeMax = 50

export const listViews = ['received', 'sent', 'reseller', 'campaigns'] as const
/** What `sort` may name; `field` is a custom field by its `id`. */
export const sortTypes = [
  'status',
  'created_at',
  'updated_at',
  ...contactMembers,
  'name',
  'source',
  'external_id',
  'field',
] as const
/** What `empty` and `set` may name. */
export const fillable = [...contactMembers, 'external_id', 'tags', 'users'] as const
/** Characters of a search. */
export const searchMax = 200

const text = (description: string) => Type.Optional(Type.String({ description }))

/** What a list of leads is narrowed by. */
const filters = {
  search: text(
    `Looked for in the contact members and in the names of assigned users; at most ${searchMax} characters.`,
  ),
  view: text(`One of ${listViews.join(', ')}.`),
  assigned: text('`1`: only leads with assigned users.'),
  unassigned: text('`1`: only leads without.'),
  status: text(`Some of ${statuses.join(', ')}, in a comma list.`),
  status_not: text('Leads with none of these.'),
  tags: text('Ids in a comma list: leads with one of these tags.'),
  tags_not: text('Leads with none of these.'),
  users: text('Ids in a comma list: leads that one of these users is assigned to.'),
  users_not: text('Leads that none of these is assigned to.'),
  company_name: text('Leads that have this in their `company_name`, whatever the case.'),
  email: text('The same of `email`.'),
  phone_number: text('The same of `phone_number`.'),
  first_name: text('The same of `first_name`.'),
  last_name: text('The same of `last_name`.'),
  empty: text(`Some of ${fillable.join(', ')}, in a comma list: leads that have none of them.`),
  set: text('The same: leads that have all of them.'),
  source: text(`Some of ${sources.join(', ')}, in a comma list.`),
  created_by: text('Ids in a comma list: leads that one of these users made.'),
  customFields: text(
    'JSON: leads for which all of these hold. `[{"id":5,"value":{"number":150000}}]`; of numbers and dates also ' +
      '`{"id":5,"min":10,"max":20}`; of all `{"id":5,"empty":true}`.',
  ),
  created_since: text('An ISO 8601 time: only leads that were made then or later.'),
  created_before: text('Only leads that were made earlier.'),
  updated_since: text('An ISO 8601 time: only leads that were changed then or later.'),
  updated_before: text('Only leads whose last change was earlier.'),
}

export const listLeads = operation({
  id: 'listLeads',
  method: 'GET',
  path: '/api/v1/leads',
  aliases: ['/api/v1/companies/:companyId/leads'],
  summary: 'List Leads',
  description: 'The leads of the company, newest first. Filters are all heeded; within one, any of its values will do.',
  access: 'read',
  query: Type.Object({
    userId: positive("A user of the key's company; the list is the company's all the same."),
    page: positive('From 1.'),
    pageSize: positive(`10 when absent; above ${pageSizeMax} counts as ${pageSizeMax}.`),
    cursor: text(
      'Only what comes behind: an ISO 8601 time (leads made before it), or what `X-Next-Cursor` told. Wins over `page`.',
    ),
    sort: text(
      `JSON such as \`[{"type":"status","asc":true}]\`; types are ${sortTypes.join(', ')}, this one with an \`id\`. ` +
        'Leads without a value come last.',
    ),
    include: Type.Optional(Type.Enum(['custom_fields'], { description: 'Each with its custom values.' })),
    ...filters,
  }),
  reply: Type.Array(LeadListRow),
  replyHeaders: {
    'X-Total-Count': 'All leads of the list, also when the page is empty.',
    'X-Next-Cursor': 'The `cursor` of the next page; absent on the last.',
    Link: 'The next page, as `rel="next"`.',
  },
  failures: ['not_found', 'foreign_user'],
})

const Count = Type.Integer({ minimum: 0 })
const CountsById = Type.Record(Type.String({ pattern: '^[1-9][0-9]*$' }), Count)

export const countLeads = operation({
  id: 'countLeads',
  method: 'GET',
  path: '/api/v1/leads/counts',
  aliases: ['/api/v1/companies/:companyId/leads/counts'],
  summary: 'Count Leads',
  description:
    'How many leads a list with the same filters has, in all and by status, tag and assigned user. A lead counts for ' +
    'each of its tags and users; those that no lead has are left out.',
  access: 'read',
  query: Type.Object(filters),
  reply: Type.Object(
    {
      total: Count,
      unassigned: Count,
      status: Type.Object({ new: Count, contacted: Count, qualified: Count, converted: Count, lost: Count }),
      tags: CountsById,
      users: CountsById,
    },
    { title: 'LeadCounts', examples: [countsExample] },
  ),
  failures: ['not_found'],
})

/** Ids that one answer tells. */
export const leadIdsMax = 100_000

export const listLeadIds = operation({
  id: 'listLeadIds',
  method: 'GET',
  path: '/api/v1/leads/ids',
  aliases: ['/api/v1/companies/:companyId/leads/ids'],
  summary: 'List Lead Ids',
  description:
    `The ids of all leads of a list with the same filters, in its order, ${leadIdsMax} at the most: for who changes all of ` +
    'them in batches.',
  access: 'read',
  query: Type.Object({
    sort: text('As of the list.'),
    cursor: text('Only what comes behind, as of the list.'),
    ...filters,
  }),
  reply: Type.Object(
    {
      ids: Type.Array(Id),
      total: Count,
      sequence: Type.Integer({ minimum: 0, description: "The last change of the company's log that it goes by." }),
    },
    { title: 'LeadIds' },
  ),
  replyHeaders: { 'X-Next-Cursor': 'The `cursor` of what is beyond; absent when that is nothing.' },
  failures: ['not_found'],
})
