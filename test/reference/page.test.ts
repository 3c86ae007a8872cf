import { spawn } from 'node:child_process'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from '../console/browser.ts'

/** What the page may bring along, in bytes as they are sent: its files, without the document of the API. */
const filesBytesMax = 180_000

const updateLead = '/docs#?route=patch-/api/v1/leads/-leadId-'

/** Presses the button that sends the request, and waits for its answer. */
async function execute(page: Page, path: string): Promise<{ status: number; body: unknown; key: string | undefined }> {
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.url().endsWith(path)),
    page.getByRole('button', { name: 'Execute' }).click(),
  ])
  return { status: answer.status(), body: await answer.json(), key: answer.request().headers()['authorization'] }
}

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true }

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })
const menuOf = (page: Page) => page.getByRole('navigation', { name: 'API Menu' })
const filterOf = (page: Page) => menuOf(page).getByRole('textbox', { name: 'Find an operation' })

/** What a command of a shell prints, until a text is among it; then it is stopped. */
async function printedBy(command: string, awaited: string): Promise<string> {
  const child = spawn('sh', ['-c', `exec ${command}`], { stdio: ['ignore', 'pipe', 'ignore'] })
  let out = ''
  for await (const part of child.stdout.setEncoding('utf8')) {
    out += part
    if (out.includes(awaited)) child.kill()
  }
  return out
}

describeInBrowser('the API reference', () => {
  const server = useConsole()
  const opened = async (path: string, options?: BrowserContextOptions): Promise<Page> => {
    const { origin, stranger } = await server()
    const page = await stranger(options)
    await page.goto(`${origin}${path}`)
    return page
  }

  test('loads from its own server alone, small, and breaks no rule of its policy', async () => {
    const { origin, stranger } = await server()
    const page = await stranger()
    const sent: Promise<number>[] = []
    const asked: string[] = []
    const complaints: string[] = []
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => asked.push(request.url()))
    page.on('response', (response) => {
      if (!response.url().includes('/docs')) return
      const sizes = response.request().sizes()
      sent.push(sizes.then(({ responseBodySize }) => responseBodySize))
    })
    const document = await page.goto(`${origin}/docs`)
    expect(document?.headers()['content-security-policy']).toContain("script-src 'self';")
    await page.getByRole('link', { name: 'Update Lead' }).first().waitFor()
    await page.goto(`${origin}${updateLead}`)
    await page.getByRole('button', { name: 'Execute' }).waitFor()
    expect(await page.title()).toBe('API reference · Waggle')
    expect(asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'))).toEqual([])
    expect(complaints).toEqual([])
    const bytes = (await Promise.all(sent)).reduce((sum, one) => sum + one, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(filesBytesMax)
  })

  test("changes a lead with the sample's key and ids as they stand", async () => {
    const { api } = await server()
    const page = await opened(updateLead)
    expect(await page.getByRole('textbox', { name: 'leadId' }).inputValue()).toBe('789')
    const { status, body, key } = await execute(page, '/api/v1/leads/789')
    expect([status, key]).toEqual([200, 'Bearer jb_api_1234567890abcdef'])
    expect(body).toMatchObject({ id: 789 })
    const lead = await api.leads.get(789)
    expect(lead).toMatchObject({ status: 'qualified', company_name: 'TechCorp Solutions Inc' })
    expect(lead.tags.map(({ id }) => id)).toEqual([10, 11, 12])
    await page.getByText('OK (200)').waitFor()
  })

  test.each([
    ['get-/api/v1/leads', '/api/v1/leads', 200],
    ['get-/api/v1/leads/-leadId-', '/api/v1/leads/789', 200],
    ['post-/api/v1/leads', '/api/v1/leads', 201],
    ['post-/api/v1/leads/batch', '/api/v1/leads/batch', 200],
    ['put-/api/v1/leads/-leadId-/tags/-tagId-', '/api/v1/leads/789/tags/11', 200],
    ['get-/api/v1/events', '/api/v1/events', 200],
    ['post-/api/v1/custom-fields', '/api/v1/custom-fields', 201],
    ['post-/api/v1/imports', '/api/v1/imports', 201],
  ])('%s can be tried as it stands', async (route, path, expected) => {
    const { status, body } = await execute(await opened(`/docs#?route=${route}`), path)
    expect({ status, body }).toMatchObject({ status: expected })
    if (path.endsWith('/batch')) expect(body).toMatchObject({ failed: 0 })
  })

  test('sends the key that was set and nothing else, also for who is signed in', async () => {
    const { origin, signedIn } = await server()
    const page = await signedIn()
    await page.goto(`${origin}/docs#?route=auth`)
    await page.getByRole('button', { name: 'Clear all API keys' }).click()
    await page.getByText('No API key applied').waitFor()
    await page.getByRole('navigation', { name: 'API Menu' }).getByText('Who Asks').click()
    expect(await execute(page, '/api/v1/me')).toMatchObject({ status: 401, key: undefined })
  })

  test('begins with Update Lead, and leads to the console', async () => {
    const page = await opened('/docs')
    const menu = menuOf(page)
    await menu.getByText('Update Lead').click()
    await page.getByRole('heading', { name: 'Update Lead' }).waitFor()
    const operations = await menu.locator('.nav-bar-path').allTextContents()
    expect(operations.slice(0, 3).map((text) => text.trim())).toEqual(['Update Lead', 'Get Lead', 'Delete Lead'])
    await page.getByRole('link', { name: 'Waggle to the console' }).click()
    await page.waitForURL('**/console/**')
  })

  test.each([
    ['#?route=nope', 'nope'],
    ['#?route=section', 'section'],
    ['#?route=%25', '%'],
    ['#foo', 'foo'],
    ['#?route=', undefined],
    ['#', undefined],
  ])('an address without a part, %s, shows the beginning and says so', async (hash, named) => {
    const page = await opened(`/docs${hash}`)
    const isSaid = async (): Promise<void> => {
      await heading(page, 'The API of Waggle').waitFor()
      const said = page.getByText('Nothing here is called')
      if (named === undefined) expect(await said.count()).toBe(0)
      else await page.getByText(`Nothing here is called “${named}”. Choose an operation`).waitFor()
    }
    await isSaid()
    await page.locator('#begin').getByRole('link', { name: 'List Leads' }).click()
    await heading(page, 'List Leads').waitFor()
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
    await isSaid()
    await menuOf(page).getByText('Update Lead').click()
    await heading(page, 'Update Lead').waitFor()
    await menuOf(page).getByText('Overview').click()
    await heading(page, 'The API of Waggle').waitFor()
    expect(await page.getByText('Nothing here is called').count()).toBe(0)
  })

  test('goes back through what was shown, and then to where one came from', async () => {
    const { origin, stranger } = await server()
    const page = await stranger()
    await page.goto(`${origin}/healthz`)
    await page.goto(`${origin}/docs`)
    await page.locator('#begin').getByRole('link', { name: 'List Leads' }).click()
    await heading(page, 'List Leads').waitFor()
    await page.goBack()
    await heading(page, 'The API of Waggle').waitFor()
    await page.goBack()
    expect(page.url()).toBe(`${origin}/healthz`)
  })

  test('a stream is not tried but told as a command that shows it', async () => {
    const page = await opened('/docs#?route=get-/api/v1/leads/changes')
    await heading(page, 'Watch Leads').waitFor()
    await page.getByText('A stream does not end, so it is not tried on this page.').waitFor()
    expect(await page.getByRole('button', { name: 'Execute' }).count()).toBe(0)
    const command = await page.locator('code').filter({ hasText: 'curl -N' }).innerText()
    expect(await printedBy(command, '"more":false}')).toMatch(/^event: changed\ndata: \{"sequence":/m)
    await page.getByText('event: changed').waitFor()
  })

  test('the feed is tried as a list, and its stream is a command as well', async () => {
    const page = await opened('/docs#?route=get-/api/v1/events')
    const command = await page.locator('code').filter({ hasText: 'curl -N' }).innerText()
    expect(await page.getByText('Accept', { exact: true }).count()).toBe(0)
    expect(await printedBy(command, 'id: 2\n')).toMatch(/^id: 1\nevent: \w+\ndata: \{"sequence":1,/m)
  })

  test('fields are empty that have no example', async () => {
    const page = await opened('/docs#?route=get-/api/v1/events')
    const limit = page.getByRole('textbox', { name: 'limit' })
    await limit.waitFor()
    expect([await limit.inputValue(), (await limit.getAttribute('placeholder'))?.trim()]).toEqual(['', ''])
  })

  test('what was answered is indented by two', async () => {
    const page = await opened('/docs#?route=get-/api/v1/leads/-leadId-')
    await execute(page, '/api/v1/leads/789')
    const answer = page.locator('api-request').getByRole('region', { name: 'RESPONSE', exact: true })
    await answer.getByText('"tags"').waitFor()
    // The element adds two of its own.
    expect(await answer.innerText()).toMatch(/^ {4}"tags": \[\n {6}\{\n {8}"id"/m)
  })

  test('the menu finds operations whatever the case, and shows all again', async () => {
    const page = await opened('/docs')
    await heading(page, 'The API of Waggle').waitFor()
    const found = menuOf(page).locator('.nav-bar-path')
    const all = await found.count()
    await filterOf(page).fill('  WATCH lead')
    await expect.poll(() => found.allInnerTexts()).toEqual(['Watch Leads'])
    await filterOf(page).fill('no such thing')
    await page.getByText('Nothing is found').waitFor()
    await filterOf(page).fill('')
    await menuOf(page).getByText('Update Lead').click()
    expect(await found.count()).toBe(all)
    await filterOf(page).fill('rotate secret')
    await expect.poll(() => found.count()).toBe(1)
    await filterOf(page).press('Enter')
    await heading(page, 'Rotate Secret').waitFor()
  })

  test('can be used with keys alone', async () => {
    const { origin, stranger } = await server()
    const page = await stranger()
    await page.goto(`${origin}/docs`)
    await heading(page, 'The API of Waggle').waitFor()
    const focused = (): Promise<string> => page.locator(':focus').last().innerText()
    /** Presses Tab until what has the focus says a text. */
    const tabTo = async (text: string): Promise<void> => {
      for (let pressed = 0; pressed < 12; pressed += 1) {
        await page.keyboard.press('Tab')
        if ((await focused()) === text) return
      }
      throw new Error(`${text} is more than 12 steps away`)
    }
    await tabTo('Update Lead')
    await page.keyboard.press('Enter')
    await heading(page, 'Update Lead').waitFor()
    await tabTo('EXECUTE')
    await page.keyboard.press('Enter')
    await page.getByText('OK (200)').waitFor()
    await filterOf(page).focus()
    await tabTo('Get Lead')
    await page.keyboard.press('Enter')
    await heading(page, 'Get Lead').waitFor()
    await tabTo('EXECUTE')
  })

  test('a section that is closed is not reached by keys', async () => {
    const page = await opened('/docs#?route=tag--Events')
    await menuOf(page).getByText('Events', { exact: true }).click()
    await menuOf(page).getByText('Watch Leads').waitFor({ state: 'hidden' })
  })

  test('on a phone a menu finds what one looks for', async () => {
    const page = await opened('/docs', phone)
    await heading(page, 'The API of Waggle').waitFor()
    await menuOf(page).waitFor({ state: 'hidden' })
    const button = page.getByRole('button', { name: 'Menu' })
    await button.tap()
    const close = page.getByRole('button', { name: 'Close', expanded: true })
    await close.waitFor()
    // The menu covers the page's content, which is out of reach as long as it does.
    const faults = (await faultsOf(page)).filter((one) => !/^(landmark-one-main|page-has-heading-one):/.test(one))
    expect(faults).toEqual([])
    await page.keyboard.press('Escape')
    await menuOf(page).waitFor({ state: 'hidden' })
    expect(await page.locator(':focus').innerText()).toBe('Menu')
    await button.tap()
    await filterOf(page).fill('changes')
    await menuOf(page).getByText('Watch Leads').tap()
    await heading(page, 'Watch Leads').waitFor()
    await menuOf(page).waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: 'API reference' }).tap()
    await heading(page, 'The API of Waggle').waitFor()
  })

  test('on a phone an operation is told whole, can be tried, and is not wider than the screen', async () => {
    const page = await opened(updateLead, phone)
    await heading(page, 'Update Lead').waitFor()
    await page.getByText("The lead's number or its uuid.").waitFor()
    await page.getByText('Makes a repeated request safe').waitFor()
    await page.getByText('curl -X PATCH').waitFor()
    expect((await execute(page, '/api/v1/leads/789')).status).toBe(200)
    await page.getByText('OK (200)').waitFor()
    const name = page.locator('#request-Idempotency-Key-label')
    const field = page.getByRole('textbox', { name: 'Idempotency-Key' })
    expect((await name.boundingBox())?.y).toBeLessThan((await field.boundingBox())?.y ?? 0)
    const main = "document.querySelector('openapi-explorer').shadowRoot.querySelector('main')"
    expect(await page.evaluate(`${main}.scrollWidth - ${main}.clientWidth`)).toBe(0)
    await page.getByRole('textbox', { name: 'leadId' }).fill('790')
    await page.setViewportSize({ width: 844, height: 390 })
    await menuOf(page).waitFor()
    expect(await page.getByRole('textbox', { name: 'leadId' }).inputValue()).toBe('790')
  })

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['dark', 390],
  ] as const)('can be used by everybody: %s, %i pixels wide', async (colorScheme, width) => {
    const options = { colorScheme, viewport: { width, height: 900 } }
    const page = await opened('/docs', options)
    await page.getByRole('heading', { name: 'The API of Waggle' }).waitFor()
    await page.getByText('Durable.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    const ground = await page.evaluate('getComputedStyle(document.querySelector("openapi-explorer")).backgroundColor')
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(21, 20, 18)' : 'rgb(255, 255, 255)')
    const operation = await opened(updateLead, options)
    await operation.getByRole('button', { name: 'Execute' }).waitFor()
    expect(await faultsOf(operation)).toEqual([])
  })
})

describeInBrowser('the API reference of a server of one’s own', () => {
  const server = useConsole([])

  test('has no key and no ids, and asks for a key', async () => {
    const { origin, stranger } = await server()
    const page = await stranger()
    await page.goto(`${origin}/docs`)
    await page.getByText('set a key first').waitFor()
    await page.goto(`${origin}${updateLead}`)
    const id = page.getByRole('textbox', { name: 'leadId' })
    await id.waitFor()
    expect(await id.inputValue()).toBe('')
    await id.fill('1')
    const { status, key } = await execute(page, '/api/v1/leads/1')
    expect([status, key]).toEqual([401, undefined])
  })
})
