import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { clientId, clientSecret, startProvider } from '../sign-in/provider.ts'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

/** A port that is free now, as the provider has to be told of the server's address before that begins. */
async function freePort(): Promise<number> {
  const held = createServer().listen(0, '127.0.0.1')
  await once(held, 'listening')
  const { port } = held.address() as AddressInfo
  await new Promise((closed) => held.close(closed))
  return port
}

const provider = await startProvider()
afterAll(provider.close)
const port = await freePort()

describeInBrowser('signing in with a provider', () => {
  const console = useConsole([
    ...['--sample', '--port', String(port), '--public-url', `http://127.0.0.1:${port}`],
    ...['--oidc-issuer', provider.issuer, '--oidc-client-id', clientId, '--oidc-client-secret', clientSecret],
    ...['--oidc-label', 'Hive login'],
  ])

  test('leads there and back to the place that was asked for', async () => {
    const { origin, stranger } = await console()
    const page = await stranger()
    const state = await (await page.request.get(`${origin}/api/console/state`)).json()
    provider.bends.claims = { email: state.sample_sign_in.email, email_verified: true }
    await page.goto('leads?status=lost')
    await page.getByRole('link', { name: 'Continue with Hive login' }).click()
    await page.waitForURL('**/console/leads?status=lost')
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    const cookies = await page.context().cookies()
    expect(cookies.map(({ name }) => name)).toEqual(['waggle_session'])
  })

  test.each(['light', 'dark'] as const)(
    'says why somebody is not let in, and hinders nobody, %s',
    async (colorScheme) => {
      const { stranger } = await console()
      const page = await stranger({ colorScheme })
      provider.bends.claims = { email: 'nobody@our.example', email_verified: true }
      await page.goto('sign-in')
      await page.getByRole('link', { name: 'Continue with Hive login' }).click()
      const alert = page.getByRole('alert')
      await alert.waitFor()
      expect(await alert.textContent()).toBe(
        'Nobody with your e-mail address may sign in here. Ask an administrator to add you.',
      )
      expect(await faultsOf(page)).toEqual([])
    },
  )
})
