import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

// biome-ignore lint/correctness/useHookAtTopLevel: no hook of React's
const begun = useConsole()

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = await listen(createServer())
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** A receiver that answers with the status it was told last; ends with the test. */
async function receiver(): Promise<{ url: string; answer: (status: number) => void; got: () => number }> {
  let [status, got] = [204, 0]
  const server = await listen(
    createServer((request, response) => {
      request.resume()
      got += 1
      response.writeHead(status).end()
    }),
  )
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const answer = (next: number): void => {
    status = next
  }
  return { url: `http://127.0.0.1:${port}/hook`, answer, got: () => got }
}

async function start(code: string, port: number): Promise<ChildProcess> {
  const text = `${code.replace('5000', String(port)).trimEnd()}.once('listening', () => console.log('ready'))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  await once(child.stdout, 'data')
  return child
}

const dialog = (page: Page) => page.getByRole('dialog')
const act = async (page: Page, url: string, item: string): Promise<void> => {
  await page.getByRole('button', { name: `More for ${url}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
const endpointOf = async (url: string, more = {}): Promise<{ id: number; uuid: string }> => {
  const { admin } = await begun()
  const integration = (await admin.integrations.list()).rows[0]?.uuid ?? ''
  return admin.webhooks.create({ integration, url, ...more })
}

describeInBrowser('webhooks', { timeout: 60_000 }, () => {
  test('an endpoint is made, its secret checks out with the code that is shown, and a change arrives before the eyes', async () => {
    const { signedIn, api } = await begun()
    const page = await signedIn()
    const port = await freePort()
    await page.goto('webhooks')
    await page.getByRole('button', { name: 'New endpoint' }).click()
    await dialog(page).getByLabel('Address').fill('ftp://nowhere')
    await dialog(page).getByRole('button', { name: 'Make endpoint' }).click()
    await dialog(page).getByText(/http/, { exact: false }).locator('visible=true').first().waitFor()
    await dialog(page).getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`)
    await dialog(page).getByRole('radio', { name: 'Only those that touch one of these:' }).check()
    await dialog(page).getByRole('button', { name: 'Make endpoint' }).click()
    await dialog(page).getByText('Choose one member at least.').waitFor()
    await dialog(page).getByRole('checkbox', { name: 'Status' }).check()
    await dialog(page).getByRole('button', { name: 'Make endpoint' }).click()

    await dialog(page).getByText('It is shown only now.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await start((await dialog(page).getByRole('group', { name: 'the receiver in Node' }).textContent()) ?? '', port)
    await dialog(page).getByRole('button', { name: 'Send a test' }).click()
    await dialog(page).getByText('It arrived: the receiver answered 204').waitFor()
    await dialog(page).getByRole('button', { name: 'Open the endpoint' }).click()

    await page.getByText('Hears of: Every event · changes only of Status').waitFor()
    await page.getByText('Nothing was sent yet').waitFor()
    await api.leads.update(789, { phone_number: '+1-555-010-0001' })
    await api.leads.update(789, { status: 'lost' })
    await page.getByRole('link', { name: 'Lead changed' }).click()
    const panel = page.getByRole('complementary', { name: /Lead changed, number/ })
    await panel.getByText('Arrived', { exact: true }).waitFor()
    await panel.getByRole('group', { name: 'the body' }).getByText('"status": "lost"').first().waitFor()
    expect(await page.getByRole('link', { name: 'Lead changed' }).count()).toBe(1)
    expect(await faultsOf(page)).toEqual([])
    await page.reload()
    await panel.waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
  })

  test('a failed delivery says why, and all that failed are sent again after saying how many', async () => {
    const { signedIn, api } = await begun()
    const hook = await receiver()
    hook.answer(500)
    const { id } = await endpointOf(hook.url, { fields: ['external_id'] })
    for (const lead of [789, 790]) await api.leads.update(lead, { external_id: `crm-${lead}` })
    const page = await signedIn({ colorScheme: 'dark' })
    await page.goto(`webhooks/${id}?state=retrying,parked`)
    await page.getByRole('link', { name: 'Lead changed' }).nth(1).waitFor()
    await page.getByRole('link', { name: 'Lead changed' }).first().click()
    await page.getByText('The receiver answered 500. Something failed over there: look into its log.').waitFor()
    expect(await faultsOf(page)).toEqual([])

    hook.answer(204)
    await act(page, hook.url, 'Send again all that failed')
    await dialog(page).getByText('2 deliveries to').waitFor()
    await dialog(page).getByRole('button', { name: 'Send 2 again' }).click()
    await page.getByText('2 are sent again.').waitFor()
    await page.getByText('No such delivery').waitFor()
    await page.getByRole('radio', { name: 'All' }).locator('..').click()
    await page
      .getByRole('row', { name: /Arrived Lead changed/ })
      .nth(1)
      .waitFor()

    const got = hook.got()
    await page.getByRole('button', { name: 'Send this one again' }).click()
    await dialog(page).getByRole('button', { name: 'Send 1 again' }).click()
    await expect.poll(hook.got).toBeGreaterThan(got)
  })

  test('everything from a number on is sent again, and the body is shown before', async () => {
    const { signedIn, api } = await begun()
    const hook = await receiver()
    const { sequence } = await api.leads.update(789, { first_name: 'Mona' })
    const { id } = await endpointOf(hook.url, { fields: ['first_name'] })
    const page = await signedIn()
    await page.goto(`webhooks/${id}`)
    await act(page, hook.url, 'Show what is sent')
    await dialog(page).getByRole('group', { name: 'the body' }).getByText('"first_name"').first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })

    await act(page, hook.url, 'Send again from a time')
    await dialog(page)
      .getByText(/These are \d+ events/)
      .waitFor()
    await dialog(page).getByRole('radio', { name: 'with the event of a number' }).check()
    await dialog(page).getByLabel('Number', { exact: true }).fill(String(sequence))
    await dialog(page).getByText(`from number ${sequence} to`).waitFor()
    await dialog(page)
      .getByRole('button', { name: /^Send \d+ again$/ })
      .click()
    await page.getByRole('row', { name: new RegExp(`Arrived Lead changed again #789 ${sequence} `) }).waitFor()
    expect(hook.got()).toBe(1)
  })

  test('a time in the address that is none is refused in words, and can be cleared', async () => {
    const { signedIn } = await begun()
    const hook = await receiver()
    const { id } = await endpointOf(hook.url)
    const page = await signedIn()
    for (const [query, shown] of [
      ['since=foo', 'From foo'],
      ['until=2026-13-45T00:00', 'Until 2026-13-45T00:00'],
    ] as const) {
      await page.goto(`webhooks/${id}?${query}`)
      await page.getByRole('button', { name: shown, exact: true }).waitFor()
      await page.getByRole('region', { name: 'Deliveries' }).getByRole('alert').waitFor()
      await page.getByRole('button', { name: 'Clear', exact: true }).click()
      await page.getByText('Nothing was sent yet').waitFor()
      expect(new URL(page.url()).search).toBe('')
    }
  })

  test('it is paused and taken back, given another secret, and deleted', async () => {
    const { signedIn, admin, api } = await begun()
    const hook = await receiver()
    const { id } = await endpointOf(hook.url, { fields: ['last_name'] })
    const page = await signedIn({ viewport: { width: 390, height: 844 } })
    await page.goto('webhooks')
    await page.getByRole('link', { name: hook.url }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await act(page, hook.url, 'Pause')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await admin.webhooks.get(id)).state).toBe('active')

    await admin.webhooks.update(id, { state: 'paused' })
    await api.leads.update(789, { last_name: 'Chan' })
    await page.reload()
    await act(page, hook.url, 'Resume')
    await dialog(page).getByRole('radio', { name: 'Give them up' }).check()
    await dialog(page).getByRole('button', { name: 'Resume' }).click()
    await expect.poll(async () => (await admin.webhooks.get(id)).state).toBe('active')
    expect(hook.got()).toBe(0)

    await dialog(page).waitFor({ state: 'detached' })
    await act(page, hook.url, 'New secret')
    await dialog(page).getByRole('button', { name: 'Make a new secret' }).click()
    await dialog(page)
      .getByText(/^.*whsec_/)
      .first()
      .waitFor()
    expect((await admin.webhooks.get(id)).old_secret_until).not.toBeNull()
    await dialog(page).getByRole('button', { name: 'Done' }).click()

    await dialog(page).waitFor({ state: 'detached' })
    await act(page, hook.url, 'Delete')
    await dialog(page).getByRole('button', { name: 'Delete endpoint' }).click()
    await page.getByRole('link', { name: hook.url }).waitFor({ state: 'detached' })
    await expect(admin.webhooks.get(id)).rejects.toMatchObject({ failure: 'webhook_not_found' })
  })
})
