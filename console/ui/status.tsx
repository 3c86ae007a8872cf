import { type Status, statuses } from '../../src/contract/lead-members.ts'
import classes from './status.module.css'
import { statusLabels } from './status-labels.ts'

export { type Status, statuses, statusLabels }

/** A status as a dot with its word: never by colour alone. */
export function StatusMark({ status }: { readonly status: Status }) {
  return (
    <span className={classes['status']} data-status={status}>
      <span className={classes['dot']} aria-hidden />
      {statusLabels[status]}
    </span>
  )
}
