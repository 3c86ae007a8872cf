import Type, { type TObject } from 'typebox'
import type { FailureName } from './failures.ts'
import { onceFailures, onceHeader, onceReplyHeader, operation } from './operation.ts'

/** A DELETE of what a company defines. */
const deletion = <const Id extends string, const Path extends string, const Failures extends readonly FailureName[]>(
  id: Id,
  path: Path,
  noun: string,
  params: TObject,
  failures: Failures,
) =>
  operation({
    id: `delete${id}` as const,
    method: 'DELETE',
    path,
    summary: `Delete ${noun}`,
    description:
      'Removes for good what is archived and used by no lead, deleted ones included. What the log tells of the past stays.',
    access: 'admin',
    headers: onceHeader,
    replyHeaders: onceReplyHeader,
    params,
    reply: Type.Null(),
    status: 204,
    failures: [...onceFailures, ...failures, 'not_archived', 'in_use'],
  })

const named = (noun: string): TObject['properties'][string] =>
  Type.String({ description: `The ${noun}'s number or its uuid.`, examples: ['1'] })

export const deleteTag = deletion('Tag', '/api/v1/tags/:tagId', 'Tag', Type.Object({ tagId: named('tag') }), [
  'tag_not_found',
])

const fieldParams = { fieldId: named('field') }

export const deleteField = deletion(
  'CustomField',
  '/api/v1/custom-fields/:fieldId',
  'Custom Field',
  Type.Object(fieldParams),
  ['field_not_found'],
)

export const deleteOption = deletion(
  'CustomFieldOption',
  '/api/v1/custom-fields/:fieldId/options/:optionId',
  'Option',
  Type.Object({ ...fieldParams, optionId: Type.String({ description: "The option's number.", examples: ['3'] }) }),
  ['field_not_found', 'option_not_found'],
)

export const deleteTier = deletion('Tier', '/api/v1/tiers/:tierId', 'Tier', Type.Object({ tierId: named('tier') }), [
  'tier_not_found',
])

export const deleteCategory = deletion(
  'Category',
  '/api/v1/categories/:categoryId',
  'Category',
  Type.Object({ categoryId: named('category') }),
  ['category_not_found'],
)

const stageParams = Type.Object({ stageId: named('stage') })

export const deletePartnerStage = deletion(
  'PartnerStage',
  '/api/v1/stages/partner-stages/:stageId',
  'Partner Stage',
  stageParams,
  ['stage_not_found'],
)

export const deleteLeadDealStage = deletion(
  'LeadDealStage',
  '/api/v1/stages/lead-deal-stages/:stageId',
  'Lead Deal Stage',
  stageParams,
  ['stage_not_found'],
)
