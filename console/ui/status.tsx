import { type Status, statuses } from '../../src/contract/lead-members.ts'
import classes from './status.module.css'

export { type Status, statuses }

export const statusLabels: Readonly<Record<Status, string>> = {
  new: 'New',
  contacted: 'Contacted',
  qualified: 'Qualified',
  converted: 'Converted',
  lost: 'Lost',
}

/** A status as a dot with its word: never by colour alone. */
export function StatusMark({ status }: { readonly status: Status }) {
  return (
    <span className={classes['status']} data-status={status}>
      <span className={classes['dot']} aria-hidden />
      {statusLabels[status]}
    </span>
  )
}
