import { expect, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

describeInBrowser('signing in', () => {
  const console = useConsole()

  test('leads back to the place that was asked for, and out again', async () => {
    const { origin, stranger } = await console()
    const page = await stranger()
    await page.goto('leads?status=lost')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    const state = await (await page.request.get(`${origin}/api/console/state`)).json()
    await page.getByLabel('E-mail').fill(state.sample_sign_in.email)
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    expect(page.url()).toContain('/sign-in')

    await page.getByRole('textbox', { name: 'Password' }).fill(state.sample_sign_in.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/console/leads?status=lost')
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })

    await page.getByRole('button', { name: 'account and appearance' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/console/sign-in')
    expect(await page.context().cookies()).toEqual([])
    await page.goto('leads')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test.each(['light', 'dark'] as const)('the page hinders nobody, %s', async (colorScheme) => {
    const { stranger } = await console()
    const page = await stranger({ colorScheme })
    await page.goto('sign-in')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})
