const failed = new WeakSet<Error>()

/** Notes every part of the console that cannot be loaded, so that it is told from other errors. */
export function noteFailedLoads(): void {
  window.addEventListener('vite:preloadError', ({ payload }) => failed.add(payload))
}

export const isFailedLoad = (error: unknown): boolean => error instanceof Error && failed.has(error)
