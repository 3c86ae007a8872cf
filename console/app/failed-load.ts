import { waggle } from './api.ts'

const failed = new WeakSet<Error>()

/** Notes every part of the console that cannot be loaded, so that it is told from other errors. */
export function noteFailedLoads(): void {
  window.addEventListener('vite:preloadError', ({ payload }) => failed.add(payload))
}

export const isFailedLoad = (error: unknown): boolean => error instanceof Error && failed.has(error)

/** Holds when the page was last read anew, in ms since 1970. */
const mark = 'waggle-read-anew'
/** So long it is not done again, in ms: what still fails then does so for another reason. */
const restMs = 60_000

/**
 * Reads the page anew: a server that answers and lacks a part has another build by now. Once, and not while
 * the server is away, when a browser would show a page of its own.
 */
export async function readAnew(): Promise<void> {
  if (Date.now() - Number(sessionStorage.getItem(mark)) < restMs) return
  const answers = await waggle.session.state({ retries: 0 }).then(
    () => true,
    () => false,
  )
  if (!answers) return
  sessionStorage.setItem(mark, String(Date.now()))
  window.location.reload()
}
