import { spawnSync } from 'node:child_process'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sampleKeys } from '../../src/sample/workspace.ts'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

/** With the palette open and this typed. */
async function typeIn(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Find a lead' })
  await field.waitFor()
  await field.fill(text)
}
const option = (page: Page, name: string) => page.getByRole('option', { name })
const copiedText = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()')

describeInBrowser('the palette', () => {
  const console = useConsole()

  test('finds a lead, sets its status, and gives the change as a command that does the same', async () => {
    const { signedIn, api, origin } = await console()
    const page = await signedIn({ permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto('board')
    await page.locator('[data-lead]').first().waitFor()
    await typeIn(page, 'techcorp')
    await option(page, 'TechCorp Solutions').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/board?lead=789')

    await typeIn(page, 'set st')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Set status' }).fill('lost')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await api.leads.get(789)).status).toBe('lost')
    await page.getByText('Status changed').waitFor()

    await typeIn(page, 'copy as curl')
    await option(page, 'Copy as curl: the last change').click()
    await page.getByText('The curl command is copied.').waitFor()
    const command = await copiedText(page)
    await api.leads.update(789, { status: 'new' })
    const { stdout } = spawnSync('sh', ['-c', command], {
      encoding: 'utf8',
      env: { WAGGLE_KEY: sampleKeys.readWrite, PATH: process.env['PATH'] },
    })
    expect(JSON.parse(stdout)).toMatchObject({ id: 789 })
    expect((await api.leads.get(789)).status).toBe('lost')

    await page.getByRole('button', { name: 'Copy this change as curl or code' }).click()
    await page.getByRole('menuitem', { name: 'Copy as code' }).click()
    await page.getByText('The code is copied.').waitFor()
    expect(await copiedText(page)).toContain(`await waggle.leads.update(789, { status: 'lost' })`)
    expect(await copiedText(page)).toContain(origin)
  })

  test('assigns and tags what is open by its name, and goes to pages', async () => {
    const { signedIn, api } = await console()
    const page = await signedIn()
    await page.goto('leads/789')
    await page.getByRole('heading', { name: 'TechCorp Solutions' }).first().waitFor()
    const has = async (): Promise<boolean> => (await api.leads.get(789)).tags.some(({ label }) => label === 'Hot')
    const isHot = await has()
    await typeIn(page, 'hot')
    await option(page, isHot ? 'Remove tag: Hot' : 'Add tag: Hot').click()
    await expect.poll(has).toBe(!isHot)

    await typeIn(page, 'webh')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/console/webhooks')
    await page.keyboard.press('g')
    await page.keyboard.press('b')
    await page.waitForURL('**/console/board')
  })

  test('keeps the list that is open as a view', async () => {
    const { signedIn, api } = await console()
    const page = await signedIn()
    await page.goto('leads?status=lost')
    await page.getByRole('heading', { name: 'Leads' }).waitFor()
    await typeIn(page, 'make a view')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Name of the view' }).fill('Lost ones')
    await option(page, 'Save “Lost ones” for everyone').click()
    await page.waitForURL('**/leads?status=lost&saved=*')
    const { rows } = await api.views.list()
    expect(rows.find(({ name }) => name === 'Lost ones')).toMatchObject({ shared: true, query: { status: 'lost' } })
    await typeIn(page, 'lost ones')
    await option(page, 'Lost ones').first().waitFor()
  })

  test('single keys can be switched off', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    await page.goto('board')
    await page.locator('[data-lead]').first().waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('switch', { name: 'Keys without' }).uncheck({ force: true })
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await typeIn(page, 'show the keys')
    expect(await page.getByRole('dialog', { name: 'Keys' }).count()).toBe(0)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  })

  test.each(['light', 'dark'] as const)('hinders nobody, %s', async (colorScheme) => {
    const { signedIn } = await console()
    const page = await signedIn({ colorScheme })
    await page.goto('board?lead=789')
    await page.locator('[data-lead]').first().waitFor()
    await typeIn(page, '')
    await option(page, 'Set status').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
    await option(page, 'Qualified').waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})

describeInBrowser('the first steps', () => {
  const console = useConsole()

  test('their commands make a lead that is seen to arrive, and to change', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    await page.goto('board')
    await page.locator('[data-lead]').first().waitFor()
    await typeIn(page, 'first steps')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'First steps' })
    await dialog.getByText('It is shown here as soon as').waitFor()
    const run = async (at: number): Promise<void> => {
      const command = (await dialog.locator('pre').nth(at).textContent()) ?? ''
      const env = { WAGGLE_KEY: sampleKeys.readWrite, PATH: process.env['PATH'] }
      expect(JSON.parse(spawnSync('sh', ['-c', command], { encoding: 'utf8', env }).stdout)).toHaveProperty('id')
    }
    await run(1)
    await dialog.getByRole('link', { name: 'Nordlicht GmbH' }).waitFor()
    await run(2)
    await dialog.getByText('Qualified', { exact: true }).waitFor()
    expect(await faultsOf(page)).toEqual([])
  })
})
