import { spawnSync } from 'node:child_process'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { createClient } from '../../sdk/index.ts'
import { describeInBrowser, faultsOf, useConsole } from './browser.ts'

// biome-ignore lint/correctness/useHookAtTopLevel: no hook of React's
const begun = useConsole()
const dialog = (page: Page) => page.getByRole('dialog')
const act = async (page: Page, label: string, item: string): Promise<void> => {
  await page.getByRole('button', { name: `More for ${label}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
const secretIn = async (page: Page): Promise<string> =>
  /wgl_\w+/.exec((await dialog(page).locator('code').first().textContent()) ?? '')?.[0] ?? ''

describeInBrowser('keys', { timeout: 60_000 }, () => {
  test('a key is made, and the command that is shown with it changes a lead', async () => {
    const { signedIn, api } = await begun()
    const page = await signedIn()
    await page.goto('keys')
    await page.getByRole('row', { name: /Administration/ }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.keyboard.press('n')
    await dialog(page).getByRole('button', { name: 'Make key' }).click()
    await dialog(page).getByText('Say what it is for.').waitFor()
    await dialog(page).getByRole('textbox', { name: 'Label' }).fill('CRM of the north')
    await dialog(page).getByRole('button', { name: 'Make key' }).click()
    const command = (await dialog(page).getByRole('group', { name: 'the command' }).textContent()) ?? ''
    expect(await faultsOf(page)).toEqual([])
    const [, leadId = '', status = ''] = /leads\/(\d+).*"status": "(\w+)"/s.exec(command) ?? []
    expect((await api.leads.get(leadId)).status).not.toBe(status)
    expect(spawnSync('sh', ['-c', command], { encoding: 'utf8' }).status).toBe(0)
    expect((await api.leads.get(leadId)).status).toBe(status)
    await dialog(page).getByRole('button', { name: 'Done' }).click()
    await page.getByRole('row', { name: /CRM of the north.*Read Write/ }).waitFor()
  })

  test('it is renamed and named back, rotated with an overlap, and revoked', async () => {
    const { signedIn, admin, origin } = await begun()
    const { key, id } = await admin.keys.create({ label: 'Old script', read_access: true })
    const old = createClient({ baseUrl: origin, key, retries: 0 })
    const page = await signedIn({ colorScheme: 'dark' })
    await page.goto('keys')
    await act(page, 'Old script', 'Rename')
    await page.getByRole('textbox', { name: 'Label' }).fill('Something else')
    await page.keyboard.press('Escape')
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('More for Old script')
    await act(page, 'Old script', 'Rename')
    await page.getByRole('textbox', { name: 'Label' }).fill('Night script')
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /Night script/ }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('row', { name: /Old script/ }).waitFor()

    await act(page, 'Old script', 'Rotate')
    await dialog(page).getByLabel('Hours that the old key still opens').fill('2')
    await dialog(page).getByRole('button', { name: 'Make the new key' }).click()
    await dialog(page).getByText('The old key opens until').waitFor()
    const rotated = createClient({ baseUrl: origin, key: await secretIn(page), retries: 0 })
    for (const client of [old, rotated]) expect((await client.leads.list({ pageSize: 1 })).rows).toHaveLength(1)
    const held = (await admin.keys.list()).rows.find((one) => one.id === id)
    expect(Date.parse(held?.expires_at ?? '') - Date.now()).toBeGreaterThan(7_000_000)
    await dialog(page).getByRole('button', { name: 'Done' }).click()

    await dialog(page).waitFor({ state: 'detached' })
    await page
      .getByRole('row', { name: /Old script.*In force/ })
      .getByRole('button')
      .click()
    await page.getByRole('menuitem', { name: 'Revoke' }).click()
    await dialog(page)
      .getByText(/It was used last|It was never used/)
      .waitFor()
    await dialog(page).getByRole('button', { name: 'Revoke key' }).click()
    await page.getByText('Old script is revoked.').waitFor()
    await expect
      .poll(() =>
        rotated.leads.list({ pageSize: 1 }).then(
          () => 'opens',
          (error: { failure: string }) => error.failure,
        ),
      )
      .toBe('invalid_key')
    await page.getByLabel('Ended ones too').check()
    await page.getByRole('row', { name: /Old script.*Revoked/ }).waitFor()
    expect(page.url()).toContain('revoked=1')
  })

  test('the last admin key is kept, and it says why', async () => {
    const { signedIn } = await begun()
    const page = await signedIn({ viewport: { width: 390, height: 844 } })
    await page.goto('keys')
    await act(page, 'Administration', 'Revoke')
    await dialog(page).getByText('It is the last key that may administer').waitFor()
    expect(await dialog(page).getByRole('button', { name: 'Revoke key' }).isDisabled()).toBe(true)
    expect(await faultsOf(page)).toEqual([])
  })
})
