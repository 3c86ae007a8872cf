import Type from 'typebox'
import {
  ArchivedAt,
  archived,
  Color,
  Created,
  changing,
  Label,
  ofPartnerType,
  PartnerType,
  pages,
} from './configuration.ts'
import { Id, nullable, Time, Uuid } from './forms.ts'
import { onceFailures, operation } from './operation.ts'

const query = Type.Object({ partner_type: ofPartnerType, archived, ...pages })

const Tier = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    label: Type.String(),
    background_color: Type.String(),
    text_color: Type.String(),
    partner_type: PartnerType,
    company_id: Id,
    archived_at: ArchivedAt,
  },
  { title: 'Tier' },
)

const tierParams = Type.Object({
  tierId: Type.String({ description: "The tier's number or its uuid.", examples: ['1'] }),
})

export const listTiers = operation({
  id: 'listTiers',
  method: 'GET',
  path: '/api/v1/tiers',
  summary: 'List Tiers',
  description: 'The tiers of the company, oldest first.',
  access: 'read',
  query,
  reply: Type.Array(Tier),
  failures: [],
})

export const createTier = operation({
  id: 'createTier',
  method: 'POST',
  path: '/api/v1/tiers',
  summary: 'Create Tier',
  description: 'A new tier of the company.',
  access: 'write',
  ...changing,
  body: Type.Object(
    {
      label: Label,
      background_color: Type.Optional(nullable(Color)),
      text_color: Type.Optional(nullable(Color)),
      partner_type: Type.Optional(PartnerType),
    },
    { title: 'TierCreation', examples: [{ label: 'Gold', background_color: '#FFD700', text_color: '#000000' }] },
  ),
  reply: Created,
  status: 201,
  failures: onceFailures,
})

export const changeTier = operation({
  id: 'changeTier',
  method: 'PATCH',
  path: '/api/v1/tiers/:tierId',
  summary: 'Change Tier',
  description: 'Renames or recolours a tier, or archives it.',
  access: 'admin',
  ...changing,
  params: tierParams,
  body: Type.Object(
    {
      label: Type.Optional(Label),
      background_color: Type.Optional(nullable(Color)),
      text_color: Type.Optional(nullable(Color)),
      archived: Type.Optional(Type.Boolean()),
    },
    { title: 'TierChange', examples: [{ label: 'Platinum' }] },
  ),
  reply: Tier,
  failures: [...onceFailures, 'tier_not_found'],
})

const Category = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    label: Type.String(),
    partner_type: PartnerType,
    company_id: Id,
    created_at: Time,
    updated_at: Time,
    archived_at: ArchivedAt,
  },
  { title: 'Category' },
)

const categoryParams = Type.Object({
  categoryId: Type.String({ description: "The category's number or its uuid.", examples: ['1'] }),
})

export const listCategories = operation({
  id: 'listCategories',
  method: 'GET',
  path: '/api/v1/categories',
  summary: 'List Categories',
  description: 'The categories of the company, oldest first.',
  access: 'read',
  query,
  reply: Type.Array(Category),
  failures: [],
})

export const createCategory = operation({
  id: 'createCategory',
  method: 'POST',
  path: '/api/v1/categories',
  summary: 'Create Category',
  description: 'A new category of the company.',
  access: 'write',
  ...changing,
  body: Type.Object(
    { label: Label, partner_type: Type.Optional(PartnerType) },
    { title: 'CategoryCreation', examples: [{ label: 'Technology' }] },
  ),
  reply: Created,
  status: 201,
  failures: onceFailures,
})

export const changeCategory = operation({
  id: 'changeCategory',
  method: 'PATCH',
  path: '/api/v1/categories/:categoryId',
  summary: 'Change Category',
  description: 'Renames a category, or archives it.',
  access: 'admin',
  ...changing,
  params: categoryParams,
  body: Type.Object(
    { label: Type.Optional(Label), archived: Type.Optional(Type.Boolean()) },
    { title: 'CategoryChange', examples: [{ archived: true }] },
  ),
  reply: Category,
  failures: [...onceFailures, 'category_not_found'],
})
