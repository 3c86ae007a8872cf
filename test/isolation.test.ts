import { describe, expect, onTestFinished, test } from 'vitest'
import type { Operation } from '../src/contract/operation.ts'
import { type Api, backends, type Reply } from './backends.ts'
import { sender } from './configuration/requests.ts'
import { rowsOf, spelled } from './every-operation.ts'
import { categoryUuid, fieldUuid, keys, leadUuid, stageUuid, tagUuid, tierUuid, userUuid } from './fixture.ts'
import { administrator } from './webhooks/examples.ts'

/** What is open to keys: test/sign-in/account.test.ts asks for what is a person's own. */
const ofKeys = spelled.filter(([, { access }]) => access !== 'person')
const withParams = ofKeys.filter(([, { path }]) => path.includes(':'))

/** Numbers of the log are each company's own: the same one names another event to another company. */
const ownNumbers = new Set(['sequence'])

/** What a company has, by number and by uuid. */
type Has = Readonly<Record<string, readonly [string, string]>>

async function hasOther(api: Api): Promise<Has> {
  const webhook = await administrator(api).webhook({}, keys.otherAdmin)
  const view = await sender(api)('POST', '/api/v1/views', { name: 'Theirs', shared: true }, keys.other)
  const imported = await api.request('POST', '/api/v1/imports', {
    key: keys.other,
    headers: { 'content-type': 'text/csv' },
    body: 'email\na@example.com\n',
  })
  return {
    companyId: ['4', '4'],
    leadId: ['5000', leadUuid(5000)],
    tagId: ['90', tagUuid(90)],
    fieldId: ['91', fieldUuid(91)],
    optionId: ['1', '1'],
    tierId: ['64', tierUuid(64)],
    categoryId: ['74', categoryUuid(74)],
    userId: ['44', userUuid(44)],
    keyId: ['7', '9'],
    partnerStageId: ['88', stageUuid(88)],
    dealStageId: ['89', stageUuid(89)],
    webhookId: [String(webhook.id), webhook.uuid],
    deliveryId: ['70', '70'],
    viewId: [String(view.body.id), view.body.uuid],
    importId: [String(imported.body.id), imported.body.uuid],
  }
}

const own: Has = {
  companyId: ['3', '3'],
  leadId: ['4711', leadUuid(4711)],
  tagId: ['7', tagUuid(7)],
  fieldId: ['6', fieldUuid(6)],
  optionId: ['1', '1'],
  userId: ['31', userUuid(31)],
  sequence: ['1', '1'],
}

/** The paths of an operation in which one name at a time is the other company's. */
function foreignPaths({ path }: Operation, other: Has): string[] {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const keyOf = (name: string): string =>
    name !== 'stageId' ? name : path.includes('partner-stages') ? 'partnerStageId' : 'dealStageId'
  const foreign = names.filter((name) => !ownNumbers.has(name) && !(name === 'optionId' || name === 'deliveryId'))
  return foreign.flatMap((chosen) =>
    [0, 1].map((at) =>
      path.replace(/:(\w+)/g, (_, name: string) => {
        const values = name === chosen ? other[keyOf(name)] : (own[keyOf(name)] ?? other[keyOf(name)])
        if (values === undefined) throw new Error(`What is ${name} in ${path}? Say so in this test.`)
        return values[at] ?? ''
      }),
    ),
  )
}

const opening = { public: keys.full, read: keys.full, write: keys.full, admin: keys.admin, person: keys.full } as const
const bodies: Readonly<Record<string, unknown>> = {
  createCustomFieldOption: { label: 'x' },
  replayWebhook: { since: 1 },
  changeLeads: { operations: [] },
}
const bodyOf = ({ body, id }: Operation): unknown => (body === undefined ? undefined : (bodies[id] ?? {}))

describe.each(backends)('companies apart on %s', (_, start) => {
  const begin = async (): Promise<{ api: Api; other: Has }> => {
    const api = await start({ config: { requiredFields: false } })
    onTestFinished(() => api.close())
    const other = await hasOther(api)
    for (;;) {
      const { body } = await api.get(`/api/v1/imports/${other['importId']?.[0]}`, keys.other)
      if (body.state !== 'running') return { api, other }
    }
  }

  test('this test knows every operation that is served', async () => {
    const { api } = await begin()
    const { paths } = (await api.get('/openapi.json')).body
    const served = Object.entries<Record<string, unknown>>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    expect(served.toSorted()).toEqual(spelled.map(([name]) => name).toSorted())
  })

  test("another company's ids are not found, and leave no trace there", async () => {
    const { api, other } = await begin()
    const before = await rowsOf(api, 4)
    expect(withParams.length).toBeGreaterThan(40)
    for (const [name, operation] of withParams) {
      for (const path of foreignPaths(operation, other)) {
        const reply: Reply = await sender(api)(operation.method, path, bodyOf(operation), opening[operation.access])
        expect(reply, `${name} as ${path}`).toMatchObject({ status: 404 })
        expect(Object.keys(reply.body), path).toEqual(['error'])
      }
    }
    expect(await rowsOf(api, 4)).toEqual(before)
  })

  test('ids of another company within a body are as ids that nobody has, and leave no trace there', async () => {
    const { api } = await begin()
    const before = await rowsOf(api, 4)
    const send = sender(api)
    for (const lead of [
      { tags: [90] },
      { tags: [tagUuid(90)] },
      { assignedUsers: [44] },
      { customFields: [{ customFieldId: 91, value: { number: 1 } }] },
    ]) {
      for (const reply of [
        await send('PATCH', '/api/v1/leads/4711', lead),
        await send('POST', '/api/v1/leads', lead),
        await send('POST', '/api/v1/leads/batch', { operations: [{ op: 'create', lead }], atomic: true }),
      ]) {
        expect(reply, JSON.stringify(lead)).toMatchObject({ status: 400 })
      }
    }
    for (const [by, key] of [
      ['id', 5000],
      ['uuid', leadUuid(5000)],
    ]) {
      const operation = { op: 'update', by, key, lead: { first_name: 'x' } }
      const { body } = await send('POST', '/api/v1/leads/batch', { operations: [operation] })
      expect(body.results).toMatchObject([{ status: 404 }])
    }
    const stages = [{ id: 88, label: 'x', series: 1, phase: 'active' }]
    expect((await send('PATCH', '/api/v1/stages/partner-stages', { stages })).status).toBeGreaterThanOrEqual(400)
    expect(await rowsOf(api, 4)).toEqual(before)
  })

  test('no list tells of another company', async () => {
    const { api, other } = await begin()
    const lists = ofKeys.filter(
      ([, { method, path, access, media }]) =>
        method === 'GET' &&
        !path.includes(':') &&
        access !== 'public' &&
        (media?.[0] ?? 'application/json') !== 'text/event-stream',
    )
    expect(lists.length).toBeGreaterThan(12)
    const uuids = Object.values(other).flatMap((values) => values.filter((value) => value.length > 30))
    expect(uuids.length).toBeGreaterThan(8)
    for (const [name, { path, access }] of lists) {
      const reply = await fetch(`${api.url}${path}?archived=1&indirect=1&revoked=1`, {
        headers: { authorization: `Bearer ${opening[access]}` },
      })
      const text = await reply.text()
      expect(reply.status, `${name}: ${text}`).toBe(200)
      for (const uuid of uuids) expect(text, name).not.toContain(uuid)
    }
    const listed = await api.get('/api/v1/keys?revoked=1', keys.admin)
    expect(listed.body.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4, 5, 6])
  })
})
