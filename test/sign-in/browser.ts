import { onTestFinished, vi } from 'vitest'
import type { Person } from '../../src/sign-in/accounts.ts'
import type { Api, Reply, Start } from '../backends.ts'
import { userUuid } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'

export const password = 'three dull honeycombs'

/** The user of the fixture with this number, of its company unless another is named. */
export const personOf = (id: number, companyId = 3): Person => ({ companyId, userUuid: userUuid(id) })
export const addressOf = (id: number): string => `user${id}@our.example`

/** Begins a server for one test. */
export async function begin(start: (options?: Start) => Promise<Api>, options?: Start): Promise<Api> {
  const api = await start(options)
  onTestFinished(() => api.close())
  return api
}

export interface Browser {
  /** Pairs of name and value, as they are sent. */
  readonly cookies: Map<string, string>
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  signIn(email: string, password: string): Promise<Reply>
}

/** Sends what a page of the server itself would, and keeps its cookies. */
export function browserOf(api: Api, origin = api.url): Browser {
  const cookies = new Map<string, string>()
  const send: Browser['send'] = async (method, path, body, headers = {}) => {
    const reply = await api.request(method, path, {
      key: null,
      headers: {
        ...(method !== 'GET' && { origin }),
        ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    for (const set of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (/; Max-Age=0(;|$)/.test(set)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return reply
  }
  return {
    cookies,
    send,
    signIn: (email, password) => send('POST', '/api/console/sign-in', { email, password }),
  }
}

/** Who has the password and is signed in. */
export async function signedIn(api: Api, id: number): Promise<Browser> {
  await api.accounts.setPassword(personOf(id), password)
  const browser = browserOf(api)
  const reply = await browser.signIn(addressOf(id), password)
  if (reply.status !== 200) throw new Error(`signing in: ${reply.status} ${JSON.stringify(reply.body)}`)
  return browser
}

/** User 31, signed in, and a time that passes as it is told: for the library, which reads the date, and for all else. */
export async function signedInOverTime(start: (options?: Start) => Promise<Api>) {
  const clock = handClock()
  const api = await begin(start, { clock })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  onTestFinished(() => void vi.useRealTimers())
  const began = Date.now()
  const browser = await signedIn(api, 31)
  /** Some ms have passed since it began; what was found a moment ago is looked up again. */
  const pass = (ms: number): void => {
    vi.setSystemTime(began + ms)
    clock.move(1_000)
  }
  return { api, browser, began, pass }
}
