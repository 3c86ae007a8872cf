import { generateKeyPair } from 'jose'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { oidcFailures } from '../../src/contract/oidc.ts'
import type { Config } from '../../src/kernel/config.ts'
import { type Api, backends, type Start } from '../backends.ts'
import { keys } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { addressOf, begin, browserOf, password, personOf } from './browser.ts'
import { clientId, clientSecret, startProvider, type TestProvider } from './provider.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

const publicUrl = 'https://waggle.our.example'
const verified = (email: string) => ({ email, email_verified: true })

/** A browser that goes where it is sent, one step at a time, and keeps its cookies. */
class Tab {
  readonly cookies = new Map<string, string>()
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  async get(url: string): Promise<{ status: number; to: string; set: string[] }> {
    const { pathname, search } = new URL(url, publicUrl)
    const reply = await fetch(`${this.#api.url}${pathname}${search}`, {
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') },
    })
    await reply.arrayBuffer()
    const set = reply.headers.getSetCookie()
    for (const one of set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? []
      if (/; Max-Age=0(;|$)/.test(one)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return { status: reply.status, to: reply.headers.get('location') ?? '', set }
  }
}

const failedAs = (reason: keyof typeof oidcFailures) => ({
  status: 302,
  to: `/console/sign-in?failed=oidc&reason=${reason}`,
})
const signedIn = { status: 302, to: '/console/leads' }

describe.each(backends)('signing in with a provider on %s', (_, start) => {
  const settingsFor = ({ issuer }: TestProvider): Partial<Config> => ({
    publicUrl,
    oidcIssuer: issuer,
    oidcClientId: clientId,
    oidcClientSecret: clientSecret,
  })
  const beginWith = async (config: Partial<Config> = {}, options: Start = {}) => {
    const provider = await startProvider()
    onTestFinished(provider.close)
    const api = await begin(start, { ...options, config: { ...settingsFor(provider), ...config } })
    return { provider, api, tab: new Tab(api) }
  }
  /** There and back, as somebody whose address the provider tells. */
  const pass = async ({ provider, tab }: { provider: TestProvider; tab: Tab }) => {
    const { to } = await tab.get('/api/console/oidc')
    return tab.get(provider.signIn(to).href)
  }

  test('opens the account of a user with the verified address, whatever its case', async () => {
    const { api, provider, tab } = await beginWith({ oidcLabel: 'Our login' })
    expect((await browserOf(api).send('GET', '/api/console/state')).body).toMatchObject({
      oidc: { label: 'Our login' },
      setup_needed: true,
    })
    provider.bends.claims = verified(addressOf(32).toUpperCase())
    const there = await tab.get('/api/console/oidc')
    expect(there.set).toEqual([
      expect.stringMatching(/^__Host-waggle_oidc=[\w-]{43}\.; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ])
    const back = await tab.get(provider.signIn(there.to).href)
    expect(back).toMatchObject(signedIn)
    expect([...tab.cookies.keys()]).toEqual(['__Host-waggle_session'])
    expect(back.set.at(-1)).toMatch(/; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax; Secure$/)

    const browser = browserOf(api, publicUrl)
    for (const [name, value] of tab.cookies) browser.cookies.set(name, value)
    expect((await browser.send('GET', '/api/v1/me')).body).toMatchObject({ user: { id: 32 }, key: null })
    expect((await browser.send('PATCH', '/api/v1/leads/4711', { status: 'lost' })).status).toBe(200)
    expect((await browser.send('POST', '/api/console/sign-out')).status).toBe(204)
    expect((await browser.send('GET', '/api/v1/me')).status).toBe(401)
    expect((await browserOf(api).send('GET', '/api/console/state')).body).toMatchObject({ setup_needed: false })
  })

  test('begins where a person has asked for it: what another site asks for is led to the page for signing in', async () => {
    const { api, provider } = await beginWith()
    const from = (site: string) =>
      fetch(`${api.url}/api/console/oidc?to=%2Fboard%3Fa%3D1`, {
        redirect: 'manual',
        headers: { 'sec-fetch-site': site },
      })
    for (const site of ['cross-site', 'same-site']) {
      const { status, headers } = await from(site)
      expect([status, headers.get('location')]).toEqual([302, '/console/sign-in?to=%2Fboard%3Fa%3D1'])
      expect(headers.getSetCookie()).toEqual([])
    }
    expect(provider.asked).toEqual([])
    for (const site of ['same-origin', 'none']) {
      expect((await from(site)).headers.get('location')).toContain(provider.issuer)
    }
  })

  test('beside a password, in one account, and again', async () => {
    const { api, provider, tab } = await beginWith()
    expect((await browserOf(api).send('GET', '/api/console/state')).body.oidc).toEqual({
      label: new URL(provider.issuer).host,
    })
    await api.accounts.setPassword(personOf(31), password)
    provider.bends.claims = verified(addressOf(31))
    expect(await pass({ provider, tab })).toMatchObject(signedIn)
    expect(await pass({ provider, tab })).toMatchObject(signedIn)
    expect((await browserOf(api, publicUrl).signIn(addressOf(31), password)).status).toBe(200)
    // What the provider says of itself and its keys count for a while.
    expect(provider.asked).toEqual(['/.well-known/openid-configuration', '/token', '/jwks', '/token'])
    // A new password ends the session that the provider began.
    await api.accounts.setPassword(personOf(31), 'another long password')
    const cookie = [...tab.cookies].map((pair) => pair.join('=')).join('; ')
    expect((await api.request('GET', '/api/v1/me', { key: null, headers: { cookie } })).status).toBe(401)
  })

  test('takes the address from where the provider tells it, and proves itself as the provider wants', async () => {
    const { provider, tab } = await beginWith()
    provider.bends.authentication = 'client_secret_basic'
    provider.bends.userInfo = verified(addressOf(32))
    expect(await pass({ provider, tab })).toMatchObject(signedIn)
    provider.bends.userInfo = { ...verified(addressOf(32)), sub: 'another' }
    expect(await pass({ provider, tab })).toMatchObject(failedAs('invalid'))
  })

  test.each([
    ['nobody has', verified('nobody@our.example'), 'unknown'],
    ['a disabled user has', verified(addressOf(33)), 'unknown'],
    ['a user of a partner has', verified(addressOf(34)), 'unknown'],
    ['is not verified', { email: addressOf(31), email_verified: false }, 'unverified'],
    ['is verified by a text', { email: addressOf(31), email_verified: 'true' }, 'unverified'],
    ['nobody says to be verified', { email: addressOf(31) }, 'unverified'],
    ['is not told', {}, 'unverified'],
  ] as const)('opens nothing with an address that %s', async (_case, claims, reason) => {
    const { api, provider, tab } = await beginWith()
    provider.bends.claims = claims
    expect(await pass({ provider, tab })).toMatchObject(failedAs(reason))
    expect([...tab.cookies]).toEqual([])
    expect(await api.accounts.isEmpty()).toBe(true)
  })

  test('opens nothing where two companies know the address', async () => {
    const { api, provider, tab } = await beginWith()
    const body = JSON.stringify({ email: addressOf(32) })
    const headers = { 'content-type': 'application/json' }
    expect((await api.request('PATCH', '/api/v1/users/44', { key: keys.otherAdmin, headers, body })).status).toBe(200)
    provider.bends.claims = verified(addressOf(32))
    expect(await pass({ provider, tab })).toMatchObject(failedAs('ambiguous'))
  })

  test.each([
    ['a nonce of another flow', { nonce: 'another' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'another' }],
    ['a time that is over', { exp: 1_000_000_000 }],
  ])('opens nothing with an id token of %s', async (_case, bent) => {
    const { api, provider, tab } = await beginWith()
    provider.bends.claims = { ...verified(addressOf(31)), ...bent }
    expect(await pass({ provider, tab })).toMatchObject(failedAs('invalid'))
    expect([...tab.cookies]).toEqual([])
    expect(api.log.at(-1)?.error).toBeInstanceOf(Error)
  })

  test('opens nothing with an id token that somebody else has signed, or nobody', async () => {
    const { provider, tab } = await beginWith()
    provider.bends.claims = verified(addressOf(31))
    provider.bends.forgedKey = (await generateKeyPair('RS256')).privateKey
    expect(await pass({ provider, tab })).toMatchObject(failedAs('invalid'))
    provider.bends.unsigned = true
    expect(await pass({ provider, tab })).toMatchObject(failedAs('invalid'))
    expect([...tab.cookies]).toEqual([])
  })

  test('ends in the browser where it began, once', async () => {
    const { api, provider, tab } = await beginWith()
    provider.bends.claims = verified(addressOf(31))
    const mine = provider.signIn((await tab.get('/api/console/oidc')).to)
    const stranger = new Tab(api)
    expect(await stranger.get(mine.href)).toMatchObject(failedAs('ended'))
    await stranger.get('/api/console/oidc')
    expect(await stranger.get(mine.href)).toMatchObject(failedAs('ended'))
    // With the state of the stranger's own flow the code is that of another challenge.
    const theirs = provider.signIn((await stranger.get('/api/console/oidc')).to)
    theirs.searchParams.set('code', mine.searchParams.get('code') ?? '')
    expect(await stranger.get(theirs.href)).toMatchObject(failedAs('invalid'))
    expect([...stranger.cookies]).toEqual([])

    expect(await pass({ provider, tab })).toMatchObject(signedIn)
    expect(await tab.get(mine.href)).toMatchObject(failedAs('ended'))
  })

  test('tells whom the provider has refused, and trusts no more than an address of ours', async () => {
    const { provider, tab } = await beginWith()
    const back = provider.signIn((await tab.get('/api/console/oidc')).to)
    expect(back.origin).toBe(publicUrl)
    back.searchParams.delete('code')
    back.searchParams.set('error', 'access_denied')
    expect(await tab.get(back.href)).toMatchObject(failedAs('refused'))
    expect(provider.asked).not.toContain('/token')
  })

  test.each([
    ['/leads/4711?tab=history', '/console/leads/4711?tab=history'],
    ['/leads?q=%C3%BC&status=new,lost', '/console/leads?q=%C3%BC&status=new,lost'],
    ['//evil.example', '/console//evil.example'],
    ['/\r\nset-cookie: a=b', '/console/set-cookie:%20a=b'],
    ['https://evil.example', '/console/leads'],
    ['@evil.example', '/console/leads'],
    ['/..//evil.example', '/console/leads'],
    ['/..\\\\evil.example', '/console/leads'],
    ['/../api/v1/me', '/console/leads'],
    ['/console/../../..//evil.example', '/console/leads'],
    [`/${'x'.repeat(299)}`, `/console/${'x'.repeat(299)}`],
    [`/${'ü'.repeat(150)}`, '/console/leads'],
  ])('and leads on to %j as %s', async (place, to) => {
    const { provider, tab } = await beginWith()
    provider.bends.claims = verified(addressOf(31))
    const there = await tab.get(`/api/console/oidc?to=${encodeURIComponent(place)}`)
    expect(await tab.get(provider.signIn(there.to).href)).toMatchObject({ status: 302, to })
  })

  test('is bounded', async () => {
    const { provider, tab } = await beginWith()
    const { to } = await tab.get('/api/console/oidc')
    const [seed = ['', '']] = tab.cookies
    for (let tried = 0; tried < 11; tried += 1) {
      tab.cookies.set(...seed)
      const back = provider.signIn(to)
      back.searchParams.set('code', 'guessed')
      expect(await tab.get(back.href)).toMatchObject(failedAs(tried < 10 ? 'invalid' : 'too_many'))
    }
    expect(provider.asked.filter((path) => path === '/token')).toHaveLength(10)
  })

  test('a provider that is out of order is no reason to wait long, and is asked anew', async () => {
    const { api, provider, tab } = await beginWith()
    provider.bends.claims = verified(addressOf(31))
    provider.bends.broken = new Set(['/.well-known/openid-configuration'])
    expect(await tab.get('/api/console/oidc')).toMatchObject({ ...failedAs('unreachable'), set: [] })
    expect(api.log.at(-1)?.error).toBeInstanceOf(Error)
    provider.bends.broken = new Set(['/token'])
    expect(await pass({ provider, tab })).toMatchObject(failedAs('unreachable'))
    provider.bends.broken = new Set(['/jwks'])
    expect(await pass({ provider, tab })).toMatchObject(failedAs('unreachable'))
    provider.bends.broken = new Set()
    expect(await pass({ provider, tab })).toMatchObject(signedIn)
    await provider.close()
    const { to } = await tab.get('/api/console/oidc')
    expect(await tab.get(provider.signIn(to).href)).toMatchObject(failedAs('unreachable'))
  })

  test('a provider that does not answer holds nobody longer than some seconds', async () => {
    const { provider, tab } = await beginWith()
    provider.bends.silent = new Set(['/.well-known/openid-configuration'])
    const begunAt = Date.now()
    expect(await tab.get('/api/console/oidc')).toMatchObject(failedAs('unreachable'))
    expect(Date.now() - begunAt).toBeLessThan(9_000)
    provider.bends.silent = new Set(['/token'])
    expect(await pass({ provider, tab })).toMatchObject(failedAs('unreachable'))
    expect(Date.now() - begunAt).toBeLessThan(18_000)
  })

  test('a provider that names itself otherwise is not the one that was set', async () => {
    const { provider, tab } = await beginWith()
    provider.bends.named = 'https://another.example'
    expect(await tab.get('/api/console/oidc')).toMatchObject(failedAs('unreachable'))
  })

  test('what the provider says of itself is read anew after an hour', async () => {
    const clock = handClock()
    const { provider, tab } = await beginWith({}, { clock })
    const discoveries = () => provider.asked.filter((path) => path.startsWith('/.well-known')).length
    await tab.get('/api/console/oidc')
    await tab.get('/api/console/oidc')
    expect(discoveries()).toBe(1)
    clock.move(3_600_000)
    await tab.get('/api/console/oidc')
    expect(discoveries()).toBe(2)
  })

  test('is not there without its settings', async () => {
    const api = await begin(start)
    expect((await new Tab(api).get('/api/console/oidc')).status).toBe(404)
    expect((await browserOf(api).send('GET', '/api/console/state')).body.oidc).toBeNull()
  })
})
