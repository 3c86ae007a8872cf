// Plain data: a thread that needs no schemas loads none.

export const statuses = ['new', 'contacted', 'qualified', 'converted', 'lost'] as const
export type Status = (typeof statuses)[number]

/** Where leads come from. */
export const sources = ['manual', 'campaign', 'partnership', 'integration', 'lead_submission_form'] as const
export type Source = (typeof sources)[number]

/** The five contact members of a lead, with their limits in code points. */
export const contactLimits = {
  company_name: 255,
  email: 320,
  phone_number: 64,
  first_name: 255,
  last_name: 255,
} as const
export type ContactMember = keyof typeof contactLimits
export const contactMembers = [
  'company_name',
  'email',
  'phone_number',
  'first_name',
  'last_name',
] as const satisfies readonly ContactMember[]
