import type { Page, Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

const sentence = 'A part of the console could not be loaded'
const part = (name: string): RegExp => new RegExp(`/assets/${name}-[\\w-]+\\.(?:js|css)$`)
const cut = (route: Route): Promise<void> => route.abort('connectionrefused')

const gone = (route: Route): Promise<void> =>
  route.fulfill({ status: 404, contentType: 'text/plain', body: 'This file belongs to an older version.' })

/** How often the page has been read. */
function counted(page: Page): () => number {
  let loads = 0
  page.on('domcontentloaded', () => {
    loads += 1
  })
  return () => loads
}

/** As a server that is gone answers; the page's own address too. */
async function goAway(page: Page): Promise<void> {
  await page.route('**/*', cut)
}

describeInBrowser('a part of the console that cannot be loaded', () => {
  const console = useConsole()

  test('is told while the server is away, and there once it is back', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    await page.goto('leads')
    await page.getByText('200 leads').first().waitFor()
    await goAway(page)
    await page.getByRole('link', { name: 'Board' }).click()
    await page.getByText(sentence).waitFor()
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(1)
    await page.unroute('**/*', cut)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Board' }).waitFor()
  })

  test.each([
    {
      name: 'the palette',
      asset: 'palette',
      open: (page: Page) => page.keyboard.press('Control+k'),
      isOpen: (page: Page) => page.getByRole('dialog').waitFor(),
    },
    {
      name: 'the panel of a lead',
      asset: 'panel',
      // After the page is read anew its address has it open.
      open: async (page: Page) => {
        if (!page.url().includes('lead=')) await page.getByRole('grid').locator('[data-row="0"] a').click()
      },
      isOpen: (page: Page) => page.getByRole('heading', { level: 2 }).first().waitFor(),
    },
  ])('$name is told, and there once it can be loaded', async ({ asset, open, isOpen }) => {
    const { signedIn } = await console()
    const page = await signedIn()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.route(part(asset), cut)
    await page.route('**/api/console/state', cut)
    const ahead = asset === 'palette' ? page.waitForEvent('requestfailed') : undefined
    await page.goto('leads')
    await page.getByText('200 leads').first().waitFor()
    await ahead
    await open(page)
    await page.getByText(sentence).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.unroute(part(asset), cut)
    await page.unroute('**/api/console/state', cut)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('200 leads').first().waitFor()
    await open(page)
    await isOpen(page)
    expect(errors).toEqual([])
  })

  test('of an older build is looked for anew, once', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    const loads = counted(page)
    await page.goto('leads')
    await page.getByText('200 leads').first().waitFor()
    await page.route(/\.css$/, gone, { times: 1 })
    await page.getByRole('link', { name: 'Board' }).click()
    await page.getByRole('heading', { name: 'Board' }).waitFor()
    expect(loads()).toBe(2)
  })

  test('is not looked for without end', async () => {
    const { signedIn } = await console()
    const page = await signedIn()
    const loads = counted(page)
    await page.goto('leads')
    await page.getByText('200 leads').first().waitFor()
    await page.route(/\/assets\/(?!index)[\w-]+\.css$/, gone)
    await page.getByRole('link', { name: 'Keys' }).click()
    await expect.poll(loads).toBe(2)
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.getByText(sentence).waitFor()
    expect(loads()).toBe(2)
  })
})
