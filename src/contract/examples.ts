/** The sample's key that reads and writes. It is published, as all of the sample is. */
export const sampleKey = 'jb_api_1234567890abcdef'

/* What answers look like, with what the sample workspace has. A test holds each against its schema. */

const eva = {
  uuid: '781117b4-695a-4f69-9d53-1e9c5b78075f',
  email: 'eva.lindqvist@cloversoftware.example',
  first_name: 'Eva',
  last_name: 'Lindqvist',
} as const
const evaOfLead = {
  id: 123,
  email: eva.email,
  first_name: eva.first_name,
  last_name: eva.last_name,
  color: '#2563eb',
  profile_image_id: null,
  profile_image_uuid: null,
} as const
const company = { id: 3, uuid: 'c0fba64b-2b8c-4918-9d67-74b61e3e2e80', name: 'Clover Software' } as const
const set = '2026-03-02T09:15:27.482Z'
const before = '2026-02-23T11:55:01.778Z'

const leadMembersExample = {
  id: 789,
  uuid: '9be59cfa-4b1a-4dcf-ac92-366e1fad26d5',
  created_at: before,
  updated_at: set,
  source: 'integration',
  company_name: 'TechCorp Solutions',
  email: 'maria.chen@techcorp.example',
  phone_number: '+1-555-010-0199',
  first_name: 'Maria',
  last_name: 'Chen',
  status: 'qualified',
  partner_type: 'referral',
  company_id: company.id,
  created_by_user_id: 123,
  campaign_id: null,
  campaign_title: null,
  external_id: null,
  tags: [
    { id: 10, label: 'Enterprise', background_color: '#ede9fe', text_color: '#5b21b6' },
    { id: 11, label: 'Technical buyer', background_color: '#dcfce7', text_color: '#166534' },
  ],
  assigned_users: [evaOfLead],
  partnership_leads: [],
  campaign_partners: [],
  lead_deals: [],
} as const

export const leadExample = {
  ...leadMembersExample,
  custom_fields: [
    { id: 5, label: 'Estimated annual value', type: 'number', value: { number: 150_000 }, custom_field_value_id: 1200 },
    { id: 6, label: 'Segment', type: 'select', value: { select: 3 }, custom_field_value_id: 1201 },
  ],
} as const

export const leadRowExample = { total: 1, ...leadMembersExample } as const

export const updatedLeadExample = { id: 789, uuid: leadExample.uuid, updated_at: set } as const

export const createdLeadExample = {
  id: 801,
  uuid: '0c1d9a57-5f0e-4f43-8f0b-0b3c1a8a9d21',
  partnershipLeadId: null,
} as const

export const countsExample = {
  total: 200,
  unassigned: 60,
  status: { new: 56, contacted: 56, qualified: 38, converted: 35, lost: 15 },
  tags: { '10': 46, '11': 46 },
  users: { '123': 31, '456': 35 },
} as const

export const batchResultsExample = {
  results: [
    { index: 0, status: 200, ...updatedLeadExample, version: 8, sequence: 4711 },
    { index: 1, status: 404, error: 'Lead not found or not accessible' },
  ],
  succeeded: 1,
  failed: 1,
} as const

export const historyRowExample = {
  sequence: 4711,
  version: 8,
  event: 'lead_updated',
  at: set,
  actor: { user_uuid: eva.uuid, user: { id: 123, ...eva }, key: { id: 1, label: 'CRM sync', prefix: 'jb_api_1' } },
  request_id: 'b1f0a2c4-7d5e-4c6f-9a3b-2e8d1c0f4a5b',
  changes: { status: { old: 'new', new: 'qualified' } },
  names: { tags: [], users: [], customFields: [] },
} as const

export const eventExample = {
  sequence: 4711,
  at: 1_772_442_927_482,
  company_uuid: company.uuid,
  user_uuid: eva.uuid,
  event_id: 'lead_updated',
  lead: { id: 789, uuid: leadExample.uuid, status: 'qualified', company_name: leadExample.company_name },
  changed_fields: ['status'],
  changes: { status: { old: 'new', new: 'qualified' } },
} as const

export const tagExample = {
  id: 10,
  uuid: '5e43abc5-96fc-4626-84d0-a781f7b69414',
  label: 'Enterprise',
  background_color: '#ede9fe',
  text_color: '#5b21b6',
  association: 'lead',
  partner_type: null,
  company_id: company.id,
  archived_at: null,
} as const

export const customFieldExample = {
  id: 6,
  uuid: 'da439d76-1306-4b3f-a3dc-e3c182570370',
  label: 'Segment',
  type: 'select',
  category: 'lead',
  partner_type: null,
  required: false,
  shared: false,
  position: 0,
  options: [
    { id: 1, label: 'Small business' },
    { id: 2, label: 'Mid-market' },
    { id: 3, label: 'Enterprise' },
  ],
  archived_at: null,
} as const

export const userExample = {
  id: 123,
  ...eva,
  created_at: before,
  role: 'partnerships',
  position: 'Partner Manager, EMEA',
  email_verified: before,
  disabled_at: null,
  color: evaOfLead.color,
  profile_image_id: null,
  profile_image_uuid: null,
  country_id: null,
  country_label: null,
  country_code: null,
} as const

export const companyExample = { ...company, created_at: before, leads: 200, users: 6 } as const

export const meExample = {
  company,
  user: { id: 123, ...eva, role: 'partnerships', color: evaOfLead.color },
  key: { id: 1, label: 'CRM sync' },
  permissions: { read: true, write: true, admin: false },
  operations: ['updateLead', 'getLead', 'listLeads'],
} as const

export const accountExample = {
  has_password: true,
  sessions: [
    {
      id: 'mV3tQh0cYwZ1xK8nR5aLpD2sJ7uFgB4e',
      created_at: before,
      last_used_at: set,
      expires_at: '2026-03-09T09:15:27.482Z',
      address: '198.51.100.7',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
      current: true,
    },
  ],
} as const

export const keyExample = {
  id: 1,
  label: 'CRM sync',
  prefix: 'jb_api_1',
  user_id: 123,
  user_uuid: eva.uuid,
  read_access: true,
  write_access: true,
  admin_access: false,
  created_at: before,
  last_used_at: set,
  expires_at: null,
  revoked_at: null,
} as const

export const integrationExample = {
  id: 1,
  uuid: '5b8f0c52-6a1e-4d0b-9c37-2f4f0e8a7d11',
  name: 'CRM connector',
  created_at: before,
  configuration: [],
  has_api_key: false,
  has_external_settings: false,
} as const

export const webhookExample = {
  id: 1,
  uuid: '2f0c7f0e-6a6e-4c61-8f0a-5d3a3c0f9b12',
  integration: integrationExample.uuid,
  integration_name: integrationExample.name,
  url: 'https://hooks.example/waggle',
  events: null,
  fields: null,
  description: null,
  state: 'active',
  reason: null,
  created_at: before,
  updated_at: before,
  sequence: 4711,
  backlog: 0,
  undelivered: 0,
  expired: 0,
  replaying_until: null,
  failing_since: null,
  last_attempt_at: set,
  last_status: 200,
  last_delivered_at: set,
  next_attempt_at: null,
  old_secret_until: null,
} as const
