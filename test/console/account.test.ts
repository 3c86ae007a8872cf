import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { browserName } from '../../console/account/browser-name.ts'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

const isIn = async (page: Page): Promise<boolean> => (await page.request.get('/api/v1/me')).ok()

describeInBrowser('the own account', () => {
  const console = useConsole()
  const passwordOf = async (): Promise<string> => {
    const { sample_sign_in: sample } = await (await console()).api.session.state()
    return sample?.password ?? ''
  }

  test('is found in the menu, tells where one is signed in, and ends one session with the password', async () => {
    const { signedIn } = await console()
    const lost = await signedIn({ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1' })
    const page = await signedIn()
    await page.goto('leads')
    await page.getByRole('button', { name: 'account and appearance' }).click()
    await page.getByRole('menuitem', { name: 'Your account' }).click()
    await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor()
    await page.getByText('This browser').waitFor()

    await page.getByRole('button', { name: /^End Safari on iPhone/ }).click()
    const dialog = page.getByRole('dialog', { name: 'End Safari on iPhone?' })
    await dialog.getByRole('textbox', { name: 'Your password' }).fill('not the password')
    await dialog.getByRole('button', { name: 'End session' }).click()
    await dialog.getByText('Password is wrong').waitFor()
    expect(await isIn(lost)).toBe(true)
    await dialog.getByRole('textbox', { name: 'Your password' }).fill(await passwordOf())
    await dialog.getByRole('button', { name: 'End session' }).click()
    await page.getByText('The session has ended.').waitFor()
    await page.getByRole('listitem').filter({ hasText: 'Safari on iPhone' }).waitFor({ state: 'detached' })
    expect([await isIn(lost), await isIn(page)]).toEqual([false, true])
  })

  test('changes the password by the old one, which signs out everywhere else', async () => {
    const { signedIn } = await console()
    const [page, other] = [await signedIn(), await signedIn()]
    const old = await passwordOf()
    const change = async (from: string, to: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'Current password' }).fill(from)
      await page.getByRole('textbox', { name: 'New password' }).fill(to)
      await page.getByRole('button', { name: 'Change password' }).click()
    }
    await page.goto('account')
    await change('not the password', 'another long password')
    await page.getByRole('alert').getByText('Password is wrong').waitFor()
    await change(old, 'another long password')
    await page.getByText('Your password is changed').waitFor()
    expect([await isIn(other), await isIn(page)]).toEqual([false, true])
    await page.reload()
    await change('another long password', old) // for the other tests
    await page.getByText('Your password is changed').waitFor()
  })

  test('administrators sign somebody out everywhere', async () => {
    const { origin, admin, signedIn, stranger } = await console()
    const { id } = await admin.users.create({ email: 'gustav@our.example', role: 'partner', first_name: 'Gustav' })
    const { url } = await admin.users.makeLink(id)
    const other = await stranger()
    await other.goto(url)
    await other.getByRole('textbox', { name: 'Password' }).fill('another long password')
    await other.getByRole('button', { name: 'Set the password and sign in' }).click()
    await other.waitForURL(`${origin}/console/leads`)

    const page = await signedIn()
    await page.goto('settings/users')
    await page.getByRole('button', { name: 'What can be done with Gustav' }).click()
    await page.getByRole('menuitem', { name: 'End sessions' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End sessions' }).click()
    await page.getByText('Gustav is signed out everywhere.').waitFor()
    expect(await isIn(other)).toBe(false)
  })

  test.each(['light', 'dark'] as const)('hinders nobody, %s', async (colorScheme) => {
    const { signedIn } = await console()
    await signedIn()
    const page = await signedIn({ colorScheme })
    await page.goto('account')
    await page.getByText('This browser').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'End all others' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await faultsOf(page)).toEqual([])
    await dialog.getByRole('textbox', { name: 'Your password' }).fill(await passwordOf())
    await dialog.getByRole('button', { name: 'End all others' }).click()
    await page.getByText('All other sessions have ended.').waitFor()
    await expect.poll(() => page.getByRole('listitem').count(), { timeout: 10_000 }).toBe(1)
  })
})

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36', 'Chrome on Windows'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36', 'Chrome on Android'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1.15', 'Safari on macOS'],
  ['Mozilla/5.0 (iPad; CPU OS 19_0 like Mac OS X) CriOS/142.0 Mobile/15E148 Safari/604.1', 'Chrome on iPad'],
  ['curl/8.14.1', 'curl/8.14.1'],
  ['x'.repeat(100), `${'x'.repeat(60)}…`],
  [null, 'Unknown browser'],
])('%s is told as %s', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name)
})
