import { expect, test } from 'vitest'
import { sampleKeys } from '../../src/sample/keys.ts'
import { receiver, verified } from '../webhooks/receiver.ts'
import { serving, temporaryDirectory, waggle } from './program.ts'

const integration = '5b8f0c52-6a1e-4d0b-9c37-2f4f0e8a7d11'
const second = 1_000
/** A running server looks for what commands did once a second. */
const noticed = { timeout: 5 * second, interval: 100 }

async function sample() {
  const data = temporaryDirectory()
  const server = await serving(['--sample', '--data', data])
  const webhook = (...words: string[]) => waggle(['webhook', ...words, '--data', data])
  const patch = async (body: object): Promise<number> => {
    const reply = await fetch(`${server.url}/api/v1/leads/789`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${sampleKeys.readWrite}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return Number(reply.headers.get('x-waggle-sequence'))
  }
  return { data, server, webhook, patch }
}

const secretIn = (out: string): string => /whsec_\S+/.exec(out)?.[0] ?? ''

test('an endpoint made beside a running server hears of changes, and its printed secrets verify them', async () => {
  const { webhook, patch } = await sample()
  const hook = await receiver()
  const added = await webhook('add', hook.url, '--company', '3', '--fields', 'status,first_name')
  expect(added).toMatchObject({ code: 0, err: '', out: expect.stringContaining(integration) })

  const tested = await webhook('test', '1')
  expect(tested).toMatchObject({ code: 0, out: expect.stringMatching(/^Accepted: 200 in \d+ ms\. It said: thanks\n$/) })
  const [trial] = await hook.arrived(1)
  if (trial === undefined) throw new Error('nothing arrived')
  await verified(trial, secretIn(added.out), integration)

  await patch({ phone_number: '+1' })
  const sequence = await patch({ first_name: 'Ada' })
  const [, one] = await hook.arrived(2)
  if (one === undefined) throw new Error('nothing arrived')
  await verified(one, secretIn(added.out), integration)
  expect(one).toMatchObject({ sequence, body: { changed_fields: ['first_name'], lead: { id: 789 } } })

  await expect
    .poll(async () => (await webhook('deliveries', '1')).out, noticed)
    .toMatch(/lead_updated +789 +delivered +1 +200/)
  expect((await webhook('list')).out).toMatch(/^id +company +integration .*\n1 +3 +CRM connector +active +0 +0 +200/)
})

test('it is paused, resumed, replayed and removed beside the server', async () => {
  const { webhook, patch } = await sample()
  const hook = await receiver()
  await webhook('add', hook.url, '--company', '3')
  const first = await patch({ first_name: 'One' })
  await hook.arrived(1)

  expect((await webhook('pause', '1')).out).toBe('Webhook 1 is paused.\n')
  expect((await webhook('list')).out).toContain('paused')
  // The server looks once a second; what it sends before that is sent by right.
  await new Promise((resolve) => setTimeout(resolve, 1.5 * second))
  await patch({ first_name: 'Two' })
  expect(hook.received).toHaveLength(1)
  expect((await webhook('resume', '1', '--skip')).out).toBe('Webhook 1 is active, from the next change on.\n')
  await expect
    .poll(async () => {
      await patch({ first_name: `Three ${Math.random()}` })
      return hook.received.length
    }, noticed)
    .toBeGreaterThan(1)
  expect(hook.received.map(({ body }) => body.lead.first_name)).not.toContain('Two')

  const before = hook.received.length
  expect((await webhook('replay', '1', '--since', String(first))).out).toMatch(/^Events \d+ to \d+ are sent once more/)
  await hook.arrived(before + 2)
  await expect
    .poll(
      () => hook.received.some(({ body, headers }) => body.lead.first_name === 'Two' && headers['x-waggle-replay']),
      noticed,
    )
    .toBe(true)
  expect((await webhook('replay', '1', '--delivery', '1')).out).toBe('Delivery 1 is sent once more.\n')

  expect((await webhook('remove', '1')).out).toBe('Webhook 1 is removed.\n')
  expect((await webhook('list')).out).toMatch(/^There are no webhooks/)
})

test('what cannot be done is said in words', async () => {
  const data = temporaryDirectory()
  await waggle(['init', '--data', data])
  const webhook = (...words: string[]) => waggle(['webhook', ...words, '--data', data])
  expect((await webhook('add')).err).toBe('waggle: Say where to: waggle webhook add <url>\n')
  expect((await webhook('add', 'ftp://x')).err).toBe('waggle: url must be an http or https URL.\n')
  expect((await webhook('add', 'http://10.0.0.5/')).err).toContain('10.0.0.5')
  expect((await webhook('add', 'https://example.com', '--events', 'lead_update')).err).toContain(
    'Invalid event: lead_update',
  )
  expect((await webhook('add', 'https://example.com', '--integration', 'CRM')).err).toContain('is "CRM"; there are')
  expect((await webhook('pause', '7')).err).toBe('waggle: There is no webhook 7. See: waggle webhook list\n')

  expect((await webhook('add', 'https://receiver.invalid/')).code).toBe(0)
  expect(await webhook('test', '1')).toMatchObject({
    code: 1,
    out: '',
    err: 'waggle: Not accepted: no answer (name not found).\n',
  })
  expect((await webhook('replay', '1')).err).toContain('Say what to send again')
  expect((await webhook('replay', '1', '--since', '5')).out).toBe('There is nothing to send again.\n')
  expect((await webhook('replay', '1', '--since', 'yesterday')).err).toContain('since must be')
  expect((await webhook('deliveries', '1', '--state', 'lost')).err).toContain('Invalid state')
  expect((await webhook('deliveries', '1')).out).toBe('There are no such deliveries.\n')
})
