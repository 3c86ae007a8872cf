type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Where 401 means that the password is wrong. */
const signInPath = '/api/console/sign-in'

let leave: (() => void) | undefined

/** Says what is done, once, when the session has ended under an open page. */
export function whenSignedOut(then: () => void): void {
  leave = then
}

/**
 * As `ask`, until an answer tells that the session has ended: whatever is still to be asked gets the same answer
 * without being sent, as of a change of many leads.
 *
 * @param isSignedIn whether a session was there; without one it is the router that leads to signing in
 */
export function untilSignedOut(ask: Fetch, isSignedIn: () => boolean): Fetch {
  let refused: Response | undefined
  return async (url, init) => {
    if (refused !== undefined) return refused.clone()
    const response = await ask(url, init)
    if (response.status !== 401 || url === signInPath || !isSignedIn()) return response
    if (refused === undefined) leave?.()
    refused ??= response
    return refused.clone()
  }
}
