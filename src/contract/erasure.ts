import Type from 'typebox'
import { Id, Time, Uuid } from './forms.ts'
import { leadParams } from './leads.ts'
import { operation } from './operation.ts'
import { User } from './users.ts'

export const eraseLead = operation({
  id: 'eraseLead',
  method: 'POST',
  path: '/api/v1/leads/:leadId/erase',
  aliases: ['/api/v1/companies/:companyId/leads/:leadId/erase'],
  summary: 'Erase Lead',
  description:
    'Deletes the lead, if it is not deleted, and removes for good what is kept of the person: of the lead, of its log, ' +
    'and wherever else it stands. It is done when it is answered, and may be repeated.',
  access: 'admin',
  params: leadParams,
  reply: Type.Object({ id: Id, uuid: Uuid, erased_at: Time }, { title: 'ErasedLead' }),
  failures: ['lead_not_found'],
})

export const eraseUser = operation({
  id: 'eraseUser',
  method: 'POST',
  path: '/api/v1/users/:userId/erase',
  summary: 'Erase User',
  description:
    'Disables the user and removes name and address for good, those that the log tells of the past, too. Who was signed in ' +
    'is no more. Leads keep the id. It may be repeated.',
  access: 'admin',
  params: Type.Object({ userId: Type.String({ description: "The user's number or uuid.", examples: ['123'] }) }),
  reply: User,
  failures: ['user_not_found', 'last_admin'],
})
