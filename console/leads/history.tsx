import { Button } from '@mantine/core'
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { sentenceOf, waggle } from '../app/api.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import classes from './history.module.css'
import { HistoryEntry } from './history-entry.tsx'
import { byDay, type Entry, entryOf, loggedMember, onlyOf, plainFilters, shownDay } from './history-rows.ts'
import { type Definitions, fieldMember, type Member, type ShownLead } from './members.ts'

const pageSize = 20

/** The log of a lead, newest first, a part after the other. @param member those events alone that changed it */
const historyQuery = (leadId: number, member: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['history', leadId, 'all', member],
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam > 0 ? pageParam : undefined
      return waggle.leads.history(leadId, { pageSize, cursor, member }, { signal })
    },
    initialPageParam: 0,
    getNextPageParam: ({ nextCursor }): number | null => (nextCursor === null ? null : Number(nextCursor)),
    staleTime: 10_000,
  })

interface HistoryProps {
  readonly lead: ShownLead
  readonly definitions: Definitions
}

/** Who changed what of a lead, from what to what, by which key, and when. */
export function History({ lead, definitions }: HistoryProps) {
  const [member, setMember] = useState<Member>()
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    historyQuery(lead.id, member && loggedMember(member)),
  )
  const entries = useMemo(() => data?.pages.flatMap(({ rows }) => rows.map(entryOf)) ?? [], [data])
  const shown = onlyOf(entries, member)
  const end = useRef<HTMLDivElement>(null)
  useReached(end, () => void fetchNextPage(), hasNextPage && !isFetchingNextPage && error === null, entries.length)
  return (
    <section className={classes['history']} aria-label="History">
      <div className={classes['head']}>
        <h3 className={classes['title']}>History</h3>
        <MemberFilter definitions={definitions} member={member} choose={setMember} />
      </div>
      {isPending && <Skeleton lines={6} label="Loading the history" />}
      <Days entries={shown} lead={lead} definitions={definitions} />
      {error !== null && (
        <div role="alert" className={classes['trouble']}>
          The history could not be read. {sentenceOf(error)}
          <Button variant="default" onClick={() => void refetch()}>
            Try again
          </Button>
        </div>
      )}
      {data !== undefined && !hasNextPage && shown.length === 0 && (
        <p className={classes['none']}>
          {member === undefined ? 'Nothing has happened yet.' : 'It was never changed.'}
        </p>
      )}
      <div ref={end} className={classes['more']}>
        {hasNextPage && error === null && (
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Older changes
          </Button>
        )}
      </div>
    </section>
  )
}

function Days({ entries, lead, definitions }: HistoryProps & { readonly entries: readonly Entry[] }) {
  return byDay(entries).map(({ day, entries: ofDay }) => (
    <div key={day}>
      <h4 className={classes['date']}>
        <time dateTime={day}>{shownDay(day)}</time>
      </h4>
      <ol className={classes['entries']}>
        {ofDay.map((entry) => (
          <HistoryEntry key={entry.row.sequence} entry={entry} lead={lead} definitions={definitions} />
        ))}
      </ol>
    </div>
  ))
}

interface MemberFilterProps {
  readonly definitions: Definitions
  readonly member: Member | undefined
  readonly choose: (member: Member | undefined) => void
}

function MemberFilter({ definitions, member, choose }: MemberFilterProps) {
  const fields = definitions.fields.filter(({ category }) => category === 'lead')
  const options = [...plainFilters, ...fields.map(({ id, label }) => ({ member: fieldMember(id), label }))]
  return (
    <select
      className={classes['filter']}
      aria-label="Show changes of"
      value={member ?? ''}
      onChange={(event) => choose(options.find((option) => option.member === event.target.value)?.member)}
    >
      <option value="">All changes</option>
      {options.map((option) => (
        <option key={option.member} value={option.member}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

/** Calls once the end of what is shown comes into view, and again while it stays there and there is more. */
function useReached(end: RefObject<HTMLElement | null>, reached: () => void, isMore: boolean, shown: number): void {
  const call = useRef(reached)
  useEffect(() => {
    call.current = reached
  })
  // A part that was read is a reason to look again, even where it has moved nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as said
  useEffect(() => {
    const element = end.current
    if (element === null || !isMore) return
    const observer = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) call.current()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [end, isMore, shown])
}
