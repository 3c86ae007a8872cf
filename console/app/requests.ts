import { useSyncExternalStore } from 'react'

/** A change as it was sent to the server, so that it can be made again by a program. */
export interface ChangeRequest {
  readonly method: string
  /** With its query, from `/api` on. */
  readonly path: string
  /** Undefined when nothing was sent. A file is told by its type alone. */
  readonly body?: { readonly json: unknown } | { readonly fileType: string } | undefined
}

/** A change that the server has carried out. */
export interface MadeChange extends ChangeRequest {
  /** Milliseconds since 1970. */
  readonly at: number
}

/** So many of the last changes are kept, in memory alone. */
const keptMax = 20

let made: readonly MadeChange[] = []
const listeners = new Set<() => void>()

/** The changes made on screen since the page was loaded, newest first. */
export const useMadeChanges = (): readonly MadeChange[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => made,
  )

/** As `fetch`, and keeps what was changed by it. Signing in is no change of the API's, and its bodies are secret. */
export async function recordingFetch(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  const { method = 'GET' } = init
  if (method !== 'GET' && response.ok && url.startsWith('/api/v1/')) {
    made = [{ method, path: url, body: bodyOf(init), at: Date.now() }, ...made].slice(0, keptMax)
    for (const listener of listeners) listener()
  }
  return response
}

function bodyOf({ body, headers }: RequestInit): ChangeRequest['body'] {
  if (body === undefined || body === null) return undefined
  const type = new Headers(headers).get('content-type') ?? 'application/octet-stream'
  return type === 'application/json' && typeof body === 'string' ? { json: JSON.parse(body) } : { fileType: type }
}
