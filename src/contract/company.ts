import Type from 'typebox'
import { changing } from './configuration.ts'
import { companyExample } from './examples.ts'
import { Id, Time, Uuid } from './forms.ts'
import { onceFailures, operation } from './operation.ts'

/** Code points of a company's name. */
export const companyNameMax = 255

const Company = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    name: Type.String(),
    created_at: Time,
    leads: Type.Integer({ minimum: 0, description: 'Its leads, without deleted ones.' }),
    users: Type.Integer({ minimum: 0, description: 'Its users, without disabled and indirect ones.' }),
  },
  { title: 'Company', examples: [companyExample] },
)

export const getCompany = operation({
  id: 'getCompany',
  method: 'GET',
  path: '/api/v1/company',
  summary: 'Get Company',
  description: "The key's company, and how much it has.",
  access: 'read',
  reply: Company,
  failures: [],
})

export const changeCompany = operation({
  id: 'changeCompany',
  method: 'PATCH',
  path: '/api/v1/company',
  summary: 'Change Company',
  description: 'Renames the company.',
  access: 'admin',
  ...changing,
  body: Type.Object(
    { name: Type.Optional(Type.String({ pattern: '\\S', maxLength: companyNameMax, description: 'Not blank.' })) },
    { title: 'CompanyChange', examples: [{ name: 'Our Company Ltd' }] },
  ),
  reply: Type.Object({ id: Id, uuid: Uuid, name: Type.String(), created_at: Time }, { title: 'ChangedCompany' }),
  failures: [...onceFailures],
})
