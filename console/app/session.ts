import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { queryClient, sessionKey, waggle } from './api.ts'

/** Who is signed in, their company, and what they may do. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: ({ signal }) => waggle.session.me({ signal }),
  staleTime: 60_000,
  // Asking is what keeps a session: a console that is left open keeps its own.
  refetchInterval: 6 * 3_600_000,
})

export type Session = Awaited<ReturnType<typeof waggle.session.me>>

/** Within the signed-in part of the console only. */
export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** Whether an operation of the contract is open to whoever is signed in. */
export const useMay = (operation: string): boolean => useSession().operations.includes(operation)

/** Leads to signing in, and from there back here. A whole new page: nothing of the session is left in memory. */
export function leaveSignedOut(): void {
  const { pathname, search } = window.location
  const to = `${pathname.slice('/console'.length)}${search}`
  window.location.replace(`/console/sign-in?${new URLSearchParams({ to, ended: 'session' })}`)
  // Going back may bring this page as it was left.
  window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload())
}

/** Ends the session and forgets all that was read under it. */
export async function signOut(): Promise<void> {
  await waggle.session.signOut()
  queryClient.clear()
  // A whole new page: nothing of the session is left in memory.
  window.location.assign('/console/sign-in')
}
