import { QueryClient } from '@tanstack/react-query'
import { createClient, WaggleError } from '../../sdk/index.ts'
import { recordingFetch } from './requests.ts'
import { untilSignedOut } from './signed-out.ts'

/** Under it stands who is signed in. */
export const sessionKey = ['session'] as const

const isSignedIn = (): boolean => queryClient.getQueryData(sessionKey) !== undefined

/** The server of this page, as whoever is signed in. */
export const waggle = createClient({ baseUrl: '', retries: 2, fetch: untilSignedOut(recordingFetch, isSignedIn) })

/** What a person can do nothing about by asking again at once. */
const isFinal = (error: unknown): boolean => error instanceof WaggleError && error.failure !== 'network'

export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 5 * 60_000,
      retry: (failed, error) => !isFinal(error) && failed < 2,
      refetchOnWindowFocus: true,
    },
  },
})

/** The session has ended, or there never was one. */
export const isSignedOut = (error: unknown): boolean => error instanceof WaggleError && error.failure === 'invalid_key'

/** Why a request was refused, in a sentence for a person. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof WaggleError)) return error instanceof Error ? error.message : String(error)
  if (isSignedOut(error)) return 'You are signed out. Sign in again.'
  if (error.failure === 'network') return 'The server cannot be reached. Nothing was changed.'
  if (error.failure === 'timeout') return 'The server did not answer in time.'
  const [first] = error.details
  return first === undefined || first.message === error.message ? error.message : `${error.message}: ${first.message}`
}
