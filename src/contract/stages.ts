import Type from 'typebox'
import {
  ArchivedAt,
  archived,
  Created,
  changing,
  configurationLimits,
  Label,
  ofPartnerType,
  PartnerType,
  pages,
  partnerTypes,
} from './configuration.ts'
import { Id, IdForm, Uuid } from './forms.ts'
import { onceFailures, operation } from './operation.ts'

/** The phases of the stages of each pipeline, from first to last. */
export const phases = {
  partner: ['discovery', 'evaluation', 'active', 'inactive'],
  lead_deal: ['discovery', 'negotiation', 'closed_won', 'closed_lost'],
} as const

/** What passes through a row of stages. */
export type Pipeline = keyof typeof phases

/** Places in a pipeline are numbered from 1. */
export const seriesMax = 1_000_000

const Series = Type.Integer({ minimum: 1, maximum: seriesMax, description: 'Its place: stages stand in this order.' })

const query = Type.Object({ partner_type: ofPartnerType, archived, ...pages })
const stageParams = Type.Object({
  stageId: Type.String({ description: "The stage's number or its uuid.", examples: ['1'] }),
})

/** The enum of a pipeline's phases. */
const phaseOf = <Name extends Pipeline>(pipeline: Name) => {
  const names: readonly (typeof phases)[Name][number][] = phases[pipeline]
  return Type.Enum([...names])
}

const stageOf = <Name extends Pipeline>(pipeline: Name, title: string) =>
  Type.Object(
    {
      id: Id,
      uuid: Uuid,
      label: Type.String(),
      series: Series,
      phase: phaseOf(pipeline),
      partner_type: PartnerType,
      company_id: Id,
      archived_at: ArchivedAt,
    },
    { title },
  )

/** The members of a stage that a change may name. */
const changesOf = <Name extends Pipeline>(pipeline: Name) => ({
  label: Type.Optional(Label),
  series: Type.Optional(Series),
  phase: Type.Optional(phaseOf(pipeline)),
})

const PartnerStage = stageOf('partner', 'PartnerStage')
const LeadDealStage = stageOf('lead_deal', 'LeadDealStage')

export const listPartnerStages = operation({
  id: 'listPartnerStages',
  method: 'GET',
  path: '/api/v1/stages/partner-stages',
  summary: 'List Partner Stages',
  description: 'The stages that partnerships pass through, by their places.',
  access: 'read',
  query,
  reply: Type.Array(PartnerStage),
  failures: [],
})

export const createPartnerStage = operation({
  id: 'createPartnerStage',
  method: 'POST',
  path: '/api/v1/stages/partner-stages',
  summary: 'Create Partner Stage',
  description: 'A new stage of partnerships; behind all others of its partner type when no place is named.',
  access: 'write',
  ...changing,
  body: Type.Object(
    {
      label: Label,
      partner_type: Type.Enum([...partnerTypes]),
      phase: Type.Optional(Type.Enum([...phases.partner], { description: '`discovery` when absent.' })),
      series: Type.Optional(Series),
    },
    { title: 'PartnerStageCreation', examples: [{ label: 'Onboarding', partner_type: 'referral', phase: 'active' }] },
  ),
  reply: Created,
  status: 201,
  failures: onceFailures,
})

const StageChanges = Type.Array(Type.Object({ id: IdForm, ...changesOf('partner') }), {
  maxItems: configurationLimits.stages,
})

export const changePartnerStages = operation({
  id: 'changePartnerStages',
  method: 'PATCH',
  path: '/api/v1/stages/partner-stages',
  summary: 'Change Partner Stages',
  description: 'Renames and moves several stages, all or none. The list may also be sent by itself.',
  access: 'write',
  ...changing,
  body: Type.Union([Type.Object({ stages: StageChanges }), StageChanges], {
    title: 'PartnerStageChanges',
    examples: [{ stages: [{ id: 1, label: 'Active', series: 2, phase: 'active' }] }],
  }),
  reply: Type.Object({ updated: Type.Array(Id) }, { title: 'ChangedStages' }),
  failures: onceFailures,
})

export const changePartnerStage = operation({
  id: 'changePartnerStage',
  method: 'PATCH',
  path: '/api/v1/stages/partner-stages/:stageId',
  summary: 'Change Partner Stage',
  description: 'Renames or moves a stage, or archives it.',
  access: 'admin',
  ...changing,
  params: stageParams,
  body: Type.Object(
    { ...changesOf('partner'), archived: Type.Optional(Type.Boolean()) },
    { title: 'PartnerStageChange', examples: [{ label: 'Active partner' }] },
  ),
  reply: PartnerStage,
  failures: [...onceFailures, 'stage_not_found'],
})

export const listLeadDealStages = operation({
  id: 'listLeadDealStages',
  method: 'GET',
  path: '/api/v1/stages/lead-deal-stages',
  summary: 'List Lead Deal Stages',
  description: 'The stages that deals of leads pass through, by their places.',
  access: 'read',
  query,
  reply: Type.Array(LeadDealStage),
  failures: [],
})

export const createLeadDealStage = operation({
  id: 'createLeadDealStage',
  method: 'POST',
  path: '/api/v1/stages/lead-deal-stages',
  summary: 'Create Lead Deal Stage',
  description: 'A new stage of deals; behind all others of its partner type when no place is named.',
  access: 'write',
  ...changing,
  body: Type.Object(
    {
      label: Label,
      phase: Type.Enum([...phases.lead_deal]),
      partner_type: Type.Optional(PartnerType),
      series: Type.Optional(Series),
    },
    { title: 'LeadDealStageCreation', examples: [{ label: 'Proposal sent', phase: 'negotiation' }] },
  ),
  reply: Created,
  status: 201,
  failures: onceFailures,
})

export const changeLeadDealStage = operation({
  id: 'changeLeadDealStage',
  method: 'PATCH',
  path: '/api/v1/stages/lead-deal-stages/:stageId',
  summary: 'Change Lead Deal Stage',
  description: 'Renames or moves a stage, or archives it.',
  access: 'admin',
  ...changing,
  params: stageParams,
  body: Type.Object(
    { ...changesOf('lead_deal'), archived: Type.Optional(Type.Boolean()) },
    { title: 'LeadDealStageChange', examples: [{ series: 3 }] },
  ),
  reply: LeadDealStage,
  failures: [...onceFailures, 'stage_not_found'],
})
