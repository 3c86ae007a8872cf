import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Api, backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { addressOf, begin, browserOf, password, personOf, signedIn } from './browser.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

const ended = { status: 410, body: { error: 'Link was used already or has expired' } }
const publicUrl = 'https://waggle.our.example'
/** To the minute, of a link that was made just now. */
const lastsSeconds = (made: { expires_at: string }): number =>
  Math.round((Date.parse(made.expires_at) - Date.now()) / 60_000) * 60
const tokenIn = (textWithUrl: string): string => /\/console\/welcome\?token=([\w-]{32})/.exec(textWithUrl)?.[1] ?? ''

describe.each(backends)('links on %s', (_, start) => {
  const welcome = (api: Api, token: string, browser = browserOf(api)) =>
    browser.send('POST', '/api/console/welcome', { token, password: 'another long password' })
  const linkFor = async (api: Api, id: number | string) => {
    const admin = await signedIn(api, 31)
    return admin.send('POST', `/api/console/users/${id}/link`)
  }

  test('an invitation opens for 7 days, tells whom it is for, sets a password and signs in, once', async () => {
    const api = await begin(start)
    const made = await linkFor(api, 32)
    expect(made).toMatchObject({ status: 201, body: { mailed: false } })
    expect(made.body.url.startsWith(`${api.url}/console/welcome?token=`)).toBe(true)
    expect(lastsSeconds(made.body)).toBe(604_800)
    const token = tokenIn(made.body.url)
    const read = await browserOf(api).send('POST', '/api/console/link', { token })
    expect(read).toMatchObject({ status: 200, body: { email: addressOf(32), first_name: 'Eva' } })
    const browser = browserOf(api)
    expect(await welcome(api, token, browser)).toMatchObject({ status: 200, body: { user: { id: 32 } } })
    expect((await browser.send('GET', '/api/v1/leads/4711')).status).toBe(200)
    expect(await welcome(api, token)).toMatchObject(ended)
    expect((await browserOf(api).signIn(addressOf(32), 'another long password')).status).toBe(200)
  })

  test('it ends, and what is no link opens nothing', async () => {
    const api = await begin(start)
    const { token } = await api.accounts.makeLink(personOf(32), -1)
    expect(await welcome(api, token)).toMatchObject(ended)
    expect(await welcome(api, 'x'.repeat(32))).toMatchObject(ended)
    expect(await browserOf(api).send('POST', '/api/console/link', { token })).toMatchObject(ended)
  })

  test('of two at once one is signed in', async () => {
    const api = await begin(start)
    const token = tokenIn((await linkFor(api, 32)).body.url)
    const both = await Promise.all([welcome(api, token), welcome(api, token)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410])
  })

  test('for a new password it opens for an hour, ends sessions and other links', async () => {
    const api = await begin(start)
    const old = await signedIn(api, 32)
    const [first, second] = [await linkFor(api, 32), await linkFor(api, 32)]
    expect(lastsSeconds(second.body)).toBe(3_600)
    expect((await welcome(api, tokenIn(second.body.url))).status).toBe(200)
    expect(await welcome(api, tokenIn(first.body.url))).toMatchObject(ended)
    expect((await old.send('GET', '/api/v1/me')).status).toBe(401)
  })

  test('it is for administrators to make, for users of their company who may sign in', async () => {
    const api = await begin(start)
    expect((await linkFor(api, 33)).status).toBe(409)
    expect((await linkFor(api, 34)).status).toBe(409)
    expect((await linkFor(api, 44)).status).toBe(404)
    expect((await linkFor(api, 'x')).status).toBe(404)
    const other = await signedIn(api, 32)
    expect((await other.send('POST', '/api/console/users/35/link')).status).toBe(403)
    const byKey = await api.request('POST', '/api/console/users/35/link', { key: keys.admin })
    expect(byKey.status).toBe(201)
  })

  test('a password that is guessed first is refused, and the link stays good', async () => {
    const api = await begin(start)
    const token = tokenIn((await linkFor(api, 32)).body.url)
    const choose = (chosen: string) => browserOf(api).send('POST', '/api/console/welcome', { token, password: chosen })
    expect(await choose('Password1234')).toMatchObject({
      status: 400,
      body: { error: 'password is one that many people use', details: [{ path: '/password' }] },
    })
    expect(await choose(addressOf(32))).toMatchObject({
      status: 400,
      body: { error: 'password must not be made of your name, address or company' },
    })
    expect((await choose(password)).status).toBe(200)
  })

  test('a user who was disabled meanwhile uses none', async () => {
    const api = await begin(start)
    const token = tokenIn((await linkFor(api, 32)).body.url)
    const admin = await signedIn(api, 31)
    expect((await admin.send('PATCH', '/api/v1/users/32', { disabled: true })).status).toBe(200)
    expect(await welcome(api, token)).toMatchObject(ended)
  })

  test('without mail nobody can ask for one', async () => {
    const api = await begin(start)
    expect(await browserOf(api).send('POST', '/api/console/forgot', { email: addressOf(31) })).toMatchObject({
      status: 409,
      body: { error: 'This server sends no mail: an administrator can make a link for a new password' },
    })
  })
})

describe.each(backends)('mail on %s', (_, start) => {
  interface Received {
    readonly to: string[]
    readonly from: string
    readonly text: string
  }

  const beginWithMail = async () => {
    const received: Received[] = []
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, { envelope }, done) => {
        text(stream).then((mail) => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
          // Long lines are cut by "=" at their ends, and "=" is written as =3D.
          const plain = mail.replace(/=\r\n/g, '').replaceAll('=3D', '=')
          received.push({ to: envelope.rcptTo.map(({ address }) => address), from, text: plain })
          done()
        }, done)
      },
    })
    const listening = smtp.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    onTestFinished(() => new Promise<void>((closed) => smtp.close(() => closed())))
    const { port } = listening.address() as AddressInfo
    const smtpUrl = `smtp://127.0.0.1:${port}`
    const api = await begin(start, { config: { smtpUrl, smtpFrom: 'Waggle <waggle@our.example>', publicUrl } })
    const browser = () => browserOf(api, publicUrl)
    const forgot = (email: string) => browser().send('POST', '/api/console/forgot', { email })
    return { api, browser, forgot, received }
  }

  test('a link goes to who forgot the password, and the answer tells nobody whether', async () => {
    const { api, browser, forgot, received } = await beginWithMail()
    await api.accounts.setPassword(personOf(32), password)
    expect((await browser().send('GET', '/api/console/state')).body).toMatchObject({ mail: true })

    expect(await forgot('nobody@our.example')).toMatchObject({ status: 204 })
    expect(await forgot(addressOf(33))).toMatchObject({ status: 204 })
    expect(await forgot(addressOf(32).toUpperCase())).toMatchObject({ status: 204 })

    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 10_000 })
    const [mail] = received
    expect(mail).toMatchObject({ to: [addressOf(32)], from: 'waggle@our.example' })
    expect(mail?.text).toContain('Subject: A new password')
    expect(mail?.text).toContain(`${publicUrl}/console/welcome?token=`)
    const token = tokenIn(mail?.text ?? '')
    const used = await browser().send('POST', '/api/console/welcome', { token, password: 'another long password' })
    expect(used).toMatchObject({ status: 200, body: { user: { id: 32 } } })
    expect(used.headers.getSetCookie()[0]).toContain('; Secure')
  })

  test('asking is bounded', async () => {
    const { forgot } = await beginWithMail()
    for (let asked = 0; asked < 10; asked += 1) expect((await forgot('nobody@our.example')).status).toBe(204)
    expect((await forgot('nobody@our.example')).status).toBe(429)
  })

  test('an invitation is sent to whom it is for', async () => {
    const { api, received } = await beginWithMail()
    const made = await api.request('POST', '/api/console/users/35/link', { key: keys.admin })
    expect(made).toMatchObject({ status: 201, body: { mailed: true } })
    expect(received[0]).toMatchObject({ to: [addressOf(35)] })
    expect(tokenIn(received[0]?.text ?? '')).toBe(tokenIn(made.body.url))
    expect(made.body.url.startsWith(publicUrl)).toBe(true)
  })
})
