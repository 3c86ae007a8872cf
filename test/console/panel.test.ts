import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Client, LeadPatch } from '../../sdk/index.ts'
import { fieldIds, tagIds } from '../../src/sample/definitions.ts'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

/** A lead of the sample's company, whose leads must have an account reference. */
async function aLead(api: Client, members: LeadPatch = {}): Promise<number> {
  const reference = { customFieldId: fieldIds.requiredText, value: { text: 'CLV-1' } }
  return (await api.leads.create({ ...members, customFields: [reference] })).id
}

const field = (page: Page, label: string) => page.getByRole('button', { name: new RegExp(`^${label}`) })
const held = (page: Page, label: string) => field(page, label).textContent()

const focused = (page: Page) => page.locator(':focus').textContent()

/** Until the server has what was changed on screen. */
const settled = (page: Page, act: () => Promise<unknown>) =>
  Promise.all([page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok()), act()])

describeInBrowser('a lead', { timeout: 60_000 }, () => {
  const begun = useConsole()

  test('is edited where it stands, each type of field by its control', async () => {
    const { api, signedIn } = await begun()
    const id = await aLead(api, { company_name: 'Nordlicht' })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    const type = async (label: string, text: string) => {
      await field(page, label).click()
      const control = page.getByRole('textbox', { name: label })
      await control.fill(text)
      await settled(page, () => control.press('Enter'))
    }
    const pick = async (label: string, ...options: string[]) => {
      await field(page, label).click()
      const control = page.getByRole('combobox', { name: label })
      for (const option of options) {
        await control.fill(option)
        if (options.length > 1) await control.press('Enter')
      }
      await settled(page, () => control.press('Enter'))
    }
    await type('Company', 'Nordlicht GmbH')
    await type('E-mail', 'ada@nordlicht.example')
    await type('Estimated annual value', '1,234.56789')
    await type('Current system', 'Spreadsheets')
    await type('Background', 'One line.')
    await pick('Status', 'Qual')
    await pick('Assigned to', 'Eva', 'Daniel')
    await pick('Tags', 'Hot', 'Enterprise')
    await pick('Segment', 'Mid')
    await pick('Budget approved', 'Yes')
    await pick('Products of interest', 'Auto', 'Inte')
    await field(page, 'Planned start').click()
    const date = page.getByLabel('Planned start', { exact: true }).and(page.locator('input'))
    await date.fill('2026-03-31')
    await settled(page, () => date.press('Enter'))

    const { number, text, textarea, select, boolean, multiSelect, requiredText, date: day } = fieldIds
    const lead = await api.leads.get(id)
    expect(lead).toMatchObject({ company_name: 'Nordlicht GmbH', email: 'ada@nordlicht.example', status: 'qualified' })
    expect(lead.assigned_users.map((user) => user.id)).toEqual([123, 456])
    expect(lead.tags.map((tag) => tag.id)).toEqual([1, 10])
    expect(Object.fromEntries(lead.custom_fields.map((one) => [one.id, one.value]))).toEqual({
      [number]: { number: 1234.56789 },
      [text]: { text: 'Spreadsheets' },
      [textarea]: { text: 'One line.' },
      [select]: { select: 2 },
      [boolean]: { boolean: true },
      [multiSelect]: { multi_select: [2, 3] },
      [requiredText]: { text: 'CLV-1' },
      [day]: { date: '2026-03-31' },
    })
    const mail = page.getByRole('link', { name: 'Write a mail: ada@nordlicht.example' })
    expect(await mail.getAttribute('href')).toBe('mailto:ada@nordlicht.example')
    expect(await held(page, 'Planned start')).toBe('31 Mar 2026')
    expect(await held(page, 'Estimated annual value')).toBe('1,234.56789')
  })

  test('keeps what was typed until it can be sent, and Esc brings back what is stored', async () => {
    const { api, signedIn } = await begun()
    const id = await aLead(api, { company_name: 'Nordlicht', email: 'ada@nordlicht.example' })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    await field(page, 'E-mail').click()
    const email = page.getByRole('textbox', { name: 'E-mail' })
    await email.fill('ada')
    await email.press('Enter')
    expect(await page.getByRole('alert').textContent()).toContain('one @')
    expect(await faultsOf(page)).toEqual([])
    expect(await email.inputValue()).toBe('ada')
    await email.press('Escape')
    expect(await held(page, 'E-mail')).toBe('ada@nordlicht.example')
    expect(await focused(page)).toBe('ada@nordlicht.example')
  })

  test('tells why a change was refused beside it, and shows what is stored again', async () => {
    const { api, signedIn } = await begun()
    await aLead(api, { company_name: 'First', external_id: 'crm-1' })
    const id = await aLead(api, { company_name: 'Second', external_id: 'crm-2' })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    await field(page, 'External id').click()
    const control = page.getByRole('textbox', { name: 'External id' })
    await control.fill('crm-1')
    await control.press('Enter')
    await page.getByText('Not saved.').waitFor()
    expect(await held(page, 'External id')).toBe('crm-2')
  })

  test('is edited from member to member by Tab, and a tag is made on the spot', async () => {
    const { api, signedIn } = await begun()
    const id = await aLead(api, { first_name: 'Ada' })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    await field(page, 'First name').click()
    await page.keyboard.type('Eva')
    await settled(page, () => page.keyboard.press('Tab'))
    await page.keyboard.type('Ost')
    await settled(page, () => page.keyboard.press('Enter'))
    expect(await api.leads.get(id)).toMatchObject({ first_name: 'Eva', last_name: 'Ost' })
    await field(page, 'Tags').click()
    await page.keyboard.type('From the fair')
    await page.getByRole('option', { name: 'Create “From the fair”' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: 'From the fair', selected: true }).waitFor()
    await settled(page, () => page.keyboard.press('Enter'))
    expect((await api.leads.get(id)).tags.map((tag) => tag.label)).toEqual(['From the fair'])
  })

  test('asks when somebody else has changed the same, and saves what is chosen', async () => {
    const { api, signedIn } = await begun()
    const id = await aLead(api, { company_name: 'Before', phone_number: '1' })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    await field(page, 'Company').click()
    await page.keyboard.type('Mine')
    await api.leads.update(id, { company_name: 'Theirs', phone_number: '2' })
    await page.getByText('Meanwhile this was changed to “Theirs”.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Company' }).inputValue()).toBe('Mine')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: /Somebody else has changed/ })
    await dialog.waitFor()
    for (const value of ['Before', 'Mine', 'Theirs']) await dialog.getByText(value, { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('ArrowDown')
    expect(await dialog.getByRole('radio', { name: /Stored now/ }).isChecked()).toBe(true)
    await page.keyboard.press('ArrowUp')
    await settled(page, () => dialog.getByRole('button', { name: 'Save what is chosen' }).click())
    expect(await api.leads.get(id)).toMatchObject({ company_name: 'Mine', phone_number: '2' })
    await dialog.waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Mine')
  })

  test('tells who changed what, and takes one change back', async () => {
    const { api, signedIn } = await begun()
    const id = await aLead(api, { company_name: 'Nordlicht' })
    await api.leads.update(id, { status: 'qualified', tags: [tagIds.lead[0]] })
    await api.leads.update(id, { company_name: 'Südlicht' })
    for (let call = 1; call <= 25; call += 1) await api.leads.update(id, { phone_number: `${call}` })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    const history = page.getByRole('region', { name: 'History' })
    await history
      .getByText(/changed Phone/)
      .first()
      .waitFor()
    await history.getByRole('combobox', { name: 'Show changes of' }).selectOption({ label: 'Company' })
    const entry = history.getByRole('listitem')
    await entry.first().waitFor()
    expect(await entry.allInnerTexts()).toHaveLength(1)
    expect((await entry.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /changed Company Nordlicht → Südlicht .*key CRM sync/,
    )
    expect(await faultsOf(page)).toEqual([])
    await settled(page, () => entry.getByRole('button', { name: /^Revert/ }).click())
    expect(await api.leads.get(id)).toMatchObject({
      company_name: 'Nordlicht',
      phone_number: '25',
      status: 'qualified',
    })
    await history.getByText('Südlicht → Nordlicht').or(entry.nth(1)).first().waitFor()
    const [first] = (await api.leads.history(id)).rows
    expect(first?.actor.key).toBeNull()
  })

  test('is called by a name without end, and a change of it can still be taken back', async () => {
    const { api, signedIn } = await begun()
    const id = await aLead(api, { company_name: 'W'.repeat(60), first_name: 'Ada' })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    await field(page, 'First name').click()
    const control = page.getByRole('textbox', { name: 'First name' })
    await control.fill('Grace')
    await settled(page, () => control.press('Enter'))
    const toast = page.getByRole('alert').filter({ hasText: 'changed' })
    const undo = toast.getByRole('button', { name: 'Undo' })
    await undo.waitFor()
    const [outer, inner] = [await toast.boundingBox(), await undo.boundingBox()]
    if (outer === null || inner === null) throw new Error('the toast is not on screen')
    expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width)
    await undo.click()
    await expect.poll(async () => (await api.leads.get(id)).first_name).toBe('Ada')
  })

  test('is deleted, and is back when that is undone', async () => {
    const { api, signedIn } = await begun()
    const id = await aLead(api, { company_name: 'Nordlicht' })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Delete the lead' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Nordlicht is back.').waitFor()
    expect(await api.leads.get(id)).toMatchObject({ company_name: 'Nordlicht' })
  })

  test('is erased for good once its address is typed', async () => {
    const { api, signedIn } = await begun()
    const id = await aLead(api, { first_name: 'Ada', last_name: 'Berg', email: 'ada@nordlicht.example' })
    const page = await signedIn()
    await page.goto(`leads/${id}`)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Erase the person' }).click()
    const dialog = page.getByRole('dialog', { name: 'Erase Ada Berg?' })
    const erase = dialog.getByRole('button', { name: 'Erase for good' })
    await erase.waitFor()
    expect(await erase.isDisabled()).toBe(true)
    const typed = dialog.getByRole('textbox')
    await typed.fill('ada@nordlicht')
    expect(await erase.isDisabled()).toBe(true)
    expect(await faultsOf(page)).toEqual([])
    await typed.fill('ADA@nordlicht.example')
    await erase.click()
    await page.getByText('The person behind the lead is erased.').waitFor()
    await expect(api.leads.get(id)).rejects.toMatchObject({ status: 404 })
  })

  test('that is not there says so', async () => {
    const { signedIn } = await begun()
    const page = await signedIn()
    await page.goto('leads/999999999')
    await page.getByText('It has been deleted').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('has no fault that axe finds, in the %s at %i', async (colorScheme, width) => {
    const { signedIn } = await begun()
    const page = await signedIn({ colorScheme, viewport: { width, height: 844 } })
    await page.goto('leads?lead=789')
    await page.getByRole('heading', { name: 'TechCorp Solutions' }).waitFor()
    await page.getByText('made this lead').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'TechCorp Solutions' }).waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('lead')).toBeNull()
  })
})
