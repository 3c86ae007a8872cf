import { expect, test } from 'vitest'
import { describeInBrowser, useConsole } from './browser.ts'

describeInBrowser('two people at once', () => {
  const console = useConsole()

  test('each sees what the other changes, without asking for it', async () => {
    const { signedIn } = await console()
    const [one, other] = [await signedIn(), await signedIn()]
    for (const page of [one, other]) {
      await page.goto('leads/789')
      await page.getByRole('heading', { name: 'TechCorp Solutions' }).waitFor()
    }
    for (const [from, to, phone] of [
      [one, other, '+49 30 111'],
      [other, one, '+49 30 222'],
    ] as const) {
      await from.getByRole('button', { name: /^Phone/ }).click()
      await from.getByRole('textbox', { name: /Phone/ }).fill(phone)
      await from.keyboard.press('Enter')
      await to.getByText(phone).first().waitFor()
    }
  })

  test("a program's change appears in the list", async () => {
    const { api, signedIn } = await console()
    const page = await signedIn()
    await page.goto('leads?search=TechCorp+Solutions')
    await page.getByText('Maria Chen').first().waitFor()
    await api.leads.update(789, { last_name: 'Chen-Okafor' })
    await page.getByText('Maria Chen-Okafor').first().waitFor()
    expect(page.url()).toContain('search=TechCorp')
  })

  test('goes on after a proxy has answered in place of a server that restarts', async () => {
    const { api, signedIn } = await console()
    const page = await signedIn()
    let refused = 0
    await page.route('**/api/v1/leads/changes', async (route) => {
      refused += 1
      if (refused < 3) await route.fulfill({ status: 502, contentType: 'text/html', body: 'Bad Gateway' })
      else await route.continue()
    })
    const gone = page.waitForResponse('**/api/v1/leads/changes')
    await page.goto('leads/789')
    await page.getByRole('heading', { name: 'TechCorp Solutions' }).waitFor()
    await gone
    await api.leads.update(789, { phone_number: '+49 30 555' })
    await page.getByText('+49 30 555').first().waitFor()
    await api.leads.update(789, { phone_number: '+49 30 666' })
    await page.getByText('+49 30 666').first().waitFor()
    expect(refused).toBe(3)
  })
})
