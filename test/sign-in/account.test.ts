import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Clock } from '../../src/kernel/clock.ts'
import { Sessions } from '../../src/sign-in/sessions.ts'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { addressOf, type Browser, begin, browserOf, password, personOf, signedIn, signedInOverTime } from './browser.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

const chosen = 'another long password'
/** A time that stands: what was found a moment ago stays known, unless it is forgotten. */
const frozen = (): { readonly clock: Clock } => ({ clock: handClock() })
const nowhere = { address: '', userAgent: '' }
const wrong = { status: 403, body: { error: 'Password is wrong' } }
const unknown = { status: 404, body: { error: 'Session not found or not accessible' } }

interface Session {
  readonly id: string
  readonly created_at: string
  readonly last_used_at: string
  readonly expires_at: string
  readonly address: string | null
  readonly user_agent: string | null
  readonly current: boolean
}

const account = (browser: Browser) => browser.send('GET', '/api/console/account')
const sessionsOf = async (browser: Browser): Promise<Session[]> => (await account(browser)).body.sessions
const isIn = async (browser: Browser): Promise<boolean> => (await browser.send('GET', '/api/v1/me')).status === 200
const end = (browser: Browser, id: string, body: unknown = { password }): Promise<Reply> =>
  browser.send('POST', `/api/console/sessions/${id}/end`, body)
const endOthers = (browser: Browser, body: unknown = { password }): Promise<Reply> =>
  browser.send('POST', '/api/console/sessions/end-others', body)
const change = (browser: Browser, current: string, next = chosen): Promise<Reply> =>
  browser.send('POST', '/api/console/password', { current_password: current, password: next })
const cookieOf = ({ cookies }: Browser): string => [...cookies].map((pair) => pair.join('=')).join('; ')

/** One more browser of a person who has a password. */
async function another(api: Api, id: number, userAgent = 'test'): Promise<Browser> {
  const browser = browserOf(api)
  const body = { email: addressOf(id), password }
  const reply = await browser.send('POST', '/api/console/sign-in', body, { 'user-agent': userAgent })
  expect(reply.status).toBe(200)
  return browser
}

/** A person who signs in with a provider, and has no password. */
async function withoutPassword(api: Api, id: number): Promise<Browser> {
  const browser = browserOf(api)
  const from = { address: '198.51.100.7', userAgent: 'Provided' }
  browser.cookies.set('waggle_session', await api.accounts.begin(personOf(id), from))
  expect(await isIn(browser)).toBe(true)
  return browser
}

describe.each(backends)('own sessions on %s', (_, start) => {
  test('are told to their person: since when, from where, and which is this one', async () => {
    const api = await begin(start)
    const first = await signedIn(api, 31)
    await signedIn(api, 32)
    const second = await another(api, 31, `Mozilla/5.0 ${'x'.repeat(400)}`)
    const { status, body } = await account(second)
    expect([status, body.has_password]).toEqual([200, true])
    const sessions: Session[] = body.sessions
    expect(sessions.map(({ current }) => current).sort()).toEqual([false, true])
    const own = sessions.find(({ current }) => current)
    expect(own?.user_agent).toBe(`Mozilla/5.0 ${'x'.repeat(288)}`)
    expect(own?.address).toMatch(/^(::ffff:)?127\.0\.0\.1$/)
    expect(Math.abs(Date.parse(own?.created_at ?? '') - Date.now())).toBeLessThan(60_000)
    expect(Date.parse(own?.expires_at ?? '') - Date.parse(own?.created_at ?? '')).toBeGreaterThan(604_000_000)
    const text = JSON.stringify([body, await sessionsOf(first)])
    for (const browser of [first, second]) {
      const token = decodeURIComponent([...browser.cookies.values()][0] ?? '').split('.')[0] ?? ''
      expect(token.length).toBeGreaterThan(20)
      expect(text).not.toContain(token)
    }
  })

  test('tell to the hour when they were used, and end after 30 days in any case', async () => {
    const { api, browser, began, pass } = await signedInOverTime(start)
    const usedAfter = async (hours: number): Promise<number> => {
      pass(hours * 3_600_000)
      expect(await isIn(browser)).toBe(true)
      const [session] = await sessionsOf(browser)
      return Math.round((Date.parse(session?.last_used_at ?? '') - began) / 3_600_000)
    }
    expect(await usedAfter(0.9)).toBe(0)
    expect(await usedAfter(1.1)).toBe(1)
    for (const days of [6, 12, 18, 24, 29]) expect(await usedAfter(24 * days)).toBe(24 * days)
    const [session] = await sessionsOf(browser)
    expect(Date.parse(session?.expires_at ?? '') - Date.parse(session?.created_at ?? '')).toBe(30 * 86_400_000)
    pass(31 * 86_400_000)
    expect(await sessionsOf(await another(api, 31))).toHaveLength(1)
  })

  test('one is ended with the password, at once, and this one begins anew', async () => {
    const api = await begin(start, frozen())
    const [browser, lost, kept] = [await signedIn(api, 31), await another(api, 31, 'Lost'), await another(api, 31)]
    const before = cookieOf(browser)
    const id = (await sessionsOf(browser)).find(({ user_agent }) => user_agent === 'Lost')?.id ?? ''
    expect(await end(browser, id, { password: 'wrong password' })).toMatchObject(wrong)
    expect(await end(browser, id, {})).toMatchObject({ status: 400, body: { error: 'password is required' } })
    expect([await isIn(lost), await isIn(kept)]).toEqual([true, true])

    expect((await end(browser, id)).status).toBe(204)
    expect([await isIn(lost), await isIn(kept), await isIn(browser)]).toEqual([false, true, true])
    expect(cookieOf(browser)).not.toBe(before)
    const old = await api.request('GET', '/api/v1/me', { key: null, headers: { cookie: before } })
    expect(old.status).toBe(401)
    expect(await end(browser, id)).toMatchObject(unknown)
    expect(await sessionsOf(browser)).toHaveLength(2)
  })

  test('one that ends while it is looked up is not remembered', async () => {
    const api = await begin(start)
    const person = personOf(31)
    await api.accounts.begin(person, nowhere)
    const value = await api.accounts.beginSession(person, nowhere)
    const [found, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    // It waits for the company, once the session was found.
    const database = new Proxy(api.database, {
      get: (target, name) => {
        if (name !== 'read') return Reflect.get(target, name).bind(target)
        return async (...row: Parameters<typeof target.read>) => {
          found.resolve()
          await goOn.promise
          return target.read(...row)
        }
      },
    })
    const sessions = new Sessions(api.accounts, database, handClock())
    const before = sessions.lookUp(value)
    await found.promise
    await api.accounts.endSessions(person)
    sessions.forget(person)
    const after = sessions.lookUp(value)
    goOn.resolve()
    expect([await before, await after, await sessions.lookUp(value)]).toEqual([
      expect.objectContaining({ userUuid: person.userUuid }),
      undefined,
      undefined,
    ])
  })

  test('those of others are not found, whoever they are, and neither is what is no id', async () => {
    const api = await begin(start)
    const [browser, colleague] = [await signedIn(api, 31), await signedIn(api, 32)]
    const stranger = browserOf(api)
    stranger.cookies.set('waggle_session', await api.accounts.begin(personOf(44, 4), nowhere))
    const ids = [...(await sessionsOf(colleague)), ...(await sessionsOf(stranger))].map(({ id }) => id)
    expect(ids).toHaveLength(2)
    for (const id of [...ids, '1', '%00', "'", 'x'.repeat(100)]) {
      expect(await end(browser, id), id).toMatchObject(unknown)
    }
    expect([await isIn(colleague), await isIn(stranger)]).toEqual([true, true])
    expect((await endOthers(browser)).status).toBe(204)
    expect([await isIn(colleague), await isIn(stranger)]).toEqual([true, true])
  })

  test('ending the one of the request is signing out', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 31)
    const [own] = await sessionsOf(browser)
    expect((await end(browser, own?.id ?? '')).status).toBe(204)
    expect(browser.cookies.size).toBe(0)
  })

  test('all others are ended, and what they listen to with them', async () => {
    const api = await begin(start, frozen())
    const [browser, other] = [await signedIn(api, 31), await another(api, 31)]
    const streams = await Promise.all(
      ['/api/v1/events', '/api/v1/leads/changes'].map((path) =>
        fetch(`${api.url}${path}`, { headers: { cookie: cookieOf(other), accept: 'text/event-stream' } }),
      ),
    )
    expect(streams.map(({ status }) => status)).toEqual([200, 200])
    expect(await endOthers(browser, { password: 'wrong password' })).toMatchObject(wrong)
    expect(await isIn(other)).toBe(true)
    expect((await endOthers(browser)).status).toBe(204)
    expect([await isIn(other), await isIn(browser)]).toEqual([false, true])
    expect((await api.patch('/api/v1/leads/4711', { status: 'lost' })).status).toBe(200)
    // They end at the next change, of which they do not tell.
    for (const stream of streams) expect(await stream.text()).not.toContain('lost')
    expect(await sessionsOf(browser)).toHaveLength(1)
  })

  test('who has no password ends them within ten minutes of signing in', async () => {
    const clock = handClock()
    const api = await begin(start, { clock })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    onTestFinished(() => void vi.useRealTimers())
    const [browser, other] = [await withoutPassword(api, 32), await withoutPassword(api, 32)]
    const { body } = await account(browser)
    expect(body).toMatchObject({ has_password: false })
    expect(body.sessions[0]).toMatchObject({ address: '198.51.100.7', user_agent: 'Provided' })
    vi.setSystemTime(Date.now() + 601_000)
    expect(await endOthers(browser, {})).toMatchObject({
      status: 403,
      body: { error: 'Sign in again first: this session began more than ten minutes ago' },
    })
    expect(await isIn(other)).toBe(true)
    const again = await withoutPassword(api, 32)
    expect((await endOthers(again, {})).status).toBe(204)
    expect([await isIn(other), await isIn(browser), await isIn(again)]).toEqual([false, false, true])
  })

  test('pages of other sites end none', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 31)
    const origin = 'https://evil.example'
    for (const path of ['/api/console/sessions/end-others', '/api/console/password']) {
      expect((await browser.send('POST', path, { password }, { origin })).body).toEqual({
        error: 'Request comes from another site',
      })
    }
  })
})

describe.each(backends)('a password on %s', (_, start) => {
  test('is changed by the old one, which ends all other sessions and links', async () => {
    const api = await begin(start, frozen())
    const [browser, other] = [await signedIn(api, 32), await another(api, 32)]
    const { token } = await api.accounts.makeLink(personOf(32), 60_000)
    const before = cookieOf(browser)
    expect(await change(browser, 'wrong password')).toMatchObject(wrong)
    expect(await isIn(other)).toBe(true)

    expect((await change(browser, password)).status).toBe(204)
    expect([await isIn(other), await isIn(browser)]).toEqual([false, true])
    expect(cookieOf(browser)).not.toBe(before)
    expect((await browserOf(api).signIn(addressOf(32), password)).status).toBe(401)
    expect((await browserOf(api).signIn(addressOf(32), chosen)).status).toBe(200)
    expect((await browserOf(api).send('POST', '/api/console/link', { token })).status).toBe(410)
  })

  test('must be as good as any, and the old one stays until it is', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 32)
    for (const [next, error] of [
      ['short', 'password must be at least 10 characters'],
      ['Password1234', 'password is one that many people use'],
      [addressOf(32), 'password must not be made of your name, address or company'],
    ] as const) {
      const body = { error, details: [{ path: '/password' }] }
      expect(await change(browser, password, next)).toMatchObject({ status: 400, body })
    }
    const none = await browser.send('POST', '/api/console/password', { password: chosen })
    expect(none).toMatchObject({ status: 400, body: { error: 'current_password is required' } })
    expect((await browserOf(api).signIn(addressOf(32), password)).status).toBe(200)
  })

  test('is not guessed: ten wrong ones in ten minutes, however they are sent, and the right one is refused too', async () => {
    const clock = handClock()
    const api = await begin(start, { clock })
    const [browser, colleague] = [await signedIn(api, 31), await signedIn(api, 32)]
    const attempts = await Promise.all([
      ...Array.from({ length: 6 }, () => change(browser, 'wrong password')),
      ...Array.from({ length: 6 }, () => endOthers(browser, { password: 'wrong password' })),
    ])
    expect(attempts.map(({ status }) => status).sort()).toEqual([...Array(10).fill(403), ...Array(2).fill(429)])
    expect(await change(browser, password)).toMatchObject({ status: 429, body: { error: 'Too many attempts' } })
    expect((await change(colleague, password)).status).toBe(204)
    clock.move(600_000)
    expect((await change(browser, password)).status).toBe(204)
  })

  test('that is not there is not changed', async () => {
    const api = await begin(start)
    expect(await change(await withoutPassword(api, 32), password)).toMatchObject({
      status: 409,
      body: { error: 'You have no password: an administrator can make a link that sets one' },
    })
  })
})

describe.each(backends)('sessions of a user on %s', (_, start) => {
  const endOf = (browser: Browser, id: number | string) => browser.send('POST', `/api/console/users/${id}/end-sessions`)

  test('are ended by an administrator, at once, and the user may sign in again', async () => {
    const api = await begin(start, frozen())
    const admin = await signedIn(api, 31)
    const [one, other] = [await signedIn(api, 32), await another(api, 32)]
    expect([await isIn(one), await isIn(other)]).toEqual([true, true])
    expect((await endOf(admin, 32)).status).toBe(204)
    expect([await isIn(one), await isIn(other), await isIn(admin)]).toEqual([false, false, true])
    const again = await another(api, 32)
    expect(await isIn(again)).toBe(true)
    const byKey = await api.request('POST', '/api/console/users/32/end-sessions', { key: keys.admin })
    expect(byKey.status).toBe(204)
    expect(await isIn(again)).toBe(false)
  })

  test('do not come back with a user who was disabled', async () => {
    const api = await begin(start)
    const [admin, user] = [await signedIn(api, 31), await signedIn(api, 32)]
    const disable = (disabled: boolean) => admin.send('PATCH', '/api/v1/users/32', { disabled })
    expect((await disable(true)).status).toBe(200)
    expect((await endOf(admin, 32)).status).toBe(204)
    expect((await disable(false)).status).toBe(200)
    expect(await isIn(user)).toBe(false)
  })

  test('are ended by nobody else, and of nobody else', async () => {
    const api = await begin(start)
    const [admin, user] = [await signedIn(api, 31), await signedIn(api, 32)]
    expect((await endOf(user, 31)).status).toBe(403)
    expect((await endOf(admin, 44)).status).toBe(404)
    expect((await endOf(admin, 'x')).status).toBe(404)
    expect((await endOf(admin, 35)).status).toBe(204)
    expect([await isIn(admin), await isIn(user)]).toEqual([true, true])
  })
})
