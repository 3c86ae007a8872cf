import { describe, expect, test, vi } from 'vitest'
import { newSetupCode } from '../../src/sign-in/setup.ts'
import { backends } from '../backends.ts'
import { addressOf, begin, browserOf, password, personOf } from './browser.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

const path = '/api/console/setup'
const wrongCode = {
  status: 403,
  body: { error: 'Code is wrong or has expired: the server prints another one when it starts' },
}
const isDone = { status: 409, body: { error: 'Waggle has been set up already' } }

describe.each(backends)('setting up on %s', (_, start) => {
  const beginUnset = async () => {
    const api = await begin(start)
    const code = (await newSetupCode(api.accounts)) ?? ''
    const setUp = (more: object = {}, browser = browserOf(api)) =>
      browser.send('POST', path, { code, email: 'first@our.example', password, ...more })
    return { api, code, setUp }
  }

  test('the code makes an administrator, once, and signs that one in', async () => {
    const { api, code, setUp } = await beginUnset()
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)
    expect((await browserOf(api).send('GET', '/api/console/state')).body).toMatchObject({ setup_needed: true })
    expect(await setUp({ code: 'AAAA-AAAA' })).toMatchObject(wrongCode)

    const browser = browserOf(api)
    const made = await setUp({ code: ` ${code.toLowerCase().replace('-', ' ')}`, first_name: 'Ada' }, browser)
    expect(made).toMatchObject({
      status: 201,
      body: { company: { id: 3 }, user: { email: 'first@our.example', first_name: 'Ada', role: 'admin' } },
    })
    expect((await browser.send('GET', '/api/v1/keys')).status).toBe(200)
    expect((await browserOf(api).signIn('first@our.example', password)).status).toBe(200)
    expect((await browserOf(api).send('GET', '/api/console/state')).body).toMatchObject({ setup_needed: false })
    expect(await setUp()).toMatchObject(isDone)
    expect(await newSetupCode(api.accounts)).toBeUndefined()
  })

  test('an administrator who is there already is taken, and no other user', async () => {
    const { setUp } = await beginUnset()
    expect(await setUp({ email: addressOf(32) })).toMatchObject({ status: 409 })
    expect(await setUp({ email: addressOf(31).toUpperCase() })).toMatchObject({
      status: 201,
      body: { user: { id: 31 } },
    })
  })

  test('of two at once one is made', async () => {
    const { setUp } = await beginUnset()
    const both = await Promise.all([setUp(), setUp({ email: 'other@our.example' })])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('a code ends, and guesses are bounded', async () => {
    const { api, setUp } = await beginUnset()
    await api.accounts.addCode('BBBBBBBB', -1)
    expect(await setUp({ code: 'BBBB-BBBB' })).toMatchObject(wrongCode)
    for (let guess = 0; guess < 9; guess += 1)
      expect(await setUp({ code: `AAAA-AAA${guess}` })).toMatchObject(wrongCode)
    expect(await setUp()).toMatchObject({ status: 429 })
  })

  test('a password that is too short or too long is refused with its place', async () => {
    const { setUp } = await beginUnset()
    for (const wrong of ['short', 'x'.repeat(129), 12, null]) {
      const reply = await setUp({ password: wrong })
      expect(reply.status).toBe(400)
      expect(reply.body.details[0].path).toBe('/password')
    }
    expect((await setUp({ password: '🐝'.repeat(128) })).status).toBe(201)
  })
})

describe.each(backends)('accounts on %s', (_, start) => {
  test('what has expired is removed', async () => {
    const api = await begin(start)
    await api.accounts.setPassword(personOf(31), password)
    const { token } = await api.accounts.makeLink(personOf(31), -1)
    await api.accounts.sweep()
    expect(await api.accounts.linkOf(token)).toBeUndefined()
    expect(await api.accounts.spendLink(token)).toBeUndefined()
    expect(await api.accounts.isPassword(personOf(31), password)).toBe(true)
  })
})
