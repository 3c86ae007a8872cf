import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

const narrow = { viewport: { width: 390, height: 844 } }

/** What comes soon, however busy the machine is. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 10_000 })

describeInBrowser('the table of leads', { timeout: 60_000 }, () => {
  const console = useConsole()

  const leads = async (path = 'leads', options = {}): Promise<Page> => {
    const page = await (await console()).signedIn(options)
    await page.goto(path)
    await page
      .getByRole('grid')
      .or(page.getByRole('list', { name: 'Leads' }))
      .locator('a')
      .first()
      .waitFor()
    return page
  }
  /** The cell of a column in a row, rows from 0. */
  const cell = (page: Page, row: number, column: string) =>
    page.locator(`[data-row="${row}"] [data-column="${column}"]`)
  const total = (page: Page) => page.getByRole('status').filter({ hasText: /^[\d,]+ leads?$/ })

  test('finds as one types, and tells how many', async () => {
    const page = await leads()
    await soon(() => total(page).textContent()).toBe('200 leads')
    await page.keyboard.press('/')
    await page.keyboard.type('techcorp')
    await soon(() => total(page).textContent()).toBe('1 lead')
    expect(new URL(page.url()).search).toBe('?search=techcorp')
    await page.getByRole('link', { name: 'TechCorp Solutions' }).waitFor()
    await page.keyboard.type('!')
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await soon(() => total(page).textContent()).toBe('200 leads')
    expect(await page.getByRole('textbox', { name: 'Search leads' }).inputValue()).toBe('')
  })

  test('narrows by chips that the keyboard makes, changes and takes away', async () => {
    const { api } = await console()
    const page = await leads()
    await page.getByRole('button', { name: 'Filter', exact: true }).press('Enter')
    await page.getByRole('combobox', { name: 'Filter by' }).waitFor()
    await page.keyboard.type('stat')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Status', exact: true }).waitFor()
    await page.keyboard.type('lost')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/leads?status=lost')
    const { total: lost } = await api.leads.list({ status: 'lost', pageSize: 1 })
    await soon(() => total(page).textContent()).toBe(`${lost} leads`)
    await page.keyboard.press('Escape')
    const chip = page.getByRole('button', { name: 'Status is Lost', exact: true })
    await chip.and(page.locator(':focus')).waitFor()
    expect(await page.locator('#filter-sentence').textContent()).toBe('Leads are shown where Status is Lost.')
    await page.keyboard.press('Backspace')
    await soon(() => total(page).textContent()).toBe('200 leads')
  })

  test('is sorted by its heads, and the address holds it', async () => {
    const { api } = await console()
    const page = await leads()
    const head = page.getByRole('columnheader', { name: 'Company' })
    await head.getByRole('button').click()
    await soon(() => head.getAttribute('aria-sort')).toBe('ascending')
    const { rows } = await api.leads.list({ sort: [{ type: 'company_name', asc: true }], pageSize: 1 })
    await soon(() => cell(page, 0, 'company_name').textContent()).toBe(rows[0]?.company_name)
    await page.reload()
    await soon(() => cell(page, 0, 'company_name').textContent()).toBe(rows[0]?.company_name)
    expect(await page.getByRole('grid').getAttribute('aria-label')).toBe('Leads, sorted by Company, A to Z')
    await head.getByRole('button').click()
    await soon(() => head.getAttribute('aria-sort')).toBe('descending')
  })

  test('changes a cell where it stands, goes on with Tab, and restores with Escape', async () => {
    const { api } = await console()
    const page = await leads('leads?search=techcorp')
    await cell(page, 0, 'phone_number').click()
    await page.keyboard.press('F2')
    const phone = page.getByRole('textbox', { name: 'Phone of TechCorp' })
    await phone.fill('+49 30 555')
    await page.keyboard.press('Shift+Tab')
    const mail = page.getByRole('textbox', { name: 'E-mail of TechCorp' })
    await mail.fill('no address')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'An e-mail address has one @' }).waitFor()
    await page.keyboard.press('Escape')
    await soon(async () => (await api.leads.get(789)).phone_number).toBe('+49 30 555')
    expect(await cell(page, 0, 'email').textContent()).toBe((await api.leads.get(789)).email)
    await page.keyboard.press('Control+z')
    await soon(async () => (await api.leads.get(789)).phone_number).not.toBe('+49 30 555')
    await soon(() => cell(page, 0, 'phone_number').textContent()).toBe((await api.leads.get(789)).phone_number)
  })

  test('puts the old value back and says why beside the cell when the server refuses', async () => {
    const { api } = await console()
    const [one, other] = (await api.leads.list({ pageSize: 2 })).rows
    if (one === undefined || other === undefined) throw new Error('the sample has no leads')
    await api.leads.update(other.id, { external_id: 'crm-1' })
    const page = await leads()
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('checkbox', { name: 'External id' }).check()
    await page.keyboard.press('Escape')
    const row = page.getByRole('row').filter({ hasText: one.company_name ?? '' })
    await row.locator('[data-column="external_id"]').dblclick()
    await page.getByRole('textbox', { name: 'External id of' }).fill('crm-1')
    await page.keyboard.press('Enter')
    await row.getByRole('alert').waitFor()
    expect(await row.getByRole('alert').textContent()).toContain('external_id')
    expect((await api.leads.get(one.id)).external_id).toBe(one.external_id)
    await row.getByRole('button', { name: 'Close' }).click()
    expect(await row.locator('[data-column="external_id"]').textContent()).toBe(one.external_id ?? '')
  })

  test('changes many leads: what will change, an outcome for each with failures first, and undo', async () => {
    const { api } = await console()
    const page = await leads('leads?status=contacted')
    const { rows } = await api.leads.list({ status: 'contacted', pageSize: 3 })
    await cell(page, 0, 'company_name').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('3 selected').waitFor()
    // Somebody deletes one of them meanwhile.
    await api.leads.delete(rows[1]?.id ?? 0)
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog', { name: 'Status of 3 leads' })
    await dialog.getByRole('option', { name: 'Qualified' }).click()
    await dialog.getByText('Status will be Qualified.').waitFor()
    await dialog.getByText('Contacted', { exact: true }).last().waitFor()
    await dialog.getByRole('button', { name: 'Change 3 leads' }).click()
    await dialog.getByText('2 done, 1 refused.').waitFor()
    const first = dialog.getByRole('list', { name: 'Outcome of each lead' }).getByRole('listitem').first()
    expect(await first.textContent()).toBe(`${rows[1]?.company_name}Lead not found or not accessible`)
    expect((await api.leads.get(rows[0]?.id ?? 0)).status).toBe('qualified')
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await page.keyboard.press('Control+z')
    await soon(async () => (await api.leads.get(rows[2]?.id ?? 0)).status).toBe('contacted')
    await page.getByText('Undone for 2 leads.').waitFor()
  })

  test('tags all leads of a list but one, each for itself', async () => {
    const { api } = await console()
    const { rows, total: lost } = await api.leads.list({ status: 'lost', pageSize: 50 })
    const page = await leads('leads?status=lost')
    await page.getByRole('checkbox', { name: 'Select all leads of this list' }).check()
    await cell(page, 1, 'mark').click()
    await page.getByText(`${Number(lost) - 1} selected`).waitFor()
    await page.getByRole('toolbar', { name: 'Selected leads' }).getByRole('button', { name: 'Tag' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('option', { name: 'Multi-year' }).click()
    await dialog.getByText('Multi-year will be added.').waitFor()
    await dialog.getByRole('button', { name: 'Change' }).click()
    await dialog.getByRole('list', { name: 'Outcome of each lead' }).waitFor()
    const { rows: after } = await api.leads.list({ status: 'lost', pageSize: 50 })
    const tagged = after.filter(({ tags }) => tags.some(({ label }) => label === 'Multi-year')).map(({ id }) => id)
    const before = rows.filter(({ tags }) => tags.some(({ label }) => label === 'Multi-year')).map(({ id }) => id)
    const expected = rows.map(({ id }) => id).filter((id) => id !== rows[1]?.id || before.includes(id))
    expect(tagged.toSorted()).toEqual(expected.toSorted())
    await dialog.getByRole('button', { name: 'Close' }).last().click()
  })

  /** Leads that a search finds, of a company that nothing else is called by. */
  const made = async (company: string, ...names: string[]): Promise<void> => {
    const { api } = await console()
    for (const name of names) {
      await api.leads.create({
        company_name: `${company} ${name}`,
        customFields: [{ customFieldId: 12, value: { text: 'x' } }],
      })
    }
  }

  test('deletes all leads of a list, and tells of each by its name', async () => {
    await made('Kranich', 'Eins', 'Zwei')
    const page = await leads('leads?search=kranich')
    await page.getByRole('checkbox', { name: 'Select all leads of this list' }).check()
    await page.getByRole('toolbar', { name: 'Selected leads' }).getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Delete 2 leads' }).click()
    await dialog.getByText('2 done.').waitFor()
    await page.getByText('Nothing matches').waitFor()
    const told = await dialog
      .getByRole('list', { name: 'Outcome of each lead' })
      .getByRole('listitem')
      .allTextContents()
    expect(told.toSorted()).toEqual(['Kranich EinsDone', 'Kranich ZweiDone'])
  })

  test('a refusal of a bulk change names the field, and not its number', async () => {
    await made('Pelikan', 'Eins')
    const page = await leads('leads?search=pelikan')
    await cell(page, 0, 'mark').click()
    await page.getByRole('button', { name: 'Other field' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Field').selectOption('Account reference')
    await dialog.getByRole('button', { name: 'Make it empty' }).click()
    await dialog.getByRole('button', { name: 'Change 1 lead' }).click()
    await dialog.getByText('1 refused.').waitFor()
    const told = await dialog
      .getByRole('list', { name: 'Outcome of each lead' })
      .getByRole('listitem')
      .allTextContents()
    expect(told).toEqual(['Pelikan EinsAccount reference is required'])
  })

  test('keeps a view under a name, tells when it is changed, and lets it be as it was', async () => {
    const page = await leads('leads?status=qualified')
    await page.getByRole('button', { name: 'Save as view' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Qualified ones')
    await page.keyboard.press('Enter')
    const tab = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Qualified ones' })
    await tab.waitFor()
    expect(await tab.getAttribute('aria-current')).toBe('page')
    await page.getByRole('columnheader', { name: 'Company' }).getByRole('button').click()
    await page.getByRole('link', { name: /^Qualified ones ?, changed$/ }).waitFor()
    await page.getByRole('button', { name: 'Reset' }).click()
    await soon(() => new URL(page.url()).searchParams.get('sort')).toBe(null)
    await page.getByRole('button', { name: 'View Qualified ones' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await soon(() => tab.count()).toBe(0)
  })

  test('shows what others change, and stays where it is when a lead comes above', async () => {
    const { api } = await console()
    const page = await leads()
    await page.getByRole('grid').hover()
    await page.mouse.wheel(0, 34 * 80)
    const row = page.locator('[data-row="85"]')
    await row.locator('a').waitFor()
    const name = (await row.locator('a').textContent()) ?? ''
    const at = async (): Promise<number> =>
      Math.round((await page.getByRole('link', { name, exact: true }).boundingBox())?.y ?? -1)
    const was = await at()
    const { id } = await api.leads.create({
      company_name: 'Just Arrived GmbH',
      customFields: [{ customFieldId: 12, value: { text: 'x' } }],
    })
    await soon(() => total(page).textContent()).toMatch(/^20\d leads$/)
    await page.locator('[data-row="86"]').filter({ hasText: name }).waitFor()
    expect(await at()).toBe(was)
    await page.keyboard.press('/')
    await page.keyboard.type('Just Arrived')
    await page.getByRole('link', { name: 'Just Arrived GmbH' }).waitFor()
    await api.leads.update(id, { status: 'qualified' })
    await soon(() => cell(page, 0, 'status').textContent()).toBe('Qualified')
    await api.leads.delete(id)
  })

  test('opens a lead beside it, and leads from one to the next', async () => {
    const page = await leads()
    const names = await Promise.all([0, 1].map((row) => cell(page, row, 'company_name').textContent()))
    await cell(page, 0, 'company_name').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: names[0] ?? '', level: 2 }).waitFor()
    await page.keyboard.press('j')
    await page.getByRole('heading', { name: names[1] ?? '', level: 2 }).waitFor()
    await page.keyboard.press('Escape')
    await soon(() => new URL(page.url()).search).toBe('')
  })

  test.each([
    ['light', { colorScheme: 'light' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['narrow', narrow],
  ])('the page hinders nobody, %s', async (_name, options) => {
    const page = await leads('leads?status=new,qualified', options)
    expect(await faultsOf(page)).toEqual([])
  })
})
