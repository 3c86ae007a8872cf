import { queryOptions } from '@tanstack/react-query'
import { queryClient, waggle } from '../app/api.ts'

/** Whether the person has a password, and where that one is signed in. */
export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => waggle.session.account({ signal }),
})

type Account = Awaited<ReturnType<typeof waggle.session.account>>
export type HeldSession = Account['sessions'][number]

export const refreshAccount = (): Promise<void> => queryClient.invalidateQueries({ queryKey: accountQuery.queryKey })
