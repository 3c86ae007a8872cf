import { queryClient } from '../app/api.ts'
import type { Search } from '../app/search.ts'
import { fieldsQuery, leadPageQuery, leadQueryOf, tagsQuery, usersQuery } from './queries.ts'
import { keptColumns, viewsQuery } from './views.ts'

/** Asks for what the page of leads shows first while its code is still on the way, and the session is looked at. */
export function askAhead(search: Search): void {
  const withFields = search['saved'] === undefined && keptColumns().some((id) => id.startsWith('field:'))
  const query = { ...leadQueryOf(search), ...(withFields && { include: 'custom_fields' }) }
  void queryClient.prefetchQuery(leadPageQuery(query, 1))
  void queryClient.prefetchQuery(tagsQuery)
  void queryClient.prefetchQuery(usersQuery)
  void queryClient.prefetchQuery(fieldsQuery)
  void queryClient.prefetchQuery(viewsQuery)
}
