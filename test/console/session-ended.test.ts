import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

/** As in another tab of the same browser. */
const signOutElsewhere = async (page: Page): Promise<void> => {
  const { origin } = new URL(page.url())
  const reply = await page.request.post('/api/console/sign-out', { headers: { origin } })
  expect(reply.ok()).toBe(true)
}

describeInBrowser('a session that ends under an open page', () => {
  const console = useConsole()
  const signInAgain = async (page: Page): Promise<void> => {
    const { sample_sign_in: sample } = await (await console()).api.session.state()
    await page.getByLabel('E-mail').fill(sample?.email ?? '')
    await page.getByRole('textbox', { name: 'Password' }).fill(sample?.password ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  test('is told at the next read, and signing in leads back to the place', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    await page.goto('leads?status=lost')
    await page.getByRole('grid').waitFor()
    await signOutElsewhere(page)
    await page.getByRole('link', { name: 'Webhooks' }).click()
    await page.getByText('You are signed out: the session has ended.').waitFor()
    expect(await page.getByText('Invalid API key').count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
    await signInAgain(page)
    await page.waitForURL('**/console/webhooks')
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
  })

  test('is told on a page that nobody touches', async () => {
    const { api, signedIn } = await console()
    const page = await signedIn()
    const follows = page.waitForResponse('**/api/v1/leads/changes')
    await page.goto('leads/789')
    await page.getByRole('heading', { name: 'TechCorp Solutions' }).waitFor()
    await follows
    await signOutElsewhere(page)
    await api.leads.update(789, { phone_number: '+49 30 333' })
    await page.getByText('You are signed out: the session has ended.').waitFor()
    expect(new URL(page.url()).searchParams.get('to')).toBe('/leads/789')
  })

  test('is told to whoever saves something then', async () => {
    const { api, signedIn } = await console()
    const page = await signedIn()
    await page.goto('leads/789')
    await page.getByRole('button', { name: /^Phone/ }).click()
    await page.getByRole('textbox', { name: /Phone/ }).fill('+49 30 444')
    await signOutElsewhere(page)
    await page.keyboard.press('Enter')
    await page.getByText('a change that was under way has stopped').waitFor()
    expect((await api.leads.get(789)).phone_number).not.toBe('+49 30 444')
  })

  test('stops a change of many leads, and says so', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    let sent = 0
    await page.route(/\/api\/v1\/leads\/\d+\/tags/, async (route) => {
      sent += 1
      if (sent === 5) await signOutElsewhere(page)
      await route.continue()
    })
    await page.goto('leads')
    await page.getByText('200 leads').first().waitFor()
    await page.getByRole('checkbox', { name: 'Select all leads of this list' }).check()
    await page.getByRole('toolbar', { name: 'Selected leads' }).getByRole('button', { name: 'Tag' }).click()
    await page.getByRole('dialog').getByRole('option', { name: 'Multi-year' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Change 200 leads' }).click()
    await page.getByText('a change that was under way has stopped').waitFor()
    expect(sent).toBeGreaterThanOrEqual(5)
    expect(sent).toBeLessThan(25)
  })
})
