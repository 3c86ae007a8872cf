import { Button } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { type Delivery, WaggleError, type Webhook } from '../../sdk/index.ts'
import { sentenceOf } from '../app/api.ts'
import { useShortcuts } from '../app/shortcuts.tsx'
import cards from '../ui/cards.module.css'
import { Empty } from '../ui/empty.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { shownNumber, Time } from '../ui/time.tsx'
import classes from './deliveries.module.css'
import { DeliveryFilters } from './delivery-filters.tsx'
import { shownMs } from './health.ts'
import { OutcomeMark } from './outcome-mark.tsx'
import { deliveriesQuery, deliveryFilterOf } from './queries.ts'
import { eventLabels, shortAnswer } from './words.ts'

/** What an endpoint was sent, the newest first; it goes on by itself while it is open. */
export function Deliveries({ webhook }: { readonly webhook: Webhook }) {
  const search = useSearch({ from: '/signed-in/webhooks/$webhookId' })
  const navigate = useNavigate()
  const filter = deliveryFilterOf(search)
  const found = useInfiniteQuery({
    ...deliveriesQuery(String(webhook.id), filter),
    placeholderData: keepPreviousData,
    retry: (failed, error) => !(error instanceof WaggleError) && failed < 2,
  })
  const rows = found.data?.pages.flatMap((page) => page.rows)
  const set = (values: Readonly<Record<string, string | undefined>>): void =>
    void navigate({ to: '.', search: { ...search, ...values }, replace: true })
  return (
    <section aria-label="Deliveries">
      <DeliveryFilters filter={filter} set={set} />
      {rows === undefined && found.error === null && <Skeleton />}
      {found.error !== null && (
        <p role="alert" className={classes['refused']}>
          {sentenceOf(found.error)}
        </p>
      )}
      {rows?.length === 0 && !found.hasNextPage && <Nothing webhook={webhook} isFiltered={isFiltered(search)} />}
      {rows !== undefined && rows.length > 0 && <Rows rows={rows} open={search['delivery']} />}
      {found.hasNextPage && (
        <div className={classes['more']}>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      )}
    </section>
  )
}

const isFiltered = (search: Readonly<Record<string, string>>): boolean =>
  ['state', 'event', 'lead', 'since', 'until'].some((name) => search[name] !== undefined)

function Rows({ rows, open }: { readonly rows: readonly Delivery[]; readonly open: string | undefined }) {
  const table = useRef<HTMLTableElement>(null)
  const move = (by: number): void => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>('a[data-delivery]') ?? [])]
    const held = links.findIndex((link) => link.matches(':focus'))
    const at = held < 0 ? links.findIndex((link) => link.dataset['delivery'] === open) : held
    const link = links[Math.min(links.length - 1, Math.max(0, at + by))]
    link?.focus()
    if (open !== undefined) link?.click()
  }
  useShortcuts('Deliveries', [
    { keys: 'j', label: 'Next delivery', run: () => move(1) },
    { keys: 'k', label: 'Delivery before', run: () => move(-1) },
  ])
  return (
    <table className={`${cards['table']} ${classes['table']}`} ref={table}>
      <thead>
        <tr>
          <th scope="col">Outcome</th>
          <th scope="col">Event</th>
          <th scope="col">Lead</th>
          <th scope="col" className={classes['number']}>
            Number
          </th>
          <th scope="col">Answer</th>
          <th scope="col" className={classes['number']}>
            Took
          </th>
          <th scope="col" className={classes['number']}>
            Tries
          </th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} isOpen={String(row.id) === open} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, isOpen }: { readonly row: Delivery; readonly isOpen: boolean }) {
  const { id, state, event, lead_id, sequence, ms, attempts, last_attempt_at, created_at, replay, late } = row
  const marks = [replay && 'again', late && 'late'].filter(Boolean).join(', ')
  return (
    <tr className={classes['row']} data-open={isOpen || undefined}>
      <td>
        <OutcomeMark state={state} />
      </td>
      <td className={classes['event']}>
        <Link
          to="."
          search={(search) => ({ ...search, delivery: String(id) })}
          className={classes['link']}
          data-delivery={id}
          aria-current={isOpen || undefined}
        >
          {eventLabels[event]}
        </Link>
        {marks !== '' && <span className={classes['note']}> {marks}</span>}
      </td>
      <td className={classes['lead']}>#{lead_id}</td>
      <td className={classes['number']} data-label="no.">
        {shownNumber(sequence)}
      </td>
      <td className={classes['answer']} title={shortAnswer(row)}>
        {shortAnswer(row)}
      </td>
      <td className={classes['number']}>{ms === null ? '' : shownMs(ms)}</td>
      <td className={classes['number']} data-label="tries">
        {attempts}
      </td>
      <td className={classes['when']}>
        <Time at={last_attempt_at ?? created_at} />
      </td>
    </tr>
  )
}

function Nothing({ webhook, isFiltered }: { readonly webhook: Webhook; readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Empty
        title="No such delivery"
        action={
          <Link to="." search={{}}>
            Show all deliveries
          </Link>
        }
      >
        Nothing that was sent here fits the filter. Deliveries that need nothing more are removed after a while.
      </Empty>
    )
  }
  return (
    <Empty title="Nothing was sent yet">
      {webhook.state === 'active'
        ? 'Change a lead, and its delivery appears here within a second. Or send a test, which is not listed.'
        : 'Changes wait until the endpoint is resumed.'}
    </Empty>
  )
}
