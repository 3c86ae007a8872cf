import { expect, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

const sections = ['tags', 'fields', 'users', 'company', 'import', 'export'] as const

describeInBrowser('settings', () => {
  const console = useConsole()

  test('a tag is made, renamed, archived and brought back', async () => {
    const { api, signedIn } = await console()
    const page = await signedIn()
    await page.goto('settings/tags')
    await page.getByRole('button', { name: 'New tag' }).click()
    await page.getByLabel('Word').fill('Überfällig')
    await page.getByRole('button', { name: 'Make tag' }).click()
    await page.getByRole('cell', { name: 'Überfällig', exact: true }).waitFor()
    const made = (await api.tags.list()).rows.find(({ label }) => label === 'Überfällig')
    expect(made).toMatchObject({ association: 'lead', archived_at: null })

    await page.getByRole('button', { name: 'What can be done with Überfällig' }).click()
    await page.getByRole('menuitem', { name: 'Archive' }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    await expect.poll(async () => (await api.tags.list()).rows.some(({ id }) => id === made?.id)).toBe(false)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await api.tags.list()).rows.some(({ id }) => id === made?.id)).toBe(true)
  })

  test('a field is made with options, and moved before another by its menu', async () => {
    const { api, signedIn } = await console()
    const page = await signedIn()
    await page.goto('settings/fields')
    await page.getByRole('button', { name: 'New field' }).click()
    await page.getByLabel('Name').fill('Region')
    await page.getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: 'One of a list' }).click()
    await page.getByLabel('Options').fill('North\nSouth')
    await page.getByRole('button', { name: 'Make field' }).click()
    await page.getByRole('cell', { name: 'One of a list: North, South' }).waitFor()

    const labels = async () =>
      (await api.customFields.list()).rows.filter((one) => one.category === 'lead').map((one) => one.label)
    const before = await labels()
    expect(before.at(-1)).toBe('Region')
    await page.getByRole('button', { name: 'What can be done with Region' }).click()
    await page.getByRole('menuitem', { name: 'Move up' }).click()
    await expect.poll(labels).toEqual([...before.slice(0, -2), 'Region', before.at(-2)])
  })

  test('a user is erased once the address is typed, and nothing can be done with who is left', async () => {
    const { admin, signedIn } = await console()
    const { id } = await admin.users.create({ email: 'gundula@our.example', role: 'partner', first_name: 'Gundula' })
    const page = await signedIn()
    await page.goto('settings/users')
    await page.getByRole('button', { name: 'What can be done with Gundula' }).click()
    await page.getByRole('menuitem', { name: 'Erase' }).click()
    const dialog = page.getByRole('dialog', { name: 'Erase Gundula?' })
    await dialog.getByRole('textbox').fill('gundula@our.example')
    await dialog.getByRole('button', { name: 'Erase for good' }).click()
    await page.getByText('The user is erased.').waitFor()
    await page.getByRole('switch', { name: 'Disabled too' }).click()
    const row = page.getByRole('row', { name: `user-${id}@erased.invalid` })
    await row.waitFor()
    expect(await row.getByRole('button').count()).toBe(0)
    expect(await faultsOf(page)).toEqual([])
  })

  test('a file is mapped, tried, imported without its bad row, and undone', async () => {
    const { api, signedIn } = await console()
    const page = await signedIn()
    await page.goto('settings/import')
    const before = (await api.leads.list({ pageSize: 1 })).total
    const text = 'Firm;Mail;Account reference\nNordlicht GmbH;ada@nordlicht.example;A-1\nSüdwind AG;no address;A-2\n'
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'partners.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'What Firm becomes' }).click()
    await page.getByRole('option', { name: 'Company' }).click()
    expect(await dialog.getByRole('combobox', { name: 'What Mail becomes' }).inputValue()).toBe('E-mail')
    await dialog.getByRole('button', { name: 'Try it without changing anything' }).click()
    await dialog.getByText('Invalid email').waitFor()
    expect((await api.leads.list({ pageSize: 1 })).total).toBe(before)

    await dialog.getByRole('button', { name: 'Import all but the 1 refused' }).click()
    await dialog.getByRole('button', { name: 'Done' }).click()
    expect((await api.leads.list({ search: 'nordlicht.example' })).rows).toMatchObject([
      { company_name: 'Nordlicht GmbH' },
    ])

    await page.getByRole('button', { name: 'Report of partners.csv' }).first().click()
    await page.getByRole('button', { name: 'Undo this import' }).click()
    await expect.poll(async () => (await api.leads.list({ pageSize: 1 })).total).toBe(before)
  })

  test('rows that lack a required field are refused by its name', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    await page.goto('settings/import')
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'short.csv', mimeType: 'text/csv', buffer: Buffer.from('Company\nNordlicht GmbH\n') })
    await page.getByRole('button', { name: 'Try it without changing anything' }).click()
    const refused = page.getByRole('region', { name: 'Refused rows' })
    await refused.getByText('Account reference is required', { exact: true }).waitFor()
    expect(await refused.textContent()).not.toContain('Custom field')
  })

  test('a file in another encoding is refused before it is sent', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    await page.goto('settings/import')
    const buffer = Buffer.from('Company,Account reference\nMüller GmbH Latin,L-1\n', 'latin1')
    await page.locator('input[type=file]').setInputFiles({ name: 'latin.csv', mimeType: 'text/csv', buffer })
    await page.getByText('The file is not UTF-8. Save it as CSV UTF-8.').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test.each(['light', 'dark'] as const)('no section hinders anybody, %s', async (colorScheme) => {
    const { signedIn } = await console()
    const page = await signedIn({ colorScheme })
    for (const section of sections) {
      await page.goto(`settings/${section}`)
      await page.getByRole('heading', { level: 2 }).first().waitFor()
      expect(await faultsOf(page), section).toEqual([])
    }
  })
})
