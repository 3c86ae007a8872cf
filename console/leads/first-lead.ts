import type { CustomField } from '../../sdk/index.ts'
import type { ChangeRequest } from '../app/requests.ts'
import { valueKeys } from './members.ts'

/** The lead of the guide, with a value for each field that a new lead must have. */
export function firstLead(fields: readonly CustomField[]): ChangeRequest {
  const required = fields.filter(
    ({ category, required: isRequired, archived_at }) => category === 'lead' && isRequired && archived_at === null,
  )
  const customFields = required.map((field) => ({
    customFieldId: field.id,
    type: field.type,
    value: { [valueKeys[field.type]]: sampleOf(field) },
  }))
  return {
    method: 'POST',
    path: '/api/v1/leads',
    body: {
      json: {
        company_name: 'Nordlicht GmbH',
        first_name: 'Ada',
        last_name: 'Berg',
        email: 'ada.berg@nordlicht.example',
        ...(customFields.length > 0 && { customFields }),
      },
    },
  }
}

/** A value that a field of each type takes. */
function sampleOf({ type, options }: CustomField): unknown {
  const [option] = options ?? []
  const samples = {
    text: 'Sample',
    textarea: 'Sample',
    number: 1,
    date: '2026-01-31',
    boolean: true,
    select: option?.id ?? null,
    multi_select: option === undefined ? [] : [option.id],
  } as const satisfies Record<CustomField['type'], unknown>
  return samples[type]
}

/** The change that the guide makes to a lead. */
export const firstChange = (id: number): ChangeRequest => ({
  method: 'PATCH',
  path: `/api/v1/leads/${id}`,
  body: { json: { status: 'qualified' } },
})
