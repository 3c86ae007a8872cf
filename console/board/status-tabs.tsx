import { useQueries } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { KeyboardEvent, ReactNode } from 'react'
import { type LeadQuery, leadPageQuery } from '../leads/queries.ts'
import { type Status, StatusMark } from '../ui/status.tsx'
import { shownNumber } from '../ui/time.tsx'
import classes from './board.module.css'

/** One column at a time: a tab for each status with its count, and the chosen one below. */
export function StatusTabs({
  query,
  statuses,
  chosen,
  children,
}: {
  readonly query: LeadQuery
  readonly statuses: readonly Status[]
  readonly chosen: Status
  readonly children: ReactNode
}) {
  const navigate = useNavigate()
  const totals = useQueries({
    queries: statuses.map((status) => leadPageQuery({ ...query, status }, 1)),
    combine: (results) => results.map(({ data }) => data?.total ?? undefined),
  })
  const choose = (status: Status): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, column: status }), replace: true })
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const at = (statuses.indexOf(chosen) + step + statuses.length) % statuses.length
    const next = statuses[at]
    if (next !== undefined) choose(next)
    event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[at]?.focus()
  }
  return (
    <>
      <div className={classes['tabs']} role="tablist" aria-label="Status" onKeyDown={onKeyDown}>
        {statuses.map((status, at) => (
          <button
            key={status}
            type="button"
            role="tab"
            id={`tab-${status}`}
            className={classes['tab']}
            aria-selected={status === chosen}
            aria-controls="column"
            tabIndex={status === chosen ? 0 : -1}
            onClick={() => choose(status)}
          >
            <StatusMark status={status} />
            <span className={classes['count']}>{totals[at] !== undefined && shownNumber(totals[at])}</span>
          </button>
        ))}
      </div>
      <div className={classes['one']} role="tabpanel" id="column" aria-labelledby={`tab-${chosen}`}>
        {children}
      </div>
    </>
  )
}
