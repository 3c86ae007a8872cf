import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconMaximize, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { WaggleError } from '../../sdk/index.ts'
import { sentenceOf } from '../app/api.ts'
import { useShortcuts } from '../app/shortcuts.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { heldLead } from './cache.ts'
import { nameOfLead } from './change.ts'
import { History } from './history.tsx'
import type { ShownLead } from './members.ts'
import classes from './panel.module.css'
import { LeadActions } from './panel-actions.tsx'
import { LeadDetails } from './panel-lead.tsx'
import { leadQuery, useDefinitions } from './queries.ts'

/** Below this width the panel covers the list. */
const covering = '(max-width: 899px)'

export interface LeadPanelProps {
  readonly leadId: number
  readonly close: () => void
  /** Opens the neighbour in the list; undefined where there is none. */
  readonly previous?: (() => void) | undefined
  readonly next?: (() => void) | undefined
  /** Where the lead stands in the list, such as `1 of 214`. */
  readonly position?: string | undefined
}

/** One lead beside the list it was opened from. The focus stays where it is, unless the list is covered. */
export function LeadPanel(props: LeadPanelProps) {
  const { leadId, close, previous, next } = props
  const { lead, trouble } = useLead(leadId)
  const panel = useRef<HTMLElement>(null)
  const heading = useId()
  useCover(panel)
  useShortcuts('Open lead', [{ keys: 'Escape', label: 'Close the lead', run: close }])
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isField(event.target)) return
    const act = { Escape: close, ArrowUp: previous, ArrowDown: next }[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <section ref={panel} className={classes['panel']} aria-labelledby={heading} tabIndex={-1} onKeyDown={onKeyDown}>
      <Head {...props} lead={lead} />
      <div className={classes['body']}>
        <h2 id={heading} className={classes['name']}>
          {lead === undefined ? (trouble?.title ?? 'Lead') : nameOfLead(lead)}
        </h2>
        <LeadBody key={leadId} lead={lead} trouble={trouble} />
      </div>
    </section>
  )
}

const isField = (target: EventTarget): boolean =>
  target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)

function Head({ lead, close, previous, next, position }: LeadPanelProps & { readonly lead: ShownLead | undefined }) {
  return (
    <div className={classes['head']}>
      <Act label="Previous lead" keys="↑" onClick={previous}>
        <IconArrowUp size={16} aria-hidden />
      </Act>
      <Act label="Next lead" keys="↓" onClick={next}>
        <IconArrowDown size={16} aria-hidden />
      </Act>
      <span className={classes['position']}>{position}</span>
      {lead !== undefined && (
        <>
          <LeadActions lead={lead} gone={close} />
          <Tooltip label="Open as a page">
            <Link
              to="/leads/$leadId"
              params={{ leadId: String(lead.id) }}
              className={classes['open']}
              aria-label="Open as a page"
            >
              <IconMaximize size={15} aria-hidden />
            </Link>
          </Tooltip>
        </>
      )}
      <Act label="Close" keys="Esc" onClick={close}>
        <IconX size={16} aria-hidden />
      </Act>
    </div>
  )
}

interface ActProps {
  readonly label: string
  readonly keys: string
  readonly onClick: (() => void) | undefined
  readonly children: ReactNode
}

const Act = ({ label, keys, onClick, children }: ActProps) => (
  <Tooltip label={`${label} · ${keys}`}>
    <ActionIcon aria-label={label} className={classes['act']} disabled={onClick === undefined} onClick={onClick}>
      {children}
    </ActionIcon>
  </Tooltip>
)

interface Trouble {
  readonly title: string
  readonly sentence: string
  /** Undefined where it would not help. */
  readonly again?: () => void
}

/** The lead, at first as the list has it, and then whole; or why it cannot be shown. */
export function useLead(id: number): { readonly lead: ShownLead | undefined; readonly trouble: Trouble | undefined } {
  const { data, error, refetch } = useQuery(leadQuery(id))
  if (error instanceof WaggleError && error.failure === 'lead_not_found') {
    const sentence = 'It has been deleted, or it is not one that you may see. Its number may also be wrong.'
    return { lead: undefined, trouble: { title: 'This lead is not here', sentence } }
  }
  const lead = data ?? heldLead(id)
  if (lead !== undefined || error === null) return { lead, trouble: undefined }
  const trouble = { title: 'This lead could not be read', sentence: sentenceOf(error), again: () => void refetch() }
  return { lead, trouble }
}

/** Below the name: the members and the history, or why there are none. */
export function LeadBody({ lead, trouble }: ReturnType<typeof useLead>) {
  const definitions = useDefinitions()
  if (trouble !== undefined) {
    return (
      <div role="alert" className={classes['trouble']}>
        <p>{trouble.sentence}</p>
        {trouble.again !== undefined && <Button onClick={trouble.again}>Try again</Button>}
      </div>
    )
  }
  if (lead === undefined) return <Skeleton lines={12} label="Loading the lead" />
  return (
    <div className={classes['parts']}>
      <div className={classes['details']}>
        <LeadDetails lead={lead} definitions={definitions} />
      </div>
      <History lead={lead} definitions={definitions} />
    </div>
  )
}

/** Where the panel covers the list, it takes the focus, and nothing behind it can be reached. */
function useCover(panel: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const element = panel.current
    const query = window.matchMedia(covering)
    const covered = (): Element[] => [...(element?.parentElement?.children ?? [])].filter((one) => one !== element)
    const heed = (): void => {
      for (const one of covered()) one.toggleAttribute('inert', query.matches)
      if (query.matches && element?.contains(document.activeElement) === false) element.focus()
    }
    heed()
    query.addEventListener('change', heed)
    return () => {
      query.removeEventListener('change', heed)
      for (const one of covered()) one.removeAttribute('inert')
    }
  }, [panel])
}
