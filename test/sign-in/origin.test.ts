import { describe, expect, test, vi } from 'vitest'
import { isOwnOrigin, ownOrigin } from '../../src/http/origin.ts'
import { backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { addressOf, begin, browserOf, password, personOf, signedIn } from './browser.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

const lead = '/api/v1/leads/4711'
const foreign = { status: 403, body: { error: 'Request comes from another site' } }
const json = { 'content-type': 'application/json' }

describe.each(backends)('requests of other sites on %s', (_, start) => {
  test('change nothing by a session, and read what they cannot see', async () => {
    const api = await begin(start)
    const browser = await signedIn(api, 31)
    const host = new URL(api.url).host
    for (const origin of ['https://evil.example', 'null', `http://evil.${host}`, 'http://127.0.0.1:1', '']) {
      expect(await browser.send('PATCH', lead, { status: 'lost' }, { origin })).toMatchObject(foreign)
    }
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
    const bare = (headers: Record<string, string>) =>
      api.request('PATCH', lead, { key: null, headers: { cookie, ...json, ...headers }, body: '{"status":"lost"}' })
    expect(await bare({})).toMatchObject(foreign)
    expect(await bare({ 'sec-fetch-site': 'cross-site' })).toMatchObject(foreign)
    expect(await bare({ 'sec-fetch-site': 'same-site' })).toMatchObject(foreign)
    expect((await api.lead()).status).toBe('new')

    expect((await bare({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    const read = await browser.send('GET', lead, undefined, { origin: 'https://evil.example' })
    expect(read.status).toBe(200)
    expect(read.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('sign nobody in or out', async () => {
    const api = await begin(start)
    await api.accounts.setPassword(personOf(31), password)
    expect(await browserOf(api, 'https://evil.example').signIn(addressOf(31), password)).toMatchObject(foreign)
    const browser = await signedIn(api, 31)
    const out = await browser.send('POST', '/api/console/sign-out', undefined, { origin: 'https://evil.example' })
    expect(out).toMatchObject(foreign)
    expect((await browser.send('GET', lead)).status).toBe(200)
  })

  test('may use a key, as before', async () => {
    const api = await begin(start)
    const headers = { ...json, origin: 'https://evil.example' }
    const init = { key: keys.full, headers, body: '{"status":"lost"}' }
    expect((await api.request('PATCH', lead, init)).status).toBe(200)
  })
})

describe.each(backends)('the cookie on %s', (_, start) => {
  const setBy = async (publicUrl: string, origin: string | undefined) => {
    const api = await begin(start, { config: { publicUrl } })
    await api.accounts.setPassword(personOf(31), password)
    const browser = browserOf(api, origin ?? api.url)
    const reply = await browser.signIn(addressOf(31), password)
    return { browser, reply, set: reply.headers.getSetCookie()[0] ?? '' }
  }

  test('is for http alone where people come over http', async () => {
    const { set } = await setBy('', undefined)
    expect(set).toMatch(/^waggle_session=[A-Za-z0-9.%]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  test('is for https alone where people come over https', async () => {
    const { browser, set } = await setBy('https://waggle.our.example', 'https://waggle.our.example')
    expect(set).toMatch(/^__Host-waggle_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
    expect((await browser.send('GET', lead)).status).toBe(200)
    const out = await browser.send('POST', '/api/console/sign-out')
    expect(out.headers.getSetCookie()).toEqual([
      '__Host-waggle_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    ])
  })

  test('counts behind https only under the name that this host alone can have set', async () => {
    const { browser } = await setBy('https://waggle.our.example', 'https://waggle.our.example')
    const [[, value = ''] = []] = browser.cookies
    browser.cookies.clear()
    browser.cookies.set('waggle_session', value)
    expect((await browser.send('GET', lead)).status).toBe(401)
    const out = await browser.send('POST', '/api/console/sign-out')
    expect(out.headers.getSetCookie()).toEqual([])
  })

  test('is set for no other address than the public one', async () => {
    expect((await setBy('https://waggle.our.example', undefined)).reply).toMatchObject(foreign)
  })
})

describe('an origin is our own', () => {
  const host = 'waggle.our.example'
  test.each([
    [{ host, origin: `http://${host}` }, '', true],
    [{ host, origin: `https://${host}` }, '', true],
    [{ host: `${host}:443`, origin: `https://${host}` }, '', true],
    [{ host: `${host}:8080`, origin: `http://${host}:8080` }, '', true],
    [{ host: `${host}:8080`, origin: `http://${host}` }, '', false],
    [{ host, origin: `ftp://${host}` }, '', false],
    [{ host, origin: 'null' }, '', false],
    [{ origin: `http://${host}` }, '', false],
    [{ host: 'inner:4000', origin: `https://${host}` }, `https://${host}`, true],
    [{ host, origin: `http://${host}` }, `https://${host}`, false],
    [{ host }, '', false],
    [{ host, 'sec-fetch-site': 'same-origin' }, '', true],
    [{ host, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, '', false],
  ])('%j with the public address "%s": %s', (headers, publicUrl, own) => {
    expect(isOwnOrigin(headers, publicUrl)).toBe(own)
  })

  test('and links begin with it, or with the public address', () => {
    expect(ownOrigin({ host, origin: `https://${host}` }, '')).toBe(`https://${host}`)
    expect(ownOrigin({ host: 'inner' }, `https://${host}`)).toBe(`https://${host}`)
    expect(ownOrigin({ host }, '')).toBe(`http://${host}`)
  })
})
