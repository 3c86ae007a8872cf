import type { EventName } from '../contract/events.ts'
import type { Changes } from '../events/payload.ts'
import type { ToldBody } from '../events/tell.ts'

/** How old the made-up lead is, in ms. */
const ageMs = 24 * 60 * 60 * 1000
const nobody = '00000000-0000-0000-0000-000000000000'

/** What an update of the made-up lead may have changed, by member; what is new is what the lead has. */
const sampleChanges: Changes = {
  status: { old: 'new', new: 'contacted' },
  company_name: { old: 'Nordlicht', new: 'Nordlicht GmbH' },
  email: { old: null, new: 'ada@nordlicht.example' },
  phone_number: { old: null, new: '+49 30 1234567' },
  first_name: { old: null, new: 'Ada' },
  last_name: { old: null, new: 'Berg' },
  external_id: { old: null, new: 'crm-1' },
  assignedUsers: { old: [], new: [1] },
  tags: { old: [], new: [1] },
  customFields: {
    old: [{ customFieldId: 1, value: null }],
    new: [{ customFieldId: 1, value: { select: 2 } }],
  },
}

interface Sample {
  readonly companyUuid: string
  readonly userUuid: string
  /** Unix ms. */
  readonly now: number
  /** Members of which an update must change one; null is any. */
  readonly fields: readonly string[] | null
}

/**
 * The event of a made-up lead, with every member that a lead has. Its ids stand for nothing. An update changes the first
 * of the members that it must.
 */
export function sampleBody(name: EventName, { companyUuid, userUuid, now, fields }: Sample): ToldBody {
  const changes = name.endsWith('_updated') ? sampleChange(fields) : {}
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
      external_id: 'crm-1',
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
    changed_fields: Object.keys(changes),
    changes,
  }
}

function sampleChange(fields: Sample['fields']): Changes {
  const changed = Object.entries(sampleChanges).find(([member]) => fields?.includes(member) ?? true)
  return Object.fromEntries(changed === undefined ? [] : [changed])
}
