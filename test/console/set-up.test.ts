import { expect, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

describeInBrowser('a first start', () => {
  const console = useConsole([])

  test('leads from the code in the log to a first admin, who invites somebody', async () => {
    const { origin, printed, stranger } = await console()
    const page = await stranger()
    await page.goto('leads')
    await page.getByRole('heading', { name: 'Set up Waggle' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Code').fill('AAAA-AAAA')
    await page.getByLabel('Company').fill('Nordlicht GmbH')
    await page.getByLabel('First name').fill('Ada')
    await page.getByLabel('Last name').fill('Berg')
    await page.getByLabel('E-mail').fill('ada@nordlicht.example')
    await page.getByRole('textbox', { name: 'Password' }).fill('three dull honeycombs')
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('alert').waitFor()

    const code = /\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/.exec(printed())?.[0] ?? ''
    await page.getByLabel('Code').fill(code)
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.waitForURL('**/console/leads')
    await page.getByRole('button', { name: /Ada Berg/ }).waitFor()

    await page.goto('settings/users')
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByLabel('E-mail').fill('eva@nordlicht.example')
    await page.getByLabel('First name').fill('Eva')
    await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
    await page.getByRole('button', { name: 'Make the link' }).click()
    const link = (await page.getByText(`${origin}/console/welcome?token=`).textContent()) ?? ''

    const invited = await stranger()
    await invited.goto(link)
    await invited.getByRole('heading', { name: 'Welcome to Nordlicht GmbH' }).waitFor()
    expect(await faultsOf(invited)).toEqual([])
    await invited.getByRole('textbox', { name: 'Password' }).fill('quiet bees in winter')
    await invited.getByRole('button', { name: 'Set the password and sign in' }).click()
    await invited.getByRole('button', { name: /^Eva/ }).waitFor()
    // A partner, as the dialog had it: no keys, no users.
    expect(await invited.getByRole('link', { name: 'Keys' }).count()).toBe(0)

    const late = await stranger()
    await late.goto(link)
    await late.getByRole('heading', { name: 'This link has ended' }).waitFor()
  })
})
