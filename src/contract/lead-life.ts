import Type from 'typebox'
import { createdLeadExample } from './examples.ts'
import { Id, nullable, Uuid } from './forms.ts'
import { sources } from './lead-members.ts'
import { changeableMembers, Lead, leadParams, versionHeader } from './leads.ts'
import { ignoredHeader, onceFailures, onceHeader, onceReplyHeader, operation, strictHeader } from './operation.ts'

/** How a lead comes to a company. */
export const associations = ['referral', 'reseller', 'campaigns'] as const
export type Association = (typeof associations)[number]

/** Lists that a client may send along, beside `integrationName` and `powerups`; kept, and told by no answer. */
export const detailLists = ['partnerCustomFields', 'attributions', 'integrationCustomFields'] as const

/** Members of `partnershipLead` that ask for sharing, which this version does not do. */
export const sharingMembers = ['sendToPartner', 'assignedFromPartnerLead', 'formSubmissionLead'] as const

/** Every member of a new lead beside those of a patch. */
export const creationMembers = [
  'source',
  'associationType',
  'companyCampaignId',
  'partnershipLead',
  ...detailLists,
  'integrationName',
  'powerups',
] as const

export const LeadCreation = Type.Object(
  {
    ...changeableMembers,
    source: Type.Optional(Type.Enum([...sources], { description: '`manual` when absent.' })),
    associationType: Type.Optional(Type.Enum([...associations], { description: '`referral` when absent.' })),
    companyCampaignId: Type.Optional(nullable(Id)),
    partnershipLead: Type.Optional(
      nullable(
        Type.Object(
          Object.fromEntries(
            sharingMembers.map((name) => [name, Type.Optional(Type.Union([Type.Literal(false), Type.Null()]))]),
          ),
          { description: 'Leads are not shared by this version: a member that asks for it is refused.' },
        ),
      ),
    ),
    partnerCustomFields: Type.Optional(nullable(Type.Array(Type.Unknown()))),
    attributions: Type.Optional(nullable(Type.Array(Type.Unknown()))),
    integrationName: Type.Optional(nullable(Type.String({ maxLength: 255 }))),
    integrationCustomFields: Type.Optional(nullable(Type.Array(Type.Unknown()))),
    powerups: Type.Optional(nullable(Type.Object({}))),
  },
  {
    title: 'LeadCreation',
    description: 'Members of a patch mean what they mean there. Members not listed here are ignored.',
    examples: [
      {
        company_name: 'Nordlicht GmbH',
        email: 'ada@nordlicht.example',
        source: 'manual',
        associationType: 'referral',
        tags: [10, 11],
        customFields: [
          { customFieldId: 5, type: 'number', value: { number: 150000 } },
          { customFieldId: 12, type: 'text', value: { text: 'CLV-0801' } },
        ],
      },
    ],
  },
)

const CreatedLead = Type.Object(
  { id: Id, uuid: Uuid, partnershipLeadId: Type.Null({ description: 'Leads are not shared by this version.' }) },
  { title: 'CreatedLead', examples: [createdLeadExample] },
)

const changeHeaders = {
  ...versionHeader,
  'X-Waggle-Sequence': "The change's number in the company's log.",
  ...onceReplyHeader,
}

export const createLead = operation({
  id: 'createLead',
  method: 'POST',
  path: '/api/v1/leads',
  aliases: ['/api/v1/companies/:companyId/leads'],
  summary: 'Create Lead',
  description: 'A new lead of the company. It is on disk when the 201 goes out.',
  access: 'write',
  headers: { ...onceHeader, ...strictHeader },
  body: LeadCreation,
  reply: CreatedLead,
  status: 201,
  replyHeaders: {
    ...changeHeaders,
    Location: 'Where the lead is.',
    ...ignoredHeader,
  },
  failures: ['not_found', 'external_id_taken', ...onceFailures],
})

export const deleteLead = operation({
  id: 'deleteLead',
  method: 'DELETE',
  path: '/api/v1/leads/:leadId',
  aliases: ['/api/v1/companies/:companyId/leads/:leadId'],
  summary: 'Delete Lead',
  description: 'The lead is found no more. An admin key can restore it.',
  access: 'write',
  params: leadParams,
  headers: { 'If-Match': 'Delete the lead only if it still has this version; otherwise 412.', ...onceHeader },
  reply: Type.Null(),
  status: 204,
  replyHeaders: changeHeaders,
  failures: ['lead_already_deleted', 'lead_modified', ...onceFailures],
})

export const restoreLead = operation({
  id: 'restoreLead',
  method: 'POST',
  path: '/api/v1/leads/:leadId/restore',
  aliases: ['/api/v1/companies/:companyId/leads/:leadId/restore'],
  summary: 'Restore Lead',
  description: 'A deleted lead is as it was before.',
  access: 'admin',
  params: leadParams,
  headers: onceHeader,
  reply: Lead,
  replyHeaders: changeHeaders,
  failures: ['lead_not_found', 'lead_not_deleted', 'lead_erased', ...onceFailures],
})
