import { describe, expect, onTestFinished, test } from 'vitest'
import { backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { openStream } from './feed-server.ts'

const path = '/api/v1/leads/changes'

describe.each(backends)('GET /api/v1/leads/changes on %s', (_, start) => {
  const begin = async () => {
    const api = await start({ config: { requiredFields: false } })
    onTestFinished(() => api.close())
    const watch = async () => {
      const stream = await openStream(`${api.url}${path}`)
      onTestFinished(() => stream.leave())
      const notice = async () => {
        const [event] = await stream.events(1)
        expect(event?.['event']).toBe('changed')
        return JSON.parse(event?.['data'] ?? '')
      }
      expect(await stream.next()).toEqual({ retry: '2000' })
      return { notice, leave: () => stream.leave() }
    }
    return { api, watch }
  }

  test('tells where the log stands, then which leads have changed, and by whom', async () => {
    const { api, watch } = await begin()
    const { notice } = await watch()
    expect(await notice()).toEqual({ sequence: 3, leads: [], more: false })

    await api.patch('/api/v1/leads/4711', { status: 'lost' })
    expect(await notice()).toEqual({
      sequence: 4,
      leads: [{ id: 4711, user_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
      more: false,
    })
  })

  test('gathers what comes close together, each lead once, for all who watch', async () => {
    const { api, watch } = await begin()
    const watchers = [await watch(), await watch()]
    for (const { notice } of watchers) await notice()
    for (const status of ['lost', 'new', 'contacted']) await api.patch('/api/v1/leads/4711', { status })
    for (const { notice } of watchers) {
      let last = await notice()
      while (last.sequence < 6) last = await notice()
      expect(last).toMatchObject({ sequence: 6, leads: [{ id: 4711 }] })
    }
  })

  test('says that there are more when they are too many to name', async () => {
    const { api, watch } = await begin()
    const { notice } = await watch()
    await notice()
    const operations = Array.from({ length: 501 }, (_unused, n) => ({ op: 'create', lead: { company_name: `C ${n}` } }))
    const made = await api.request('POST', '/api/v1/leads/batch', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ operations, atomic: true }),
    })
    expect(made.status).toBe(200)
    expect(await notice()).toEqual({ sequence: 504, leads: [], more: true })
  })

  test("tells nothing of another company's leads", async () => {
    const { api, watch } = await begin()
    const { notice } = await watch()
    await notice()
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ status: 'lost' })
    const other = await api.request('PATCH', '/api/v1/leads/5000', { key: keys.other, headers, body })
    expect(other.status).toBe(200)
    await api.patch('/api/v1/leads/4711', { status: 'lost' })
    expect((await notice()).leads).toMatchObject([{ id: 4711 }])
  })
})
