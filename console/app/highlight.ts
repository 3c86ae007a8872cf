import { useSyncExternalStore } from 'react'

/** How long what somebody else has changed is marked, in ms. */
const shownMs = 2_500

const marked = new Set<string>()
const listeners = new Set<() => void>()
const tell = (): void => {
  for (const listener of listeners) listener()
}

/** Marks a member of a lead softly, as somebody else has changed it. */
export function highlight(leadId: number, member: string): void {
  const name = `${leadId} ${member}`
  marked.add(name)
  tell()
  setTimeout(() => {
    marked.delete(name)
    tell()
  }, shownMs)
}

/** Whether a member of a lead was just changed by somebody else. */
export const useHighlight = (leadId: number, member: string): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => marked.has(`${leadId} ${member}`),
  )
