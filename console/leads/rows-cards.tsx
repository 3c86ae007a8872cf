import { useElementScrollRestoration } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, useEffect, useRef } from 'react'
import { useHighlight } from '../app/highlight.ts'
import { StatusMark } from '../ui/status.tsx'
import { Time } from '../ui/time.tsx'
import { personName } from './cells.tsx'
import { nameOfLead } from './change.ts'
import { ValueText } from './editors/value.tsx'
import { type Definitions, heldValue } from './members.ts'
import type { ListedLead, Rows } from './rows.ts'
import classes from './rows-cards.module.css'

/** In px, its line below included. */
const cardHeight = 84

interface LeadCardsProps {
  readonly rows: Rows
  readonly definitions: Definitions
  readonly opened: number | undefined
  readonly open: (lead: ListedLead) => void
  /** What stands where there are no leads. */
  readonly children?: ReactNode
}

/** Leads below each other, for narrow screens; as many as there are, and only those in sight are drawn. */
export function LeadCards({ rows, definitions, opened, open, children }: LeadCardsProps) {
  const { total = 0, see } = rows
  const scroller = useRef<HTMLDivElement>(null)
  const restored = useElementScrollRestoration({ id: 'leads' })
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight,
    overscan: 6,
    initialOffset: restored?.scrollY ?? 0,
  })
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {}
  useEffect(() => see(startIndex, endIndex), [see, startIndex, endIndex])
  return (
    <div ref={scroller} className={classes['scroller']} data-scroll-restoration-id="leads">
      {total === 0 ? (
        children
      ) : (
        <ul className={classes['list']} aria-label="Leads" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const lead = rows.at(index)
            return (
              <li
                key={index}
                aria-setsize={total}
                aria-posinset={index + 1}
                className={classes['item']}
                style={{ transform: `translateY(${start}px)` }}
              >
                {lead === undefined ? (
                  <span className={classes['bar']} />
                ) : (
                  <Card lead={lead} definitions={definitions} isOpened={lead.id === opened} open={open} />
                )}
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}

interface CardProps {
  readonly lead: ListedLead
  readonly definitions: Definitions
  readonly isOpened: boolean
  readonly open: (lead: ListedLead) => void
}

const Card = memo(function Card({ lead, definitions, isOpened, open }: CardProps) {
  const isChanged = useHighlight(lead.id, 'status')
  const person = personName(lead)
  const name = nameOfLead(lead)
  return (
    <a
      href={`/console/leads/${lead.id}`}
      className={classes['card']}
      data-opened={isOpened}
      data-changed={isChanged}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        open(lead)
      }}
    >
      <span className={classes['line']}>
        <span className={classes['name']}>{name}</span>
        <StatusMark status={lead.status} />
      </span>
      <span className={classes['line']}>
        <span className={classes['muted']}>{person === name ? lead.email : person || lead.email}</span>
        <span className={classes['muted']}>
          <Time at={lead.updated_at} />
        </span>
      </span>
      <span className={classes['line']}>
        <span className={classes['tags']}>
          <ValueText member="tags" value={heldValue(lead, 'tags')} definitions={definitions} named={lead} />
        </span>
        <ValueText
          member="assignedUsers"
          value={heldValue(lead, 'assignedUsers')}
          definitions={definitions}
          named={lead}
        />
      </span>
    </a>
  )
})
