import type { LeadRow } from '../../sdk/index.ts'

/** A lead as a list tells it, of which only the id and the status matter. */
export const lead = (id: number, status: LeadRow['status'] = 'new'): LeadRow => ({
  id,
  uuid: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
  total: 0,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  source: 'manual',
  company_name: `Company ${id}`,
  email: null,
  phone_number: null,
  first_name: null,
  last_name: null,
  status,
  partner_type: 'referral',
  company_id: 1,
  created_by_user_id: null,
  campaign_id: null,
  campaign_title: null,
  external_id: null,
  tags: [],
  assigned_users: [],
  partnership_leads: [],
  campaign_partners: [],
  lead_deals: [],
})
