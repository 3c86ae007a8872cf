import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { actorOf } from '../../src/sign-in/sessions.ts'
import { backends } from '../backends.ts'
import { keys, userUuid } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { addressOf, begin, browserOf, password, personOf, signedIn, signedInOverTime } from './browser.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

const lead = '/api/v1/leads/4711'
const refused = { status: 401, body: { error: 'E-mail address or password is wrong' } }

describe.each(backends)('sessions on %s', (_, start) => {
  test('a person signs in, is told who that is, and signs out', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 31)

    expect((await browser.send('GET', '/api/v1/me')).body).toMatchObject({
      company: { id: 3 },
      user: { id: 31, uuid: userUuid(31), email: addressOf(31), role: 'admin' },
      key: null,
      permissions: { read: true, write: true, admin: true },
    })
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    expect(await browser.send('POST', '/api/console/sign-out')).toMatchObject({ status: 204 })
    expect(browser.cookies.size).toBe(0)
    expect((await api.request('GET', '/api/v1/me', { key: null, headers: { cookie } })).status).toBe(401)
  })

  test('a key is told who it is too', async () => {
    const api = await begin(start)
    const { body } = await api.get('/api/v1/me', keys.full)
    expect(body).toMatchObject({ company: { id: 3 }, permissions: { read: true, write: true, admin: false } })
    expect(body.key).toEqual({ id: expect.any(Number), label: expect.any(String) })
    expect(body.operations).toContain('updateLead')
    expect(body.operations).not.toContain('createUser')
  })

  test('the case of an address means nothing', async () => {
    const api = await begin(start)
    await api.accounts.setPassword(personOf(31), password)
    expect((await browserOf(api).signIn('  USER31@our.EXAMPLE ', password)).status).toBe(200)
  })

  test('a wrong password, an unknown address, and who may not sign in are answered alike', async () => {
    const api = await begin(start)
    for (const id of [31, 33, 34]) await api.accounts.setPassword(personOf(id), password)
    await api.accounts.setPassword(personOf(55, 5), password)
    const answers = [
      await browserOf(api).signIn(addressOf(31), 'another password'),
      await browserOf(api).signIn('nobody@our.example', password),
      await browserOf(api).signIn(addressOf(32), password),
      await browserOf(api).signIn(addressOf(33), password),
      await browserOf(api).signIn(addressOf(34), password),
      await browserOf(api).signIn(addressOf(55), password),
    ]
    for (const answer of answers) {
      expect(answer).toMatchObject(refused)
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  })

  test('an address of two companies opens the one whose password it is', async () => {
    const api = await begin(start)
    const change = { email: addressOf(32) }
    const headers = { 'content-type': 'application/json' }
    const init = { key: keys.otherAdmin, headers, body: JSON.stringify(change) }
    expect((await api.request('PATCH', '/api/v1/users/44', init)).status).toBe(200)
    await api.accounts.setPassword(personOf(32), password)
    await api.accounts.setPassword(personOf(44, 4), 'another long password')

    expect((await browserOf(api).signIn(addressOf(32), password)).body).toMatchObject({ company: { id: 3 } })
    expect((await browserOf(api).signIn(addressOf(32), 'another long password')).body).toMatchObject({
      company: { id: 4 },
    })
  })

  test('a change carries the person and no key, in the log and in the history', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 32)

    expect((await browser.send('PATCH', lead, { status: 'lost' })).status).toBe(200)

    expect((await api.events()).at(-1)).toMatchObject({ user_uuid: userUuid(32), key_id: null })
    const [row] = (await browser.send('GET', `${lead}/history`)).body
    expect(row.actor).toMatchObject({ user_uuid: userUuid(32), user: { id: 32 }, key: null })
    expect(api.log.at(-1)?.key).toBe(`user:${userUuid(32).slice(-12)}`)
  })

  test('a header with a key counts before a cookie', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 31)
    const authorization = (key: string) => ({ authorization: `Bearer ${key}` })
    const asKey = await browser.send('GET', '/api/v1/me', undefined, authorization(keys.full))
    expect(asKey.body.key).not.toBeNull()
    expect((await browser.send('GET', '/api/v1/me', undefined, authorization('unknown'))).status).toBe(401)
  })

  test('a cookie that was changed, and one of another server, open nothing', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 31)
    const [[name, value] = ['', '']] = browser.cookies
    for (const wrong of [`${value.slice(0, -4)}AA%3D`, value.split('.')[0] ?? '', 'x', '', 'x'.repeat(600)]) {
      browser.cookies.set(name, wrong)
      expect((await browser.send('GET', '/api/v1/me')).status).toBe(401)
    }
    browser.cookies.set(name, value)
    expect((await browser.send('GET', '/api/v1/me')).status).toBe(200)
  })

  test('a user who is disabled is out within a second, and one who gets another role has it', async () => {
    const api = await begin(start)
    const [admin, other] = [await signedIn(api, 31), await signedIn(api, 32)]
    expect((await admin.send('PATCH', '/api/v1/users/32', { role: 'partner' })).status).toBe(200)
    await wait(1_050)
    expect((await other.send('GET', '/api/v1/me')).body).toMatchObject({ user: { role: 'partner' } })
    expect((await other.send('POST', '/api/v1/tags', { label: 'No' })).status).toBe(403)

    expect((await admin.send('PATCH', '/api/v1/users/32', { disabled: true })).status).toBe(200)
    await wait(1_050)
    expect((await other.send('GET', '/api/v1/me')).status).toBe(401)
  })

  test('signing in again ends the session that the browser had', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 31)
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
    const asBefore = () => api.request('GET', '/api/v1/me', { key: null, headers: { cookie } })
    expect((await asBefore()).status).toBe(200)
    expect((await browser.signIn(addressOf(31), 'wrong password')).status).toBe(401)
    expect((await asBefore()).status).toBe(200)
    expect((await browser.signIn(addressOf(31), password)).status).toBe(200)
    expect((await asBefore()).status).toBe(401)
    expect((await browser.send('GET', '/api/v1/me')).status).toBe(200)
  })

  test('a new password ends all sessions', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 31)
    await api.accounts.setPassword(personOf(31), 'another long password')
    await wait(1_050)
    expect((await browser.send('GET', '/api/v1/me')).status).toBe(401)
  })

  test('a session that is used goes on for 30 days, and no longer', async () => {
    const day = 86_400_000
    const { browser, pass } = await signedInOverTime(start)
    const later = async (ms: number): Promise<number> => {
      pass(ms)
      return (await browser.send('GET', '/api/v1/me')).status
    }
    for (const days of [6, 12, 18, 24, 29.9]) expect([days, await later(days * day)]).toEqual([days, 200])
    expect(await later(30.1 * day)).toBe(401)
    expect((await browser.signIn(addressOf(31), password)).status).toBe(200)
    expect(await later(31 * day)).toBe(200)
  })

  test('the rate of a person is limited by itself', async () => {
    const api = await begin(start, { config: { rateLimit: 3 } })
    const [one, other] = [await signedIn(api, 31), await signedIn(api, 32)]
    for (let sent = 0; sent < 3; sent += 1) expect((await one.send('GET', lead)).status).toBe(200)
    expect((await one.send('GET', lead)).status).toBe(429)
    expect((await other.send('GET', lead)).status).toBe(200)
    expect((await api.get(lead)).status).toBe(200)
  })
})

describe.each(backends)('attempts to sign in on %s', (_, start) => {
  test('more than ten that fail in ten minutes are refused, the right password too', async () => {
    const clock = handClock()
    const api = await begin(start, { clock })
    await api.accounts.setPassword(personOf(31), password)
    for (let good = 0; good < 11; good += 1) {
      expect((await browserOf(api).signIn(addressOf(31), password)).status).toBe(200)
    }
    const wrong = await Promise.all(
      Array.from({ length: 15 }, () => browserOf(api).signIn(addressOf(31).toUpperCase(), 'wrong password')),
    )
    expect(wrong.map(({ status }) => status).sort()).toEqual([...Array(10).fill(401), ...Array(5).fill(429)])
    const over = await browserOf(api).signIn(addressOf(31), password)
    expect(over).toMatchObject({ status: 429, body: { error: 'Too many attempts' } })
    expect(Number(over.headers.get('retry-after'))).toBe(600)
    expect((await browserOf(api).signIn(addressOf(32), password)).status).toBe(401)

    clock.move(600_000)
    expect((await browserOf(api).signIn(addressOf(31), password)).status).toBe(200)
  })
})

test('who is signed in is told in the log by the random part of the uuid', () => {
  const user = { uuid: userUuid(31), role: 'admin' as const, disabled_at: null }
  const company = { id: 3, uuid: userUuid(3), name: 'Ours', created_at: 0, suspended_at: null }
  const row = { ...user, company_id: 3, id: 31, created_at: 0, email: 'e@x', email_verified: null }
  const rest = { first_name: null, last_name: null, position: null, color: null }
  expect(actorOf({ company, user: { ...row, ...rest }, role: 'admin' }).shownAs).toBe('user:000200000031')
})
