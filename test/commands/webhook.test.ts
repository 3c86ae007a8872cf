import { expect, test } from 'vitest'
import { asCalled } from '../../src/commands/called.ts'
import type { Io } from '../../src/commands/command.ts'
import { webhookCommands } from '../../src/commands/webhook.ts'
import { beginCompany } from '../../src/companies/begin.ts'
import { keptLead } from '../../src/events/record.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { ConfigError } from '../../src/kernel/config.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import { newKey } from '../../src/keys/secret.ts'
import { sampleKeys } from '../../src/sample/keys.ts'
import { fillWithSample, integrationUuids } from '../../src/sample/workspace.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database, Write } from '../../src/storage/port.ts'
import { aLead } from '../leads/examples.ts'
import { type Received, receiver, verified } from '../webhooks/receiver.ts'
import { type Ended, type Running, serving, temporaryDirectory, waggle } from './program.ts'

/** A running server looks for what commands did once a second. */
const noticed = { timeout: 10_000, interval: 100 }

/** Runs the program, as a person would. */
const spawned =
  (data: string) =>
  (...words: string[]): Promise<Ended> =>
    waggle(['webhook', ...words, '--data', data])

/** The same command in this process, which starts faster; the server beside it is a process of its own. */
const runner =
  (data: string) =>
  async (name: string, ...words: string[]): Promise<Ended> => {
    let out = ''
    const io: Io = {
      env: {},
      terminal: false,
      out: (text) => {
        out += asCalled(text, 'waggle', webhookCommands)
      },
      data: () => true,
      input: async () => '',
      onStop: () => {},
      abort: () => {},
    }
    try {
      await webhookCommands.find((command) => command.name === `webhook ${name}`)?.run([...words, '--data', data], io)
      return { code: 0, out, err: '' }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return { code: 1, out, err: `waggle: ${asCalled(error.message, 'waggle', webhookCommands)}\n` }
    }
  }

/** Changes the sample's lead; answers the number of the event. */
const patching =
  (server: Running) =>
  async (body: object): Promise<number> => {
    const reply = await fetch(`${server.url}/api/v1/leads/789`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${sampleKeys.readWrite}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return Number(reply.headers.get('x-waggle-sequence'))
  }

async function inside<T>(data: string, act: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ directory: data })
  try {
    return await act(database)
  } finally {
    await database.close()
  }
}

/** As `waggle init` does. */
const begin = (data: string): Promise<void> =>
  inside(data, (database) => {
    const first = { name: 'Ours', email: 'ada@our.example', firstName: null, lastName: null, key: newKey() }
    return database.load(beginCompany(first, systemClock.now(), systemRandom))
  })

const secretIn = (out: string): string => /whsec_\S+/.exec(out)?.[0] ?? ''
const namesOf = (received: readonly Received[]) => received.map(({ body }) => body.lead.first_name)

test('an endpoint made beside a running server hears of changes, and its printed secrets verify them', async () => {
  const data = temporaryDirectory()
  const [program, webhook] = [spawned(data), runner(data)]
  const server = await serving(['--sample', '--data', data])
  const patch = patching(server)
  const hook = await receiver()
  const added = await program('add', hook.url, '--company', '3', '--fields', 'status, first_name')
  expect(added).toMatchObject({ code: 0, err: '', out: expect.stringContaining(integrationUuids.main) })
  expect(added.out).toContain('of updates when they touch status or first_name')

  const tested = await program('test', '1')
  expect(tested).toMatchObject({ code: 0, out: expect.stringMatching(/^Accepted: 200 in \d+ ms\. It said: thanks\n$/) })
  const [trial] = await hook.arrived(1)
  if (trial === undefined) throw new Error('nothing arrived')
  expect(trial.headers).toMatchObject({ 'x-waggle-test': 'true' })
  await verified(trial, secretIn(added.out), integrationUuids.main)

  await patch({ phone_number: '+1' })
  const sequence = await patch({ first_name: 'Ada' })
  const [, one] = await hook.arrived(2)
  if (one === undefined) throw new Error('nothing arrived')
  await verified(one, secretIn(added.out), integrationUuids.main)
  expect(one).toMatchObject({ sequence, body: { changed_fields: ['first_name'], lead: { id: 789 } } })
  const listed = async (...flags: string[]) => (await webhook('deliveries', '1', ...flags)).out
  await expect.poll(() => listed(), noticed).toMatch(/lead_updated +789 +delivered +1 +200/)
  expect((await program('list')).out).toMatch(/^id +company +integration .*\n1 +3 +CRM connector +active +0 +0 +200/)

  const replayed = await webhook('replay', '1', '--since', String(sequence))
  expect(replayed.out).toBe(`Events ${sequence} to ${sequence} are sent once more, in order; what is newer follows.\n`)
  expect((await hook.arrived(3))[2]).toMatchObject({ sequence, headers: { 'x-waggle-replay': 'true' } })
  await expect.poll(() => listed('--state', 'delivered'), noticed).toMatch(/delivered +2 +200/)
  const id = /\n(\d+) /.exec(await listed('--lead', '789', '--limit', '1'))?.[1] ?? ''
  expect((await program('replay', '1', '--delivery', id)).out).toBe(`Delivery ${id} is sent once more.\n`)
  expect((await hook.arrived(4))[3]).toMatchObject({ sequence, raw: one.raw })

  expect((await webhook('remove', '1')).out).toBe('Webhook 1 is removed.\n')
  expect((await webhook('list')).out).toMatch(/^There are no webhooks/)
  expect((await program('resume', '1')).err).toBe('waggle: There is no webhook 1. See: waggle webhook list\n')
}, 30_000)

test('a paused endpoint is sent nothing; resumed, it is sent what it missed, or what comes next', async () => {
  const data = temporaryDirectory()
  await inside(data, (database) => fillWithSample(database, systemClock.now()))
  const webhook = runner(data)
  const make = async () => {
    const hook = await receiver()
    const { out } = await webhook('add', hook.url, '--company', '3')
    return { hook, id: /^Webhook (\d+)/.exec(out)?.[1] ?? out }
  }
  const [all, next, active] = [await make(), await make(), await make()]
  expect((await webhook('pause', all.id)).out).toBe(`Webhook ${all.id} is paused.\n`)
  expect((await webhook('pause', next.id)).code).toBe(0)
  expect((await webhook('pause', next.id)).out).toBe(`Webhook ${next.id} is paused already.\n`)

  const patch = patching(await serving(['--sample', '--data', data]))
  await patch({ first_name: 'One' })
  await active.hook.arrived(1)
  expect([...all.hook.received, ...next.hook.received]).toEqual([])
  const waiting = await webhook('replay', all.id, '--since', '1')
  expect(waiting.out).toContain(`Webhook ${all.id} is paused, so it waits.`)

  expect((await webhook('resume', next.id, '--skip')).out).toContain('active, from the next change on')
  await patch({ first_name: 'Two' })
  expect(namesOf(await next.hook.arrived(1))).toEqual(['Two'])
  expect((await webhook('resume', next.id, '--skip')).out).toContain('is active already; nothing was skipped')

  expect((await webhook('pause', active.id)).code).toBe(0)
  const later = await make()
  await patch({ first_name: 'Three' })
  await later.hook.arrived(1) // so the server has seen what was done before
  await patch({ first_name: 'Four' })
  await later.hook.arrived(2)
  expect(namesOf(active.hook.received)).not.toContain('Four')

  expect((await webhook('resume', active.id)).out).toBe(`Webhook ${active.id} is active.\n`)
  await expect.poll(() => namesOf(active.hook.received), noticed).toContain('Four')
}, 30_000)

test('the integration is the only one, the one that is named, or one that is made', async () => {
  const data = temporaryDirectory()
  await begin(data)
  const webhook = runner(data)
  const url = 'https://receiver.invalid/'
  const integrations = () =>
    inside(data, (database) => database.find((db) => db.selectFrom('integrations').select(['id', 'uuid', 'name'])))

  expect((await webhook('add', url, '--name', 'CRM', '--events', 'lead_update')).code).toBe(1)
  expect(await integrations(), 'what is refused leaves nothing behind').toEqual([])
  expect((await webhook('add', url, '--name', 'CRM')).out).toContain('of its integration, "CRM"')
  const [crm] = await integrations()
  expect((await webhook('add', url)).out).toContain(crm?.uuid)
  expect((await webhook('add', url, '--name', 'Sales')).err).toBe(
    `waggle: --name is for an integration that is made when there is none; company 1 has 1 (CRM, ${crm?.uuid}).\n`,
  )

  const made = { company_id: 1, created_at: 1, configuration: [], api_key: null, external_settings: null }
  const row = { ...made, id: 7, uuid: integrationUuids.other, name: 'Marketing' }
  await inside(data, (database) => database.load([{ kind: 'insert', table: 'integrations', row }]))
  const shown = `1 (CRM, ${crm?.uuid}), 7 (Marketing, ${integrationUuids.other}).`
  const [none, wrong, ...right] = await Promise.all([
    webhook('add', url),
    webhook('add', url, '--integration', 'Marketin'),
    webhook('add', url, '--integration', '7'),
    webhook('add', url, '--integration', 'marketing'),
    webhook('add', url, '--integration', integrationUuids.other.toUpperCase()),
  ])
  expect(none.err).toBe(`waggle: Say which integration with --integration <uuid>: ${shown}\n`)
  expect(wrong.err).toBe(
    `waggle: There is no integration "Marketin" in company 1; there are ${shown} Did you mean Marketing?\n`,
  )
  for (const { out } of right) expect(out).toContain(integrationUuids.other)
}, 30_000)

test('deliveries are found however far back, and those whose event is emptied are not sent again', async () => {
  const data = temporaryDirectory()
  await begin(data)
  const webhook = runner(data)
  await webhook('add', 'https://receiver.invalid/')
  await inside(data, (database) => database.load(history(6_000)))

  const parked = await webhook('deliveries', '1', '--state', 'parked')
  expect(parked.out.split('\n')).toHaveLength(3)
  expect(parked.out).toMatch(/\n1 +1 +lead_updated +5 +parked .*the answer was \uFFFD\[31mred\n/)
  expect((await webhook('deliveries', '1', '--limit', '60')).out.split('\n')).toHaveLength(62)
  expect((await webhook('deliveries', '1', '--limit', '1001')).err).toBe(
    'waggle: --limit is "1001", but must be a whole number from 1 to 1000.\n',
  )
  expect((await webhook('replay', '1', '--delivery', '1')).err).toMatch(/Event was emptied by retention/)
  expect((await webhook('replay', '1', '--delivery', '6001')).err).toBe(
    'waggle: There is no delivery 6001 of webhook 1. See: waggle webhook deliveries 1\n',
  )
}, 30_000)

test('what cannot be done is said in words', async () => {
  const data = temporaryDirectory()
  await begin(data)
  const webhook = runner(data)
  const url = 'https://receiver.invalid/'
  expect((await webhook('add', url)).code).toBe(0)
  const refused: readonly (readonly [words: string, err: string | RegExp])[] = [
    ['add', 'Say where to: waggle webhook add <url>'],
    ['add ftp://x', 'url must be an http or https URL.'],
    ['add http://10.0.0.5/', /10\.0\.0\.5 is a private address; WAGGLE_WEBHOOK_ALLOW may name its network/],
    [
      `add ${url} --events lead_updated,lead_update`,
      '--events does not know "lead_update". Did you mean lead_updated?',
    ],
    [`add ${url} --fields colour`, /^waggle: --fields does not know "colour"\. It takes: company_name, .*customFields/],
    ['pause', 'Say which webhook by its id. See: waggle webhook list'],
    ['pause first', 'There is no webhook first. See: waggle webhook list'],
    ['pause 7', 'There is no webhook 7. See: waggle webhook list'],
    ['resume 1 --skipp', 'Unknown option --skipp. Did you mean --skip?'],
    ['test 1', /Not accepted: no answer \(name (not found|look-up failed)\)\./],
    ['replay 1', 'Say what to send again: --since <sequence or time>, or --delivery <id>.'],
    ['replay 1 --since yesterday', '--since must be a sequence or an ISO 8601 time.'],
    ['deliveries 1 --state park', '--state does not know "park". Did you mean parked?'],
    ['deliveries 1 --since soon', '--since is "soon", but must be an ISO 8601 time with Z or an offset.'],
    ['deliveries 1 --lead Ada', `--lead is "Ada", but must be a lead's number or uuid.`],
  ]
  for (const [words, err] of refused) {
    const [name = '', ...more] = words.split(' ')
    const answer = await webhook(name, ...more)
    expect(answer, words).toMatchObject({ code: 1, out: '' })
    if (err instanceof RegExp) expect(answer.err, words).toMatch(err)
    else expect(answer.err).toBe(`waggle: ${err}\n`)
  }
  expect((await webhook('replay', '1', '--since', '5')).out).toBe('There is nothing to send again.\n')
  expect((await webhook('deliveries', '1')).out).toBe('There are no such deliveries.\n')
}, 30_000)

test('a test message that the receiver does not accept ends with 1', async () => {
  const data = temporaryDirectory()
  await inside(data, (database) => fillWithSample(database, systemClock.now()))
  const program = spawned(data)
  const hook = await receiver(() => 500)
  await program('add', hook.url, '--company', '4')
  const { code, err } = await program('test', '1')
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/^waggle: Not accepted: 500 in \d+ ms\. It said/),
  })
}, 30_000)

/** So many events of a lead with their deliveries to endpoint 1; the first is parked, and its event is emptied. */
function history(count: number): Write[] {
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((sequence): Write[] => {
    const first = sequence === 1
    const ids = { company_id: 1, lead_id: 5, sequence }
    const event = { version: sequence, previous_sequence: sequence - 1, at: sequence, members: ['status'] }
    const who = { user_uuid: null, key_id: null, request_id: null, definitions_version: 1 }
    const times = { created_at: 1, first_attempt_at: 1, last_attempt_at: 1, next_attempt_at: null }
    const outcome = { delivered_at: first ? null : 1, status: first ? null : 200, ms: 1, answer: null }
    return [
      {
        kind: 'insert',
        table: 'events',
        row: {
          ...ids,
          ...event,
          ...who,
          name: 'lead_updated',
          payload: first ? null : { was: {}, is: keptLead(aLead()) },
        },
      },
      {
        kind: 'insert',
        table: 'deliveries',
        row: {
          ...{ ...ids, ...times, ...outcome, id: sequence, webhook_id: 1, round: 1, event_name: 'lead_updated' },
          ...{ late: first, replay: false, attempts: 1, tries: 1, state: first ? 'parked' : 'delivered' },
          error: first ? 'the answer was \x1b[31mred' : null,
        },
      },
    ]
  })
}
