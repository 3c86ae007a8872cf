type Query = Readonly<Record<string, string | undefined>>

/** Oldest first. */
export const byId = <R extends { readonly id: number }>(rows: Iterable<R>): R[] =>
  [...rows].sort((left, right) => left.id - right.id)

/** A row is asked for when it has each value that the query names, and is not archived unless that is asked for too. */
export const isAsked = <R extends { readonly archived_at: number | null }>(
  row: R,
  query: Query,
  names: readonly (keyof R & string)[],
): boolean =>
  (query['archived'] !== undefined || row.archived_at === null) &&
  names.every((name) => query[name] === undefined || row[name] === query[name])

/** As people have put them in order, those with the same place oldest first. */
export const byPosition = <R extends { readonly id: number; readonly position: number }>(rows: Iterable<R>): R[] =>
  [...rows].sort((left, right) => left.position - right.position || left.id - right.id)
