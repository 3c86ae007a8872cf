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
    const menu = page.getByRole('navigation', { name: 'API Menu' })
    await menu.getByText('Update Lead').click()
    await page.getByRole('heading', { name: 'Update Lead' }).waitFor()
    const operations = await menu.locator('.nav-bar-path').allTextContents()
    expect(operations.slice(0, 3).map((text) => text.trim())).toEqual(['Update Lead', 'Get Lead', 'Delete Lead'])
    await page.getByRole('link', { name: 'Waggle to the console' }).click()
    await page.waitForURL('**/console/**')
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
