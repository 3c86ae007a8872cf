import type { Status } from '../../src/contract/lead-members.ts'

export const statusLabels: Readonly<Record<Status, string>> = {
  new: 'New',
  contacted: 'Contacted',
  qualified: 'Qualified',
  converted: 'Converted',
  lost: 'Lost',
}
