import Type from 'typebox'
import { customFieldExample, tagExample } from './examples.ts'
import { fieldTypeNames } from './fields.ts'
import { Id, nullable, positive, Time, Uuid } from './forms.ts'
import { pageSizeMax } from './leads.ts'
import { ignoredHeader, onceFailures, onceHeader, onceReplyHeader, operation, strictHeader } from './operation.ts'

export const associations = ['lead', 'lead_deal', 'partner', 'card'] as const
export const categories = ['lead', 'lead_deal', 'partner'] as const
export const partnerTypes = ['referral', 'reseller'] as const

/** Bounds of what a company defines: all of it is held in memory. */
export const configurationLimits = {
  label: 255,
  tags: 5_000,
  fields: 1_000,
  options: 1_000,
  tiers: 1_000,
  categories: 1_000,
  stages: 1_000,
  users: 10_000,
  /** Of the place of a field among others. */
  position: 1_000_000,
} as const

export const defaultColors = { background: '#6B7280', text: '#FFFFFF' } as const

export const pages = {
  page: positive('From 1. All rows are answered when neither this nor `pageSize` is sent.'),
  pageSize: positive(`10 when absent; above ${pageSizeMax} counts as ${pageSizeMax}.`),
}
export const ofPartnerType = Type.Optional(
  Type.Enum([...partnerTypes], { description: 'Only what is for partners of this type.' }),
)
export const archived = Type.Optional(
  Type.String({ description: 'Any value: rows that are archived are answered too.' }),
)

export const Label = Type.String({ pattern: '\\S', maxLength: configurationLimits.label, description: 'Not blank.' })
export const Color = Type.String({ pattern: '^#[0-9a-fA-F]{6}$', examples: [defaultColors.background] })
export const PartnerType = nullable(Type.Enum([...partnerTypes]))
export const ArchivedAt = nullable(Time)

/** Headers of a change: those it reads, and those of its answer. */
export const changing = {
  headers: { ...onceHeader, ...strictHeader },
  replyHeaders: { ...ignoredHeader, ...onceReplyHeader },
} as const

export const Created = Type.Object({ id: Id, uuid: Uuid }, { title: 'Created' })

const Tag = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    label: Type.String(),
    background_color: Type.String(),
    text_color: Type.String(),
    association: Type.Enum([...associations]),
    partner_type: PartnerType,
    company_id: Id,
    archived_at: ArchivedAt,
  },
  { title: 'Tag', examples: [tagExample] },
)

const tagParams = Type.Object({
  tagId: Type.String({ description: "The tag's number or its uuid.", examples: ['10'] }),
})

export const listTags = operation({
  id: 'listTags',
  method: 'GET',
  path: '/api/v1/tags',
  summary: 'List Tags',
  description: 'The tags of the company, oldest first.',
  access: 'read',
  query: Type.Object({
    association: Type.Optional(Type.Enum([...associations], { description: 'Only tags for these.' })),
    partner_type: ofPartnerType,
    archived,
    ...pages,
  }),
  reply: Type.Array(Tag),
  failures: [],
})

export const createTag = operation({
  id: 'createTag',
  method: 'POST',
  path: '/api/v1/tags',
  summary: 'Create Tag',
  description: 'A new tag of the company.',
  access: 'write',
  ...changing,
  body: Type.Object(
    {
      label: Label,
      association: Type.Enum([...associations]),
      background_color: Type.Optional(nullable(Color)),
      text_color: Type.Optional(nullable(Color)),
      partner_type: Type.Optional(PartnerType),
    },
    { title: 'TagCreation', examples: [{ label: 'Hot', association: 'lead', background_color: '#EF4444' }] },
  ),
  reply: Created,
  status: 201,
  failures: onceFailures,
})

export const changeTag = operation({
  id: 'changeTag',
  method: 'PATCH',
  path: '/api/v1/tags/:tagId',
  summary: 'Change Tag',
  description: 'Renames or recolours a tag, or archives it: leads that have it keep it, and no other gets it.',
  access: 'admin',
  ...changing,
  params: tagParams,
  body: Type.Object(
    {
      label: Type.Optional(Label),
      background_color: Type.Optional(nullable(Color)),
      text_color: Type.Optional(nullable(Color)),
      archived: Type.Optional(Type.Boolean()),
    },
    { title: 'TagChange', examples: [{ label: 'Warm', background_color: '#F59E0B' }] },
  ),
  reply: Tag,
  failures: [...onceFailures, 'tag_not_found'],
})

const Position = Type.Integer({
  minimum: 0,
  maximum: configurationLimits.position,
  description: 'Fields are told in this order, those with the same one oldest first.',
})

const OptionRow = Type.Object({ id: Id, label: Type.String() })
const Field = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    label: Type.String(),
    type: Type.Enum(fieldTypeNames),
    category: Type.Enum([...categories]),
    partner_type: PartnerType,
    required: Type.Boolean(),
    shared: Type.Boolean(),
    position: Position,
    options: nullable(Type.Array(OptionRow)),
    archived_at: ArchivedAt,
  },
  { title: 'CustomField', examples: [customFieldExample] },
)

const fieldParams = Type.Object({
  fieldId: Type.String({ description: "The field's number or its uuid.", examples: ['6'] }),
})
const NewOptions = Type.Array(Type.Object({ label: Label }), { maxItems: configurationLimits.options })

export const listFields = operation({
  id: 'listCustomFields',
  method: 'GET',
  path: '/api/v1/custom-fields',
  summary: 'List Custom Fields',
  description:
    'The custom fields of the company by their position, oldest first; `options` is null where the type has none.',
  access: 'read',
  query: Type.Object({
    category: Type.Optional(Type.Enum([...categories], { description: 'Only fields of these.' })),
    partner_type: ofPartnerType,
    archived,
    ...pages,
  }),
  reply: Type.Array(Field),
  failures: [],
})

export const createField = operation({
  id: 'createCustomField',
  method: 'POST',
  path: '/api/v1/custom-fields',
  summary: 'Create Custom Field',
  description: 'A new custom field of the company. Options get the numbers 1, 2, 3 … in their order.',
  access: 'write',
  ...changing,
  body: Type.Object(
    {
      label: Label,
      type: Type.Enum(fieldTypeNames),
      category: Type.Enum([...categories]),
      partner_type: Type.Optional(PartnerType),
      required: Type.Optional(Type.Boolean()),
      shared: Type.Optional(Type.Boolean()),
      options: Type.Optional(nullable(NewOptions)),
    },
    {
      title: 'CustomFieldCreation',
      examples: [
        { label: 'Priority', type: 'select', category: 'lead', options: [{ label: 'High' }, { label: 'Low' }] },
      ],
    },
  ),
  reply: Created,
  status: 201,
  failures: onceFailures,
})

export const changeField = operation({
  id: 'changeCustomField',
  method: 'PATCH',
  path: '/api/v1/custom-fields/:fieldId',
  summary: 'Change Custom Field',
  description: 'Renames a field, sets whether it is required and where it stands, or archives it; its type stays.',
  access: 'admin',
  ...changing,
  params: fieldParams,
  body: Type.Object(
    {
      label: Type.Optional(Label),
      required: Type.Optional(Type.Boolean()),
      position: Type.Optional(Position),
      archived: Type.Optional(Type.Boolean()),
    },
    { title: 'CustomFieldChange', examples: [{ label: 'Urgency', required: true }] },
  ),
  reply: Field,
  failures: [...onceFailures, 'field_not_found'],
})

export const createOption = operation({
  id: 'createCustomFieldOption',
  method: 'POST',
  path: '/api/v1/custom-fields/:fieldId/options',
  summary: 'Create Option',
  description: 'One more option of a field; its number was never that of another.',
  access: 'admin',
  ...changing,
  params: fieldParams,
  body: Type.Object({ label: Label }, { title: 'OptionCreation', examples: [{ label: 'Medium' }] }),
  reply: Type.Object({ id: Id }, { title: 'CreatedOption' }),
  status: 201,
  failures: [...onceFailures, 'field_not_found'],
})

export const changeOption = operation({
  id: 'changeCustomFieldOption',
  method: 'PATCH',
  path: '/api/v1/custom-fields/:fieldId/options/:optionId',
  summary: 'Change Option',
  description: 'Renames an option, or archives it: values that name it stay, and no other gets it.',
  access: 'admin',
  ...changing,
  params: Type.Object({
    ...fieldParams.properties,
    optionId: Type.String({ description: "The option's number.", examples: ['3'] }),
  }),
  body: Type.Object(
    { label: Type.Optional(Label), archived: Type.Optional(Type.Boolean()) },
    { title: 'OptionChange', examples: [{ archived: true }] },
  ),
  reply: Field,
  failures: [...onceFailures, 'field_not_found', 'option_not_found'],
})
