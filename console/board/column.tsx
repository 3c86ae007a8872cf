import { Button } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { LeadRow } from '../../sdk/index.ts'
import { sentenceOf } from '../app/api.ts'
import { type LeadQuery, leadPageQuery, pageSize } from '../leads/queries.ts'
import { type Status, StatusMark } from '../ui/status.tsx'
import { shownNumber } from '../ui/time.tsx'
import classes from './board.module.css'
import { Card } from './card.tsx'
import { useDropTarget } from './drag.ts'
import { useCardFocus } from './focus.ts'
import { cardOf, focusBeside } from './keys.ts'
import type { Moves } from './moves.ts'
import { nextPlace, type Slots, slotsOf } from './slots.ts'

/** In px, as in the style sheet: all cards have one height, so that nothing moves when a lead has been read. */
const cardHeight = 92
const gap = 8
/** Pages are asked for once the column has stood still so long, in ms. */
const restMs = 60

interface ColumnProps {
  readonly status: Status
  /** The filters of the board, without the status. */
  readonly query: LeadQuery
  readonly moves: Moves
  readonly move: ((lead: LeadRow, to: Status) => void) | undefined
  readonly openLead: number | undefined
  /** The columns beside. */
  readonly beside: Beside
}

type Beside = Readonly<Partial<Record<'ArrowLeft' | 'ArrowRight', Status | undefined>>>

/** The leads of one status: read page by page as they come into view. */
export function Column({ status, query, moves, move, openLead, beside }: ColumnProps) {
  const ref = useRef<HTMLElement>(null)
  const isOver = useDropTarget(ref, status, move)
  const { slots, setPages, error, retry, isRead } = useSlots(status, query, moves)
  return (
    <section
      ref={ref}
      className={classes['column']}
      data-status={status}
      data-over={isOver || undefined}
      aria-labelledby={`column-${status}`}
    >
      <h2 className={classes['head']} id={`column-${status}`}>
        <StatusMark status={status} />{' '}
        <span className={classes['count']}>
          {isRead && shownNumber(slots.count)}
          <span className="visually-hidden"> leads</span>
        </span>
      </h2>
      {error === undefined ? (
        <Cards slots={slots} setPages={setPages} {...{ isRead, move, openLead, beside, status }} />
      ) : (
        <div className={classes['note']} role="alert">
          <p>{sentenceOf(error)}</p>
          <Button variant="default" onClick={retry}>
            Try again
          </Button>
        </div>
      )}
    </section>
  )
}

/** The places of a column, from the pages that are in view. */
function useSlots(status: Status, query: LeadQuery, moves: Moves) {
  const [pages, setPages] = useState<readonly number[]>([1])
  const ofColumn = { ...query, status }
  const results = useQueries({
    queries: pages.map((page) => leadPageQuery(ofColumn, page)),
  })
  const rows = new Map<number, LeadRow>()
  for (const [at, page] of pages.entries()) {
    for (const [offset, row] of (results[at]?.data?.rows ?? []).entries()) rows.set((page - 1) * pageSize + offset, row)
  }
  const newest = results.toSorted((one, other) => other.dataUpdatedAt - one.dataUpdatedAt)[0]?.data
  const slots = slotsOf({
    status,
    total: newest?.total ?? 0,
    rows,
    arrived: moves.arrivedIn(status),
    arriving: moves.arrivingIn(status),
    moved: moves.moved,
  })
  const failed = results.find(({ isError, data }) => isError && data === undefined)
  return { slots, setPages, error: failed?.error, retry: () => void failed?.refetch(), isRead: newest !== undefined }
}

interface CardsProps extends Pick<ColumnProps, 'status' | 'move' | 'openLead' | 'beside'> {
  readonly slots: Slots<LeadRow>
  readonly setPages: (change: (before: readonly number[]) => readonly number[]) => void
  readonly isRead: boolean
}

function Cards({ slots, setPages, isRead, status, move, openLead, beside }: CardsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [stop, setStop] = useState(0)
  const virtual = useVirtualizer({
    count: slots.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight,
    gap,
    paddingEnd: gap,
    overscan: 6,
    // The card that has the focus stays, wherever the column is scrolled to.
    rangeExtractor: (range) => {
      const inView = defaultRangeExtractor(range)
      return stop >= slots.length || inView.includes(stop)
        ? inView
        : [...inView, stop].sort((one, other) => one - other)
    },
  })
  const items = virtual.getVirtualItems()
  usePages(
    items.map(({ index }) => slots.pageOf(index)),
    setPages,
  )
  const { goTo, onBlur, onFocus } = useCardFocus({
    scroller,
    scrollTo: (place) => virtual.scrollToIndex(place),
    place: Math.min(stop, slots.length - 1),
    setPlace: setStop,
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    const card = cardOf(event.target)
    if (card === null || event.metaKey || event.ctrlKey || event.altKey) return
    const place = Number(card.dataset['index'])
    const { key, shiftKey } = event
    const lead = slots.at(place)
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const to = beside[key]
      if (!shiftKey) focusBeside(card, key)
      else if (lead !== undefined && to !== undefined) move?.(lead, to)
    } else {
      const next = shiftKey ? undefined : nextPlace(key, place, slots.length)
      if (next === undefined) return
      goTo(next)
    }
    event.preventDefault()
  }
  if (isRead && slots.length === 0) return <div className={classes['note']}>No leads here.</div>
  return (
    <div className={classes['scroller']} ref={scroller} tabIndex={-1}>
      <ol
        className={classes['cards']}
        style={{ height: virtual.getTotalSize() }}
        aria-labelledby={`column-${status}`}
        onFocus={onFocus}
        onBlur={onBlur}
        onKeyDown={onKeyDown}
      >
        {items.map(({ index, start }) => {
          const lead = slots.at(index)
          if (lead === undefined) {
            const style = { transform: `translateY(${start}px)` }
            return <li key={`place ${index}`} className={classes['bar']} style={style} aria-hidden />
          }
          const isStop = index === Math.min(stop, slots.length - 1)
          const isOpen = lead.id === openLead
          const { length } = slots
          return <Card key={lead.id} {...{ lead, index, length, start, isStop, isOpen, move }} />
        })}
      </ol>
    </div>
  )
}

/** Asks for the pages in view, once they have been in view for a moment. */
function usePages(inView: readonly (number | undefined)[], setPages: CardsProps['setPages']): void {
  const wanted = [...new Set([1, ...inView.flatMap((page) => page ?? [])])].join(' ')
  useEffect(() => {
    const timer = setTimeout(
      () => setPages((before) => (before.join(' ') === wanted ? before : wanted.split(' ').map(Number))),
      restMs,
    )
    return () => clearTimeout(timer)
  }, [wanted, setPages])
}
