import type { EventName } from '../contract/events.ts'
import type { ToldBody } from '../events/tell.ts'

/** How old the made-up lead is, in ms. */
const ageMs = 24 * 60 * 60 * 1000
const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * A made-up lead as an event tells it, with every member that a lead has. Its ids stand for nothing.
 *
 * @param now Unix ms
 */
export function sampleBody(
  name: EventName,
  { companyUuid, userUuid, now }: { companyUuid: string; userUuid: string; now: number },
): ToldBody {
  return {
    company_uuid: companyUuid,
    user_uuid: userUuid,
    event_id: name,
    lead: {
      id: 1,
      uuid: nobody,
      created_at: now - ageMs,
      updated_at: now,
      source: 'manual',
      status: 'contacted',
      partner_type: 'referral',
      company_name: 'Nordlicht GmbH',
      email: 'ada@nordlicht.example',
      phone_number: '+49 30 1234567',
      first_name: 'Ada',
      last_name: 'Berg',
      external_id: null,
      created_by_user_uuid: userUuid,
      created_by_user_email: 'eva@our.example',
      created_by_user_first_name: 'Eva',
      created_by_user_last_name: 'Ost',
      custom_fields: [
        {
          uuid: nobody,
          label: 'Priority',
          type: 'select',
          value: { select: 2 },
          custom_field_value_uuid: nobody,
          options: [{ id: 2, label: 'Medium' }],
        },
      ],
      tags: [{ uuid: nobody, label: 'Hot' }],
      assigned_users: [{ uuid: userUuid, email: 'eva@our.example', first_name: 'Eva', last_name: 'Ost' }],
      received_from_company: [],
      sent_to_companies: [],
    },
    changed_fields: ['status'],
    changes: { status: { old: 'new', new: 'contacted' } },
  }
}
