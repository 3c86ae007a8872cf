import { expect, test } from 'vitest'
import { describeInBrowser, useConsole } from './browser.ts'

/** What the first page may bring along, in bytes as they are sent. */
const scriptBytesMax = 250_000

describeInBrowser('the first load of the leads page', () => {
  const console = useConsole()

  test('is small, asks nobody but the server, and breaks no rule of its policy', async () => {
    const { origin, signedIn } = await console()
    const page = await signedIn()
    const sent: Promise<number>[] = []
    const foreign: string[] = []
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => request.url().startsWith(origin) || foreign.push(request.url()))
    page.on('response', (response) => {
      if (!/javascript/.test(response.headers()['content-type'] ?? '')) return
      sent.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => responseBodySize),
      )
    })
    await page.goto('leads')
    await page.getByText('200 leads').first().waitFor()
    const bytes = (await Promise.all(sent)).reduce((sum, one) => sum + one, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(scriptBytesMax)
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
    expect(await page.title()).toBe('Leads · Waggle')
  })
})
