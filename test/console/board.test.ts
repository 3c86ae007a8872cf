import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

const column = (page: Page, status: string) => page.locator(`section[data-status="${status}"]`)
const cards = (page: Page, status: string) => column(page, status).locator('[data-lead]')
const countOf = async (page: Page, status: string): Promise<number> =>
  Number.parseInt((await column(page, status).locator('h2 span').last().locator('..').textContent()) ?? '', 10)

async function openBoard(page: Page, search = ''): Promise<void> {
  await page.goto(`board${search}`)
  await cards(page, 'new').first().waitFor()
}

describeInBrowser('the board', () => {
  const console = useConsole()

  test('moves a lead by mouse, by keys and by its menu, and takes a move back', async () => {
    const { signedIn, api } = await console()
    const page = await signedIn()
    await openBoard(page)
    const [before, there] = [await countOf(page, 'new'), await countOf(page, 'qualified')]
    const id = Number(await cards(page, 'new').nth(1).getAttribute('data-lead'))
    const name = (await cards(page, 'new').nth(1).getByRole('link').textContent()) ?? ''

    await dragTo(page, id, 'qualified')
    await column(page, 'qualified').locator(`[data-lead="${id}"]`).waitFor()
    await expect.poll(() => countOf(page, 'new')).toBe(before - 1)
    await expect.poll(() => countOf(page, 'qualified')).toBe(there + 1)
    await expect.poll(async () => (await api.leads.get(id)).status).toBe('qualified')
    await page
      .getByRole('status')
      .filter({ hasText: `${name} moved to Qualified.` })
      .waitFor({ state: 'attached' })

    await page.locator(`[data-lead="${id}"] a`).focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(async () => (await api.leads.get(id)).status).toBe('contacted')
    await column(page, 'contacted').locator(`[data-lead="${id}"]`).waitFor()
    // The focus goes along, so that the next key is about the same lead.
    await page.locator(`[data-lead="${id}"] a:focus`).waitFor()

    await page.keyboard.press('s')
    await page.getByRole('menuitem', { name: 'Lost' }).click()
    await expect.poll(async () => (await api.leads.get(id)).status).toBe('lost')
    await column(page, 'lost').locator(`[data-lead="${id}"]`).waitFor()

    await page.keyboard.press('Control+z')
    await expect.poll(async () => (await api.leads.get(id)).status).toBe('contacted')
    await column(page, 'contacted').locator(`[data-lead="${id}"]`).waitFor()
  })

  test('puts a lead back and says why when a move is refused', async () => {
    const { signedIn, api } = await console()
    const page = await signedIn()
    // This console hears nothing of what others do, and still shows a lead that is gone.
    await page.route('**/api/v1/leads/changes', (route) => route.abort())
    await openBoard(page)
    const card = cards(page, 'new').first()
    const id = Number(await card.getAttribute('data-lead'))
    await api.leads.delete(id)
    await card.getByRole('link').focus()
    await page.keyboard.press('Shift+ArrowRight')
    await page.getByRole('alert').filter({ hasText: 'stays in New' }).waitFor()
    expect(await column(page, 'contacted').locator(`[data-lead="${id}"]`).count()).toBe(0)
  })

  test('keeps the filters of the address, opens a lead beside it, and shows what others move', async () => {
    const { signedIn, api } = await console()
    const page = await signedIn()
    await openBoard(page, '?status=new,lost')
    expect(await page.locator('section[data-status]').count()).toBe(2)
    const card = cards(page, 'new').first()
    const id = Number(await card.getAttribute('data-lead'))
    await card.getByRole('link').click()
    await page.waitForURL(`**/board?status=new,lost&lead=${id}`)
    await page.getByRole('button', { name: 'Next lead' }).waitFor()
    await api.leads.update(id, { status: 'lost' })
    await column(page, 'lost').locator(`[data-lead="${id}"]`).waitFor()
    expect(await column(page, 'new').locator(`[data-lead="${id}"]`).count()).toBe(0)
  })

  test('shows one column at a time where there is little room', async () => {
    const { signedIn } = await console()
    const page = await signedIn({ viewport: { width: 390, height: 844 } })
    await openBoard(page)
    expect(await page.locator('section[data-status]').count()).toBe(1)
    await page.getByRole('tab', { name: 'Converted' }).click()
    await cards(page, 'converted').first().waitFor()
    await page.waitForURL('**/board?column=converted')
    expect(await faultsOf(page)).toEqual([])
  })

  test.each(['light', 'dark'] as const)('hinders nobody, %s', async (colorScheme) => {
    const { signedIn } = await console()
    const page = await signedIn({ colorScheme })
    await openBoard(page)
    expect(await faultsOf(page)).toEqual([])
  })
})

/** With the mouse, in the steps that a browser needs to see a drag. */
async function dragTo(page: Page, id: number, status: string): Promise<void> {
  const [from, to] = [await page.locator(`[data-lead="${id}"]`).boundingBox(), await column(page, status).boundingBox()]
  if (from === null || to === null) throw new Error('nothing to drag')
  await page.mouse.move(from.x + 60, from.y + 40)
  await page.mouse.down()
  await page.mouse.move(from.x + 90, from.y + 60, { steps: 3 })
  await page.mouse.move(to.x + 80, to.y + 200, { steps: 4 })
  await page.mouse.up()
}
