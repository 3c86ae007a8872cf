import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { DeliveryState, EventName } from '../../sdk/index.ts'
import { queryClient, waggle } from '../app/api.ts'
import type { Search } from '../app/search.ts'
import { eventLabels, namesOf, stateLabels } from './words.ts'

/** What is open is looked at again so often, in ms. */
const refreshMs = 3_000

export const integrationsQuery = queryOptions({
  queryKey: ['webhooks', 'integrations'],
  queryFn: async ({ signal }) => (await waggle.integrations.list({ signal })).rows,
})

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'list'],
  queryFn: async ({ signal }) => (await waggle.webhooks.list({ include: 'recent' }, { signal })).rows,
  refetchInterval: refreshMs,
  staleTime: refreshMs,
})

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', 'one', id],
    queryFn: ({ signal }) => waggle.webhooks.get(id, { include: 'recent' }, { signal }),
    refetchInterval: refreshMs,
    staleTime: refreshMs,
  })

/** Which deliveries are shown, as the address writes it. */
export interface DeliveryFilter {
  readonly state: readonly DeliveryState[]
  readonly event: EventName | undefined
  readonly lead: string | undefined
  readonly since: string | undefined
  readonly until: string | undefined
}

export const deliveryFilterOf = ({ state = '', event, lead, since, until }: Search): DeliveryFilter => {
  const named = state.split(',')
  return {
    state: namesOf(stateLabels).filter((one) => named.includes(one)),
    event: namesOf(eventLabels).find((one) => one === event),
    lead,
    since,
    until,
  }
}

/** Rows that are read at a time. */
const pageSize = 25

/** The interval grows with each page, so that a long list costs no more than a short one. */
export const deliveriesQuery = (id: string, filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', 'deliveries', id, filter],
    queryFn: ({ signal, pageParam }) =>
      waggle.webhooks.deliveries(
        id,
        { ...filter, ...(filter.state.length === 0 && { state: undefined }), cursor: pageParam || undefined, pageSize },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state }) => refreshMs * Math.max(1, state.data?.pages.length ?? 1),
    staleTime: refreshMs,
  })

export const deliveryQuery = (id: string, deliveryId: string) =>
  queryOptions({
    queryKey: ['webhooks', 'delivery', id, deliveryId],
    queryFn: ({ signal }) => waggle.webhooks.delivery(id, deliveryId, { signal }),
    // What has arrived or was given up stays as it is, unless somebody sends it again here.
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'pending' || state.data.state === 'retrying' ? 2_000 : false,
    staleTime: 1_000,
  })

export const previewQuery = (id: string, event: EventName | undefined) =>
  queryOptions({
    queryKey: ['webhooks', 'preview', id, event],
    queryFn: ({ signal }) => waggle.webhooks.preview(id, { event }, { signal }),
    staleTime: 0,
  })

/** All that is shown of endpoints and deliveries is read again. */
export const refreshWebhooks = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['webhooks'] })

/** Failed deliveries are counted no further. */
const countedMax = 250

/** How many have failed and can be sent again. @returns `isMore` when there are more than were counted */
export async function countFailed(id: string): Promise<{ count: number; isMore: boolean }> {
  let count = 0
  let cursor: string | undefined
  do {
    const page = await waggle.webhooks.deliveries(id, { state: ['parked', 'retrying'], cursor, pageSize: 50 })
    count += page.rows.length
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined && count < countedMax)
  return { count, isMore: cursor !== undefined }
}

/**
 * The first event of a time on, by halving: a company's numbers have no gaps, and times grow with them.
 *
 * @param since Unix ms
 * @param last the number of the newest event
 * @returns undefined when there is none so late
 */
export async function firstSequenceSince(
  since: number,
  last: number,
  timeOf: (sequence: number) => Promise<number | undefined> = eventTime,
): Promise<number | undefined> {
  let [before, at] = [0, last + 1]
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2)
    const time = await timeOf(middle)
    if (time === undefined || time >= since) at = middle
    else before = middle
  }
  return at > last ? undefined : at
}

const eventTime = async (sequence: number): Promise<number | undefined> =>
  (await waggle.events.list({ after: sequence - 1, limit: 1 })).rows[0]?.at
