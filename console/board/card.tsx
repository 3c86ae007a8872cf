import { Link } from '@tanstack/react-router'
import { memo, useRef } from 'react'
import type { LeadRow } from '../../sdk/index.ts'
import { useHighlight } from '../app/highlight.ts'
import { nameOfLead } from '../leads/change.ts'
import { Avatar } from '../ui/avatar.tsx'
import type { Status } from '../ui/status.tsx'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import classes from './board.module.css'
import { useDraggable } from './drag.ts'
import { MoveMenu } from './move-menu.tsx'

const avatarsShown = 2

interface CardProps {
  readonly lead: LeadRow
  /** Its place in the column, from 0. */
  readonly index: number
  readonly length: number
  /** Its upper edge, in px from the top of the column. */
  readonly start: number
  /** Whether Tab comes here. */
  readonly isStop: boolean
  readonly isOpen: boolean
  /** Undefined for whoever may not change leads. */
  readonly move: ((lead: LeadRow, to: Status) => void) | undefined
}

/** A lead on the board. All of it opens the lead; it can be dragged, and moved by its menu. */
export const Card = memo(function Card({ lead, index, length, start, isStop, isOpen, move }: CardProps) {
  const ref = useRef<HTMLLIElement>(null)
  const isDragged = useDraggable(ref, lead, move !== undefined)
  const isChanged = useHighlight(lead.id, 'status')
  const name = nameOfLead(lead)
  const person = [lead.first_name, lead.last_name].filter(Boolean).join(' ') || lead.email
  return (
    <li
      ref={ref}
      className={classes['card']}
      style={{ transform: `translateY(${start}px)` }}
      data-index={index}
      data-lead={lead.id}
      data-open={isOpen || undefined}
      data-dragged={isDragged || undefined}
      data-changed={isChanged || undefined}
      aria-setsize={length}
      aria-posinset={index + 1}
    >
      <div className={classes['top']}>
        <Link
          to="."
          search={(before) => ({ ...before, lead: String(lead.id) })}
          className={classes['name']}
          tabIndex={isStop ? 0 : -1}
          draggable={false}
          aria-current={isOpen || undefined}
          preload={false}
          title={name}
        >
          {name}
        </Link>
        {move !== undefined && <MoveMenu lead={lead} name={name} move={move} tabIndex={isStop ? 0 : -1} />}
      </div>
      <div className={classes['person']}>{person === name ? '' : person}</div>
      <div className={classes['foot']}>
        <span className={classes['tags']}>
          {lead.tags.slice(0, 2).map((tag) => (
            <Tag key={tag.id} tag={tag} />
          ))}
          <span className={classes['behindOne']}>
            <More of={lead.tags.slice(1).map(({ label }) => label)} />
          </span>
          <span className={classes['behindTwo']}>
            <More of={lead.tags.slice(2).map(({ label }) => label)} />
          </span>
        </span>
        <span className={classes['people']}>
          {lead.assigned_users.slice(0, avatarsShown).map((user) => (
            <Avatar key={user.id} user={user} />
          ))}
          <More of={lead.assigned_users.slice(avatarsShown).map(({ email }) => email)} />
        </span>
        <span className={classes['age']}>
          <Time at={lead.created_at} form="age" />
        </span>
      </div>
    </li>
  )
})

/** What there is no room for: how much, and what on hover. */
function More({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null
  return (
    <span className={classes['more']} title={of.join(', ')}>
      +{of.length}
    </span>
  )
}
