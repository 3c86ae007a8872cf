import { expect, test } from 'vitest'
import { createClient } from '../../sdk/index.ts'
import { routes } from '../../sdk/routes.ts'
import { type Api, backends } from '../backends.ts'
import { keys } from '../fixture.ts'

const customFields = [{ customFieldId: 9, value: { text: 'there' } }]
type Waggle = ReturnType<typeof createClient>

async function walkLeads(waggle: Waggle, admin: Waggle): Promise<void> {
  const { id, uuid, etag } = await waggle.leads.create({ company_name: 'Walked', customFields })
  expect(etag).toBe('"v1"')
  expect(await waggle.leads.get(uuid)).toMatchObject({ id, company_name: 'Walked' })
  await waggle.leads.addTag(id, 7)
  await waggle.leads.removeTag(id, 7)
  await waggle.leads.assignUser(id, 31)
  await waggle.leads.unassignUser(id, 31)
  expect((await waggle.leads.update(id, { status: 'lost' }, { strict: true })).etag).toBe('"v6"')
  expect((await waggle.leads.history(id)).rows.map(({ version }) => version)).toEqual([6, 5, 4, 3, 2, 1])
  const { results } = await waggle.leads.batch({
    operations: [{ op: 'update', by: 'id', key: id, lead: { status: 'new' } }],
  })
  expect(results).toMatchObject([{ status: 200, id, version: 7 }])
  expect((await waggle.leads.list({ search: 'Walked', tags_not: [7] })).rows).toMatchObject([{ id, status: 'new' }])
  expect(await waggle.leads.ids({ search: 'Walked' })).toMatchObject({ ids: [id], total: 1 })
  expect(await waggle.leads.counts({ status: 'new', search: 'Walked' })).toMatchObject({ total: 1 })
  expect(await (await waggle.leads.export({ format: 'jsonl', search: 'Walked' })).text()).toContain('"Walked"')
  expect(await waggle.leads.delete(id)).toEqual({ etag: '"v8"', sequence: expect.any(Number) })
  expect(await admin.leads.restore(id)).toMatchObject({ id, etag: '"v9"' })
  expect(await admin.leads.erase(id)).toMatchObject({ id, erased_at: expect.stringMatching(/Z$/) })
  const watching = new AbortController()
  const watched = await waggle.leads.changes({ signal: watching.signal })
  expect(watched.headers.get('content-type')).toContain('text/event-stream')
  watching.abort()
}

async function walkDefinitions(waggle: Waggle, admin: Waggle): Promise<void> {
  const tag = await waggle.tags.create({ label: 'Hot', association: 'lead' })
  expect(await admin.tags.update(tag.id, { archived: true })).toMatchObject({ label: 'Hot' })
  expect((await waggle.tags.list({ archived: true })).rows.map(({ id }) => id)).toContain(tag.id)
  expect(await admin.tags.delete(tag.id)).toBeUndefined()

  const field = await waggle.customFields.create({ label: 'Size', type: 'select', category: 'lead' })
  const option = await admin.customFields.addOption(field.id, { label: 'Small' })
  await admin.customFields.updateOption(field.id, option.id, { archived: true })
  await admin.customFields.deleteOption(field.id, option.id)
  await admin.customFields.update(field.id, { archived: true })
  expect((await waggle.customFields.list({ archived: true })).rows.find(({ id }) => id === field.id)).toMatchObject({
    options: [],
  })
  await admin.customFields.delete(field.id)

  for (const noun of [
    { of: waggle.tiers, by: admin.tiers, made: () => waggle.tiers.create({ label: 'Gold' }) },
    { of: waggle.categories, by: admin.categories, made: () => waggle.categories.create({ label: 'Technology' }) },
    {
      of: waggle.partnerStages,
      by: admin.partnerStages,
      made: () => waggle.partnerStages.create({ label: 'First', partner_type: 'referral' }),
    },
    {
      of: waggle.leadDealStages,
      by: admin.leadDealStages,
      made: () => waggle.leadDealStages.create({ label: 'First', phase: 'negotiation' }),
    },
  ]) {
    const { id } = await noun.made()
    await noun.by.update(id, { archived: true })
    expect((await noun.of.list({ archived: true })).rows.map((row) => row.id)).toContain(id)
    await noun.by.delete(id)
  }
  expect(await waggle.partnerStages.updateMany([{ id: 81, label: 'Active' }])).toEqual({ updated: [81] })
}

async function walkAccess(waggle: Waggle, admin: Waggle): Promise<void> {
  const user = await admin.users.create({ email: 'walk@our.example', role: 'partnerships' })
  expect(await admin.users.update(user.id, { first_name: 'Wal' })).toMatchObject({ first_name: 'Wal' })
  expect((await waggle.users.list()).total).toBeGreaterThan(1)
  expect(await admin.users.erase(user.id)).toMatchObject({ id: user.id, first_name: null })
  const key = await admin.keys.create({ label: 'Walk', read_access: true })
  expect(key.key).toMatch(/^wgl_/)
  await admin.keys.update(key.id, { label: 'Walked' })
  const next = await admin.keys.rotate(key.id, { overlap_seconds: 0 })
  expect(await admin.keys.revoke(next.id)).toBeUndefined()
  expect((await admin.keys.list({ revoked: true })).rows.map(({ id }) => id)).toEqual(
    expect.arrayContaining([key.id, next.id]),
  )
}

async function walkWebhooks(waggle: Waggle, admin: Waggle): Promise<void> {
  const { uuid: integration } = await admin.integrations.create({ name: 'CRM' })
  expect((await admin.integrations.list()).rows).toMatchObject([{ uuid: integration }])
  const { id, secret } = await admin.webhooks.create({ integration, url: 'https://hooks.example/waggle' })
  expect((await admin.webhooks.list()).rows).toMatchObject([{ id }])
  const { sequence } = await waggle.leads.update(4711, { last_name: 'Heard' })
  expect((await waggle.events.list({ after: (sequence ?? 0) - 1 })).rows).toMatchObject([{ sequence }])
  const delivered = async () => (await admin.webhooks.deliveries(id, { event: ['lead_updated'] })).rows[0]
  await expect.poll(delivered, { timeout: 20_000 }).toMatchObject({ sequence })
  const delivery = (await delivered())?.id ?? 0
  expect(await admin.webhooks.delivery(id, delivery)).toMatchObject({
    id: delivery,
    request: { url: 'https://hooks.example/waggle' },
  })
  expect(await admin.webhooks.replayDelivery(id, delivery)).toMatchObject({ id: delivery })
  expect((await waggle.events.deliveries(sequence ?? 0)).rows).toMatchObject([{ integration_name: 'CRM' }])

  const change = { state: 'paused', events: ['lead_updated'] } as const
  expect(await admin.webhooks.update(id, change)).toMatchObject({ state: 'paused' })
  expect(await admin.webhooks.get(id)).toMatchObject({ state: 'paused' })
  expect(await admin.webhooks.preview(id, { event: 'lead_updated' })).toMatchObject({ is_heard: true })
  expect((await admin.webhooks.rotateSecret(id)).secret).not.toBe(secret)
  expect(await admin.webhooks.test(id)).toMatchObject({ delivered: false })
  expect(await admin.webhooks.replay(id, { since: 1 })).toMatchObject({ from: 1 })
  await admin.webhooks.replayFailed(id)
  await admin.webhooks.delete(id)
}

async function walkCompany(waggle: Waggle, admin: Waggle): Promise<void> {
  expect(await waggle.company.get()).toMatchObject({ name: 'Our Ltd' })
  expect(await admin.company.update({ name: 'Ours' })).toMatchObject({ name: 'Ours' })
  const { id } = await waggle.views.create({ name: 'Mine', query: { status: ['new'] } })
  expect(await waggle.views.update(id, { name: 'Ours', shared: true })).toMatchObject({ name: 'Ours' })
  expect((await waggle.views.list()).rows).toMatchObject([{ id, name: 'Ours', shared: true }])
  expect(await waggle.views.delete(id)).toBeUndefined()
  expect(await waggle.session.me()).toMatchObject({ permissions: { read: true, write: true, admin: false } })
  expect(await waggle.session.state()).toMatchObject({ mail: false })
}

async function walkImports(waggle: Waggle): Promise<void> {
  const { id } = await waggle.imports.create(
    { csv: 'external_id,customFields.9\nwalk-1,there\n' },
    { name: 'walk.csv' },
  )
  await expect.poll(async () => (await waggle.imports.get(id)).state, { timeout: 10_000 }).toBe('done')
  expect((await waggle.imports.rows(id, { outcome: 'created' })).rows).toHaveLength(1)
  await waggle.imports.undo(id)
  await expect.poll(async () => (await waggle.imports.get(id)).state, { timeout: 10_000 }).toBe('undone')
  expect((await waggle.imports.list()).rows).toMatchObject([{ id, state: 'undone' }])
}

async function walkSystem(waggle: Waggle): Promise<void> {
  expect(await waggle.system.health()).toEqual({ status: 'ok' })
  expect(await waggle.system.readiness()).toEqual({ status: 'ready' })
  expect(await (await waggle.system.metrics()).text()).toContain('waggle')
  expect(await waggle.system.document()).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) })
}

test.each(backends)('each operation does on %s what its function says', { timeout: 120_000 }, async (_, start) => {
  const api: Api = await start({ dispatch: true })
  try {
    const answered = new Set<string>()
    const onAnswer = ({ operation }: { operation: string }): unknown => answered.add(operation)
    const waggle = createClient({ baseUrl: api.url, key: keys.full, onAnswer })
    const admin = createClient({ baseUrl: api.url, key: keys.admin, onAnswer })
    await walkLeads(waggle, admin)
    await walkDefinitions(waggle, admin)
    await walkAccess(waggle, admin)
    await walkWebhooks(waggle, admin)
    await walkCompany(waggle, admin)
    await walkImports(waggle)
    await walkSystem(waggle)
    // Those of signing in need a browser's cookies: test/sign-in calls them.
    const known = Object.values(routes).flatMap((noun) => Object.values(noun))
    const called = known.filter(({ to }) => !to.includes(' /api/console/')).map(({ id }) => id)
    expect(
      called.filter((id) => !answered.has(id)),
      'a new operation needs a call above',
    ).toEqual([])
  } finally {
    await api.close()
  }
})
