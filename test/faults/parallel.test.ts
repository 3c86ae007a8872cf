import { describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends } from '../backends.ts'

const requests = 200

/** The members in turn, each request with a value of its own. */
const patches = Array.from({ length: requests }, (_, index): Record<string, unknown> => {
  const members: readonly Record<string, unknown>[] = [
    { company_name: `Company ${index}` },
    { first_name: `First ${index}` },
    { last_name: `Last ${index}` },
    { email: `lead${index}@nordlicht.example` },
    { phone_number: `+49 30 ${index}` },
    { customFields: [{ customFieldId: 5, value: { number: index } }] },
    { customFields: [{ customFieldId: 9, value: { text: `Text ${index}` } }] },
  ]
  return members[index % members.length] ?? {}
})

describe.each(backends)('parallel changes of one lead, on %s', (_, start) => {
  const begin = async (): Promise<Api> => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }

  test(`${requests} at once all stand, one version and one event each`, async () => {
    const api = await begin()
    const before = (await api.events()).length
    const replies = await Promise.all(patches.map((patch) => api.patch('/api/v1/leads/4711', patch)))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))

    const events = (await api.events()).slice(before)
    expect(events).toHaveLength(requests)
    const byVersion = new Map(replies.map((reply, index) => [reply.headers.get('etag'), { reply, index }]))
    expect(byVersion.size).toBe(requests)
    const standing: Record<string, unknown> = {}
    let previous = 1
    for (const [at, event] of events.entries()) {
      const version = at + 2
      const found = byVersion.get(`"v${version}"`)
      const patch = patches[found?.index ?? -1] ?? {}
      const [member = '', value] = Object.entries(patch)[0] ?? []
      expect(event).toMatchObject({ lead_id: 4711, version, previous_sequence: previous, members: [member] })
      expect(found?.reply.headers.get('x-waggle-sequence')).toBe(String(event.sequence))
      expect(found?.reply.body.updated_at).toBe(new Date(event.at).toISOString())
      expect(event.payload?.changes[member]?.new).toEqual(value)
      standing[member === 'customFields' ? `field ${JSON.stringify(value).match(/\d+/)}` : member] = value
      previous = event.sequence
    }

    const lead = await api.lead()
    for (const [member, value] of Object.entries(standing)) {
      if (!member.startsWith('field ')) expect(lead[member]).toBe(value)
      else expect(lead.custom_fields).toContainEqual(expect.objectContaining(asShown(value)))
    }
    expect(lead.updated_at).toBe(new Date(events.at(-1)?.at ?? 0).toISOString())
  }, 30_000)

  test('of many that name the same version one is carried out, the others are told', async () => {
    const api = await begin()
    const replies = await Promise.all(
      patches.slice(0, 50).map((patch) => api.patch('/api/v1/leads/4711', patch, { 'if-match': '"v1"' })),
    )
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(49).fill(412)])
    expect((await api.events()).filter(({ lead_id, version }) => lead_id === 4711 && version > 1)).toHaveLength(1)
  })

  test('of many that carry the same idempotency key one is carried out', async () => {
    const api = await begin()
    const same = { company_name: 'Once' }
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => api.patch('/api/v1/leads/4711', same, { 'idempotency-key': 'the-same' })),
    )
    const carriedOut = replies.filter(({ status, headers }) => status === 200 && !headers.has('idempotency-replayed'))
    expect(carriedOut).toHaveLength(1)
    for (const { status } of replies) expect([200, 409]).toContain(status)
    expect((await api.events()).filter(({ lead_id, version }) => lead_id === 4711 && version > 1)).toHaveLength(1)
  })
})

/** A value of a request's `customFields` as GET shows it. */
const asShown = (sent: unknown): unknown => {
  const [element] = Array.isArray(sent) ? sent : []
  return { id: element.customFieldId, value: element.value }
}
