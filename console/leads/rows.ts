import { useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { LeadRow } from '../../sdk/index.ts'
import { queryClient } from '../app/api.ts'
import { type LeadQuery, leadPageQuery, pageSize } from './queries.ts'

/** A row of the list, with its custom values when they were asked for. */
export type ListedLead = LeadRow

/** A list of any length of which those rows are read that are looked at. */
export interface Rows {
  /** Of the whole list; undefined until the first answer. */
  readonly total: number | undefined
  /** The row at a place from 0; undefined while it is not there. */
  readonly at: (index: number) => ListedLead | undefined
  /** What is shown now; that which was asked for last may still be on its way. */
  readonly query: LeadQuery
  readonly isWaiting: boolean
  readonly error: Error | null
  readonly retry: () => void
  /** Tells which rows are in sight, both ends included. */
  readonly see: (first: number, last: number) => void
}

/** For how long a jump must rest, in ms, until what is there is read: what is only passed by is not. */
const restMs = 70

/**
 * Reads a list by its pages as they come into sight, with those beside them. Reading what is out of sight again is given
 * up. Until another list is there the former one stands, so that nothing flickers.
 */
export function useRows(wanted: LeadQuery): Rows {
  const [shown, setShown] = useState(wanted)
  const [pages, setPages] = useState<readonly number[]>([1])
  // In a list of another order or other filters, one begins at the top.
  const { placeholderData: _former, ...beginning } = leadPageQuery(wanted, 1)
  const first = useQuery(beginning)
  const isWaiting = shown !== wanted
  if (isWaiting && first.data !== undefined) {
    setShown(wanted)
    setPages([1])
  }
  const results = useQueries({ queries: pages.map((page) => leadPageQuery(shown, page)) })
  const answers = isWaiting ? results : [first, ...results]
  const newest = answers.reduce(
    (best, one) => (one.dataUpdatedAt > best.dataUpdatedAt ? one : best),
    answers[0] ?? first,
  )
  const firstRows = isWaiting ? undefined : first.data?.rows
  return {
    total: newest.data?.total ?? undefined,
    at: (index) => {
      const page = Math.floor(index / pageSize) + 1
      const place = pages.indexOf(page)
      const rows = results[place]?.data?.rows ?? (page === 1 ? firstRows : undefined)
      return rows?.[index % pageSize]
    },
    query: shown,
    isWaiting,
    error: first.error ?? results.find(({ error }) => error !== null)?.error ?? null,
    retry: () => {
      for (const one of [first, ...results]) if (one.error !== null) void one.refetch()
    },
    see: useSight(pages, setPages),
  }
}

/** Chooses the pages to be read: at once what is next to those that are, and after a rest what is far off. */
function useSight(
  pages: readonly number[],
  setPages: (pages: readonly number[]) => void,
): (first: number, last: number) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const held = useRef(pages)
  held.current = pages
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(
    (first, last) => {
      const next = pagesInSight(first, last)
      clearTimeout(timer.current)
      if (next.join() === held.current.join()) return
      const isNear = next.some((page) => held.current.includes(page))
      if (isNear) setPages(next)
      else timer.current = setTimeout(() => setPages(next), restMs)
    },
    [setPages],
  )
}

/** The pages of these rows and one beside them at either end; rows count from 0, pages from 1. */
export function pagesInSight(first: number, last: number): readonly number[] {
  const from = Math.max(1, Math.floor(first / pageSize))
  const to = Math.floor(Math.max(first, last) / pageSize) + 2
  return Array.from({ length: to - from + 1 }, (_unused, at) => from + at)
}

/** The rows from one to another, and that on which the keyboard is, so that it is never lost. */
export function withActive(first: number, last: number, active: number, total: number): number[] {
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_unused, at) => first + at)
  if (active < 0 || active >= total) return indexes
  if (active < first) return [active, ...indexes]
  return active > last ? [...indexes, active] : indexes
}

/** Rows of a list from one place to another, both included; what is held is not read again. */
export async function rowsBetween(query: LeadQuery, first: number, last: number): Promise<readonly ListedLead[]> {
  const from = Math.floor(first / pageSize) + 1
  const to = Math.floor(last / pageSize) + 1
  const pages = Array.from({ length: to - from + 1 }, (_unused, at) => from + at)
  const read = await Promise.all(pages.map((page) => queryClient.ensureQueryData(leadPageQuery(query, page))))
  return read.flatMap(({ rows }) => rows).slice(first - (from - 1) * pageSize, last - (from - 1) * pageSize + 1)
}
