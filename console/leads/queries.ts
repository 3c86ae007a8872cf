import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { waggle } from '../app/api.ts'
import type { Search } from '../app/search.ts'
import type { Definitions } from './members.ts'

/** For how long a page is kept that nobody looks at, in ms: a list may have thousands. */
const pageKeptMs = 60_000

/** Rows that are read at a time. */
export const pageSize = 50

/** The parameters of the address that narrow the list of leads. */
export const filterParameters = [
  'search',
  'status',
  'status_not',
  'tags',
  'tags_not',
  'users',
  'users_not',
  'assigned',
  'unassigned',
  'view',
  'company_name',
  'email',
  'phone_number',
  'first_name',
  'last_name',
  'empty',
  'set',
  'source',
  'created_by',
  'customFields',
  'created_since',
  'created_before',
  'updated_since',
  'updated_before',
] as const

/** The same, and the order. */
export const listParameters = [...filterParameters, 'sort'] as const

type ListParameter = (typeof listParameters)[number]
/** What is asked of the list, as the address and the API write it; `include` asks for custom values in each row. */
export type LeadQuery = Readonly<Partial<Record<ListParameter | 'include', string>>>

/** The part of an address that chooses leads, in a fixed order. */
export const leadQueryOf = (search: Search): LeadQuery =>
  Object.fromEntries(listParameters.flatMap((name) => (search[name] ? [[name, search[name]]] : [])))

/** What the client is given: the same, with the texts that it would write itself. */
const asked = (query: LeadQuery): object => query

export const leadPageQuery = (query: LeadQuery, page: number) =>
  queryOptions({
    queryKey: ['leads', 'page', query, page],
    queryFn: ({ signal }) => waggle.leads.list({ ...asked(query), page, pageSize }, { signal }),
    staleTime: 10_000,
    gcTime: pageKeptMs,
    placeholderData: keepPreviousData,
  })

/** One lead with its version. */
export const leadQuery = (id: number) =>
  queryOptions({
    queryKey: ['lead', id],
    queryFn: ({ signal }) => waggle.leads.get(id, { signal }),
    staleTime: 10_000,
  })

export const tagsQuery = queryOptions({
  queryKey: ['definitions', 'tags'],
  queryFn: async ({ signal }) => (await waggle.tags.list({ archived: true }, { signal })).rows,
  staleTime: 60_000,
})

export const usersQuery = queryOptions({
  queryKey: ['definitions', 'users'],
  queryFn: async ({ signal }) => (await waggle.users.list({ indirect: true }, { signal })).rows,
  staleTime: 60_000,
})

export const fieldsQuery = queryOptions({
  queryKey: ['definitions', 'fields'],
  queryFn: async ({ signal }) => (await waggle.customFields.list({ archived: true }, { signal })).rows,
  staleTime: 60_000,
})

const none: readonly never[] = []

/** Tags, users and fields of the company, archived ones too: they may stand on leads. Empty until they are there. */
export function useDefinitions(): Definitions {
  const { data: tags = none } = useQuery(tagsQuery)
  const { data: users = none } = useQuery(usersQuery)
  const { data: fields = none } = useQuery(fieldsQuery)
  return useMemo(() => ({ tags, users, fields }), [tags, users, fields])
}
