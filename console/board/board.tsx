import { useMediaQuery } from '@mantine/hooks'
import { useQueries } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import type { LeadRow } from '../../sdk/index.ts'
import { queryClient } from '../app/api.ts'
import { useMay } from '../app/session.ts'
import { type LeadQuery, leadPageQuery } from '../leads/queries.ts'
import { type Status, statuses } from '../ui/status.tsx'
import classes from './board.module.css'
import { Column } from './column.tsx'
import { useBoardKeys } from './keys.ts'
import { type Moves, useMoves } from './moves.ts'
import { StatusTabs } from './status-tabs.tsx'

interface BoardProps {
  readonly query: LeadQuery
  readonly openLead: number | undefined
  /** Stands in place of the columns when there are no leads. */
  readonly children: ReactNode
}

/** The columns of the board, or one of them on a narrow screen. */
export function Board({ query, openLead, children }: BoardProps) {
  const isNarrow = useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false })
  const { shown, isBusy } = useReadyQuery(query)
  const columns = statusesOf(shown)
  const isEmpty = useQueries({
    queries: columns.map((status) => leadPageQuery({ ...shown, status }, 1)),
    combine: (results) => results.every(({ data }) => data?.total === 0),
  })
  if (isEmpty) return <div className={classes['empty']}>{children}</div>
  // With other filters it is another board: nothing stands on top, and each column is at its beginning.
  const key = JSON.stringify(shown)
  return <Columns key={key} query={shown} statuses={columns} isNarrow={isNarrow} isBusy={isBusy} openLead={openLead} />
}

/** The columns that a filter leaves: all of them without one. */
const statusesOf = ({ status }: LeadQuery): readonly Status[] => {
  const asked = status?.split(',')
  return asked === undefined ? statuses : statuses.filter((one) => asked.includes(one))
}

interface ColumnsProps {
  readonly query: LeadQuery
  readonly statuses: readonly Status[]
  readonly isNarrow: boolean
  readonly isBusy: boolean
  readonly openLead: number | undefined
}

function Columns({ query, statuses, isNarrow, isBusy, openLead }: ColumnsProps) {
  const root = useRef<HTMLDivElement>(null)
  const moves = useMoves()
  const move = useMoveAndFocus(root, moves)
  const column = (status: Status) => {
    const at = statuses.indexOf(status)
    const beside = { ArrowLeft: statuses[at - 1], ArrowRight: statuses[at + 1] }
    return <Column key={status} {...{ status, query, moves, move, openLead, beside }} />
  }
  useBoardKeys(move !== undefined)
  const chosen = useChosenColumn(statuses)
  return (
    <div className={classes['board']} ref={root}>
      <div className="visually-hidden" role="status">
        {moves.told}
      </div>
      {isNarrow ? (
        <StatusTabs query={query} statuses={statuses} chosen={chosen}>
          {column(chosen)}
        </StatusTabs>
      ) : (
        <div className={classes['columns']} aria-busy={isBusy}>
          {statuses.map(column)}
        </div>
      )}
    </div>
  )
}

/** The column that a narrow screen shows, by the address. */
function useChosenColumn(statuses: readonly Status[]): Status {
  const { column } = useSearch({ from: '__root__' })
  return statuses.find((status) => status === column) ?? statuses[0] ?? 'new'
}

/** The filters whose leads are shown: the former ones until the first page of each column is there, so nothing flickers. */
function useReadyQuery(query: LeadQuery): { shown: LeadQuery; isBusy: boolean } {
  const [shown, setShown] = useState(query)
  const [wantedKey, shownKey] = [JSON.stringify(query), JSON.stringify(shown)]
  useEffect(() => {
    const wanted: LeadQuery = JSON.parse(wantedKey)
    let isCurrent = true
    const reads = statusesOf(wanted).map((status) => queryClient.prefetchQuery(leadPageQuery({ ...wanted, status }, 1)))
    void Promise.all(reads).then(() => isCurrent && setShown(wanted))
    return () => {
      isCurrent = false
    }
  }, [wantedKey])
  return { shown, isBusy: wantedKey !== shownKey }
}

/** Moves a lead, and puts the focus on it where it stands then. @returns undefined for whoever may not change leads */
function useMoveAndFocus(root: React.RefObject<HTMLDivElement | null>, moves: Moves) {
  const may = useMay('updateLead')
  const follow = useRef<number>(undefined)
  useEffect(() => {
    if (follow.current === undefined) return
    const link = root.current?.querySelector<HTMLElement>(`[data-lead="${follow.current}"] a`)
    follow.current = undefined
    link?.focus()
  })
  const { move } = moves
  const moveAndFollow = useCallback(
    (lead: LeadRow, to: Status): void => {
      follow.current = lead.id
      void move(lead, to)
    },
    [move],
  )
  return may ? moveAndFollow : undefined
}
