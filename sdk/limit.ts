/** A signal that ends after a time, or when another does. */
export interface Limit {
  readonly signal: AbortSignal
  readonly abort: () => void
  /** Whether it was the time that ended it. */
  readonly timedOut: () => boolean
  /** Forgets the time, and the other signal unless it is to go on; must be called. */
  end(options?: { keepParent: boolean }): void
}

/** @param ms undefined for no time */
export function limit(parent: AbortSignal | undefined, ms: number | undefined): Limit {
  const controller = new AbortController()
  let timedOut = false
  const follow = (): void => controller.abort(parent?.reason)
  const timer =
    ms === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true
          controller.abort()
        }, ms)
  if (parent?.aborted) follow()
  else parent?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    timedOut: () => timedOut,
    end: ({ keepParent } = { keepParent: false }) => {
      clearTimeout(timer)
      if (!keepParent) parent?.removeEventListener('abort', follow)
    },
  }
}

/** Resolves after a time, or at once when the signal ends. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const wake = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal.addEventListener('abort', wake)
  })
}

/** Milliseconds before another try: twice as long each time up to a bound, and up to half of it left to chance. */
export const backoffMs = (tries: number): number => Math.min(200 * 2 ** (tries - 1), 5_000) * (1 - Math.random() / 2)
