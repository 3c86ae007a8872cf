import { describe, expect, onTestFinished, test } from 'vitest'
import type { Row } from '../../src/storage/tables.ts'
import { changeWebhook, createWebhook, deleteWebhook, rotateSecret } from '../../src/webhooks/change.ts'
import { readWebhookChange } from '../../src/webhooks/read-body.ts'
import { sealedAs } from '../../src/webhooks/secrets.ts'
import { type Api, backends } from '../backends.ts'
import { keys, noon, uuidOf } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { aMoment, refusalFrom } from '../leads/examples.ts'
import { type Administrator, administrator, aWebhook } from './examples.ts'

const notFound = 'Webhook not found or not accessible'
const unknown = uuidOf(9, 9)
const dayMs = 86_400_000
const now = noon + dayMs

/** What a body sets of an endpoint; undefined when it writes nothing. */
function setBy(body: object, webhook = aWebhook()): Partial<Row<'webhooks'>> | undefined {
  const { writes } = changeWebhook(
    3,
    1,
    readWebhookChange(body, () => undefined),
  ).decide({ webhook }, aMoment())
  const [write, ...more] = writes
  expect(more).toEqual([])
  return write?.kind === 'update' && write.table === 'webhooks' ? write.set : undefined
}
const changed = { updated_at: now, revision: 5 }

describe('a change', () => {
  test('sets what is sent and nothing else, and tells the dispatcher by the revision', () => {
    expect(setBy({ description: ' Sales ' })).toEqual({ ...changed, description: 'Sales' })
    expect(setBy({ url: 'http://a.example/x', events: ['deal_created'], fields: ['tags'] })).toEqual({
      ...changed,
      url: 'http://a.example/x',
      events: ['deal_created'],
      fields: ['tags'],
    })
    expect(
      changeWebhook(
        3,
        1,
        readWebhookChange({}, () => undefined),
      ).changesFollowers,
    ).toBe(true)
  })

  test('null hears of all again', () => {
    expect(setBy({ events: null, fields: null }, aWebhook({ events: ['lead_created'], fields: ['tags'] }))).toEqual({
      ...changed,
      events: null,
      fields: null,
    })
  })

  test('that changes nothing writes nothing', () => {
    const webhook = aWebhook({ events: ['lead_created', 'lead_updated'], description: 'Sales' })
    expect(setBy({}, webhook)).toBeUndefined()
    expect(setBy({ url: webhook.url, description: 'Sales', fields: null, state: 'active' }, webhook)).toBeUndefined()
    expect(setBy({ events: ['lead_updated', 'lead_created', 'lead_updated'] }, webhook)).toBeUndefined()
    expect(setBy({ state: 'paused' }, aWebhook({ state: 'paused' }))).toBeUndefined()
  })

  test('pausing a disabled endpoint takes the reason away', () => {
    const disabled = aWebhook({ state: 'disabled', reason: 'gone', failing_since: 5 })
    expect(setBy({ state: 'paused' }, disabled)).toEqual({ ...changed, state: 'paused', reason: null })
  })

  test.each(['paused', 'disabled'] as const)('resuming a %s endpoint begins where it stopped', (state) => {
    const stopped = aWebhook({ state, reason: 'failing', failing_since: 5, replay_until: 8 })
    const resumed = { ...changed, state: 'active', reason: null, failing_since: null }
    expect(setBy({ state: 'active' }, stopped)).toEqual(resumed)
    expect(setBy({ state: 'active', resume: 'continue' }, stopped)).toEqual(resumed)
  })

  test('resuming with skip gives up all that was missed, a replay as well', () => {
    const stopped = aWebhook({ state: 'paused', replay_until: 8 })
    expect(setBy({ state: 'active', resume: 'skip' }, stopped)).toEqual({
      ...changed,
      state: 'active',
      skipped_until: 8,
      cursor: 8,
      replay_until: 0,
    })
  })

  test('skipping is done once: a repeated request does not give up what came between', () => {
    expect(setBy({ state: 'active', resume: 'skip' })).toBeUndefined()
  })

  test('of what is missing or deleted is refused', () => {
    const body = readWebhookChange({ state: 'paused' }, () => undefined)
    for (const webhook of [undefined, aWebhook({ deleted_at: noon })]) {
      for (const work of [changeWebhook(3, 1, body), deleteWebhook(3, 1), rotateSecret(3, 1, Uint8Array.of(2))]) {
        expect(refusalFrom(() => work.decide({ webhook }, aMoment()))).toMatchObject({ status: 404, message: notFound })
      }
    }
  })
})

describe('the beginning of an endpoint', () => {
  const integration = { id: 7, uuid: uuidOf(7, 7) }
  const said = { uuid: uuidOf(8, 2), url: 'https://a.example/', events: null, fields: null, description: null }
  const work = (present = 0) => createWebhook(3, integration, { ...said, secret: Uint8Array.of(4) }, present)
  const facts = { integration: { company_id: 3, name: 'CRM', created_at: 0, configuration: [], ...integration } }
  const held = { integration: { ...facts.integration, api_key: null, external_settings: null } }

  test('is the end of the log: it hears of every change from then on', () => {
    const [write] = work().decide(held, aMoment({ sequence: 9 })).writes
    expect(write).toMatchObject({
      table: 'webhooks',
      row: { ...said, integration_id: 7, state: 'active', cursor: 8, revision: 1, round: 1, replay_until: 0 },
    })
    expect(work().keys).toEqual({ integration: 7 })
    expect(work().changesFollowers).toBe(true)
  })

  test('needs its integration, and a place among a hundred', () => {
    expect(refusalFrom(() => work().decide({}, aMoment()))).toMatchObject({
      failure: 'invalid_body',
      message: `Invalid integration: ${integration.uuid}`,
    })
    expect(work(99).decide(held, aMoment()).writes).toHaveLength(1)
    const refusal = refusalFrom(() => work(100).decide(held, aMoment()))
    expect(refusal).toMatchObject({ status: 400, message: 'A company has at most 100 webhooks' })
  })
})

test('a new secret leaves the one before for a day', () => {
  const webhook = aWebhook({ old_secret: Uint8Array.of(9), old_secret_until: noon })
  const { reply, writes } = rotateSecret(3, 1, Uint8Array.of(2)).decide({ webhook }, aMoment())
  expect(reply).toEqual({ oldSecretUntil: now + dayMs })
  const set = { secret: Uint8Array.of(2), old_secret: Uint8Array.of(1), old_secret_until: now + dayMs }
  expect(writes).toEqual([
    { kind: 'update', table: 'webhooks', key: { company_id: 3, id: 1 }, set: { ...changed, ...set } },
  ])
})

describe.each(backends)('endpoints on %s', (_, start) => {
  const clock = handClock()
  let api: Api
  let admin: Administrator
  const begin = async (config = {}) => {
    api = await start({ clock, config })
    onTestFinished(() => api.close())
    admin = administrator(api)
  }
  const iso = () => new Date(clock.now()).toISOString()

  test('a new one is shown to its company, and hears from now on', async () => {
    await begin()
    const { uuid: integration } = await admin.integration({ name: 'CRM' })
    const body = {
      integration: integration.toUpperCase(),
      url: 'HTTPS://Hooks.example',
      events: ['lead_updated', 'lead_created', 'lead_updated'],
      fields: ['tags'],
      description: 'Sales',
    }
    const made = await admin.post('/webhooks', body)
    expect(made).toMatchObject({
      status: 201,
      body: { id: 1, uuid: expect.any(String), secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/) },
    })
    const { id, uuid } = made.body
    const view = {
      id,
      uuid,
      integration,
      integration_name: 'CRM',
      url: 'https://hooks.example/',
      events: ['lead_updated', 'lead_created'],
      fields: ['tags'],
      description: 'Sales',
      state: 'active',
      reason: null,
      created_at: iso(),
      updated_at: iso(),
      sequence: 3,
      backlog: 0,
      undelivered: 0,
      expired: 0,
      replaying_until: null,
      failing_since: null,
      last_attempt_at: null,
      last_status: null,
      last_delivered_at: null,
      next_attempt_at: null,
      old_secret_until: null,
    }
    expect((await admin.get('/webhooks')).body).toEqual([view])
    for (const name of [id, uuid, uuid.toUpperCase()]) {
      expect(await admin.get(`/webhooks/${name}`)).toMatchObject({ status: 200, body: view })
    }
    expect(api.vault.open((await admin.row(id)).secret, sealedAs.secret(uuid))).toBe(made.body.secret)
  })

  test('every fault of a new one is told', async () => {
    await begin()
    const reply = await admin.post('/webhooks', {
      integration: 7,
      url: 'ftp://a.example/',
      events: ['lead_updated', 'foo', 3],
      fields: ['bar'],
      description: 4,
    })
    expectRefused(reply, 400, 'integration must be a uuid')
    const hint = 'expected one of lead_created, lead_updated, lead_deleted'
    expect(reply.body.details).toEqual([
      { path: '/integration', message: 'integration must be a uuid' },
      { path: '/url', message: 'url must be an http or https URL' },
      { path: '/events/1', message: expect.stringContaining(`Invalid event: foo (${hint}`) },
      { path: '/events/2', message: 'events must be an array of event names' },
      { path: '/fields/0', message: expect.stringContaining('Invalid field: bar (expected one of company_name, ') },
      { path: '/description', message: 'description must be a string' },
    ])
    expect((await admin.get('/webhooks')).body).toEqual([])
  })

  test.each([
    [{ integration: undefined }, 'integration is required'],
    [{ integration: null }, 'integration is required'],
    [{ integration: 'x' }, 'integration must be a uuid'],
    [{ integration: unknown }, `Invalid integration: ${unknown}`],
    [{ url: undefined }, 'url is required'],
    [{ url: null }, 'url must be an http or https URL'],
    [{ url: 7 }, 'url must be an http or https URL'],
    [{ url: '' }, 'url must be an http or https URL'],
    [{ url: 'hooks.example/waggle' }, 'url must be an http or https URL'],
    [{ url: 'javascript:alert(1)' }, 'url must be an http or https URL'],
    [{ url: `https://a.example/${'x'.repeat(2048)}` }, 'url must be at most 2048 characters'],
    [{ url: 'https://a.example/\0' }, 'url contains invalid characters'],
    [{ url: 'https://***@a.example/' }, 'url must not hide its password'],
    [
      { url: 'http://127.1:80/x' },
      'Invalid url: 127.0.0.1 is a loopback address; WAGGLE_WEBHOOK_ALLOW may name its network',
    ],
    [
      { url: 'http://[::ffff:10.0.0.1]/' },
      'Invalid url: ::ffff:a00:1 is a private address; WAGGLE_WEBHOOK_ALLOW may name its network',
    ],
    [{ events: [] }, 'events must have at least one element'],
    [{ events: 'lead_updated' }, 'events must be an array of event names'],
    [{ events: Array(101).fill('lead_updated') }, 'events must have at most 100 elements'],
    [{ fields: [] }, 'fields must have at least one element'],
    [{ fields: {} }, 'fields must be an array of field names'],
    [{ description: 'x'.repeat(1001) }, 'description must be at most 1000 characters'],
  ])('a new one with %j is refused', async (more, error) => {
    await begin()
    const { uuid: integration } = await admin.integration()
    const reply = await admin.post('/webhooks', { integration, url: 'https://a.example/', ...more })
    expectRefused(reply, 400, error)
    expect((await admin.get('/webhooks')).body).toEqual([])
  })

  test("another company's integration is as unknown as any", async () => {
    await begin()
    const { uuid: integration } = await admin.integration({}, keys.otherAdmin)
    const reply = await admin.post('/webhooks', { integration, url: 'https://a.example/' })
    expectRefused(reply, 400, `Invalid integration: ${integration}`)
  })

  test('an address that the operator allows is taken', async () => {
    await begin({ webhookAllow: ['127.0.0.0/8'] })
    await admin.webhook({ url: 'http://127.0.0.1:8080/x' })
    expect((await admin.get('/webhooks')).body).toMatchObject([{ url: 'http://127.0.0.1:8080/x' }])
  })

  test('a company has a hundred that are not deleted at the most', async () => {
    await begin()
    const { uuid: integration } = await admin.integration()
    await api.database.load(
      Array.from({ length: 100 }, (_value, index) => ({
        kind: 'insert' as const,
        table: 'webhooks' as const,
        row: aWebhook({ id: index + 1, uuid: uuidOf(8, index + 1), deleted_at: index === 0 ? noon : null }),
      })),
    )
    const more = () => admin.post('/webhooks', { integration, url: 'https://a.example/' })
    expect(await more()).toMatchObject({ status: 201 })
    expectRefused(await more(), 400, 'A company has at most 100 webhooks')
    await admin.webhook({}, keys.otherAdmin)
  })

  test('members that are sent are changed, and the whole is answered', async () => {
    await begin()
    const { id } = await admin.webhook({ description: 'Sales' })
    const before = (await admin.get(`/webhooks/${id}`)).body
    clock.move(1_000)
    const reply = await admin.patch(`/webhooks/${id}`, { url: 'https://b.example/x', state: 'paused' })
    expect(reply).toMatchObject({ status: 200 })
    expect(reply.body).toEqual({ ...before, url: 'https://b.example/x', state: 'paused', updated_at: iso() })
    expect((await admin.get(`/webhooks/${id}`)).body).toEqual(reply.body)
  })

  test('a change is told to those who follow the log, an empty one does no harm', async () => {
    await begin()
    const { id } = await admin.webhook()
    let wakes = 0
    onTestFinished(
      api.database.onWake(({ followers }) => {
        if (followers) wakes += 1
      }),
    )
    await admin.patch(`/webhooks/${id}`, { state: 'paused' })
    expect(wakes).toBe(1)
    const row = await admin.row(id)
    expect(row.revision).toBe(2)
    clock.move(1_000)
    expect(await admin.patch(`/webhooks/${id}`, {})).toMatchObject({ status: 200 })
    expect(await admin.row(id)).toEqual(row)
  })

  test('after a pause the log is continued, or skipped to its end', async () => {
    await begin()
    const { id } = await admin.webhook()
    await admin.patch(`/webhooks/${id}`, { state: 'paused' })
    const last = await admin.changeLead(3)
    expect((await admin.get(`/webhooks/${id}`)).body).toMatchObject({ sequence: 3, backlog: 3 })
    expect((await admin.patch(`/webhooks/${id}`, { state: 'active' })).body).toMatchObject({ sequence: 3, backlog: 3 })
    await admin.patch(`/webhooks/${id}`, { state: 'paused' })
    const skipped = await admin.patch(`/webhooks/${id}`, { state: 'active', resume: 'skip' })
    expect(skipped.body).toMatchObject({ state: 'active', sequence: last, backlog: 0 })
  })

  test.each([
    [{ state: 'disabled' }, 'state must be active or paused'],
    [{ state: null }, 'state must be active or paused'],
    [{ state: 'active', resume: 'now' }, 'resume must be continue or skip'],
    [{ resume: 'skip' }, 'resume needs state active'],
    [{ state: 'paused', resume: 'skip' }, 'resume needs state active'],
    [{ url: null }, 'url must be an http or https URL'],
    [{ events: ['foo'] }, 'Invalid event: foo'],
    [{ url: 'http://169.254.169.254/latest' }, expect.stringContaining("is a cloud's metadata address")],
  ])('a change by %j is refused', async (body, error) => {
    await begin()
    const { id } = await admin.webhook()
    const before = await admin.row(id)
    expectRefused(await admin.patch(`/webhooks/${id}`, body), 400, error)
    expect(await admin.row(id)).toEqual(before)
  })

  test('unknown members are named and ignored, or refused when that is asked for', async () => {
    await begin()
    const { id } = await admin.webhook()
    const { uuid: integration } = await admin.integration()
    const headers = { prefer: 'handling=strict' }
    const body = { integration, url: 'https://a.example/', colour: 1 }
    const change = { secret: 'x', state: 'paused' }
    expectRefused(await admin.post('/webhooks', body, { headers }), 400, 'Unknown field: colour')
    expectRefused(await admin.patch(`/webhooks/${id}`, change, { headers }), 400, 'Unknown field: secret')
    expect((await admin.get('/webhooks')).body).toMatchObject([{ state: 'active' }])
    expect((await admin.post('/webhooks', body)).headers.get('x-waggle-ignored-fields')).toBe('colour')
    const reply = await admin.patch(`/webhooks/${id}`, change)
    expect(reply.headers.get('x-waggle-ignored-fields')).toBe('secret')
    expect(reply.body).toMatchObject({ state: 'paused' })
  })

  test('a deleted one is found nowhere, and its row stays', async () => {
    await begin()
    const { id, uuid } = await admin.webhook()
    clock.move(1_000)
    const reply = await admin.delete(`/webhooks/${uuid}`)
    expect(reply).toMatchObject({ status: 204, body: undefined })
    expectRefused(await admin.delete(`/webhooks/${id}`), 404, notFound)
    expectRefused(await admin.get(`/webhooks/${uuid}`), 404, notFound)
    expect((await admin.get('/webhooks')).body).toEqual([])
    expect(await admin.row(id)).toMatchObject({ deleted_at: clock.now(), revision: 2 })
  })

  test('a new secret is answered once, and the one before still signs for a day', async () => {
    await begin()
    const { id, uuid, secret } = await admin.webhook()
    const reply = await admin.post(`/webhooks/${id}/rotate-secret`)
    const old_secret_until = new Date(clock.now() + dayMs).toISOString()
    const fresh = expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/)
    expect(reply).toMatchObject({ status: 200, body: { id, uuid, secret: fresh, old_secret_until } })
    expect(reply.body.secret).not.toBe(secret)
    const row = await admin.row(id)
    expect(api.vault.open(row.secret, sealedAs.secret(uuid))).toBe(reply.body.secret)
    expect(api.vault.open(row.old_secret ?? new Uint8Array(), sealedAs.secret(uuid))).toBe(secret)
    expect((await admin.get(`/webhooks/${id}`)).body).toMatchObject({ old_secret_until })
    clock.move(dayMs)
    expect((await admin.get(`/webhooks/${id}`)).body).toMatchObject({ old_secret_until: null })
  })
})
