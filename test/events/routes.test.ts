import { describe, expect, onTestFinished, test } from 'vitest'
import { revoke } from '../../src/keys/revoke.ts'
import type { Database, Work } from '../../src/storage/port.ts'
import { type Api, backends, type Start } from '../backends.ts'
import { keys, userUuid, uuidOf } from '../fixture.ts'
import { expectCommonHeaders, expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { serveFeed } from './feed-server.ts'

const feedPath = '/api/v1/events'
const leadPath = '/api/v1/leads/4711'
const company = { id: 3, uuid: uuidOf(1, 3) }

const sequences = (elements: readonly { sequence: number }[]): number[] => elements.map(({ sequence }) => sequence)
const sequencesIn = async (reply: Response): Promise<number[]> => sequences(JSON.parse(await reply.text()))

/** Takes the payload of an event away, as retention does. */
const erase = (sequence: number): Work<undefined> => ({
  companyId: 3,
  keys: {},
  decide: () => ({
    reply: undefined,
    writes: [{ kind: 'update', table: 'events', key: { company_id: 3, sequence }, set: { payload: null } }],
  }),
})

describe.each(backends)('the feed on %s', (_, start) => {
  const startApi = async (options?: Start): Promise<Api> => {
    const api = await start(options)
    onTestFinished(() => api.close())
    return api
  }
  const startFeed = async (options: Parameters<typeof serveFeed>[1] = {}, wrap = (database: Database) => database) => {
    const api = await startApi()
    const feed = await serveFeed(wrap(api.database), options)
    onTestFinished(() => feed.close())
    return { api, feed }
  }

  describe('a page', () => {
    test('tells the whole log in order, from its beginning on', async () => {
      const api = await startApi()

      const first = await api.get(`${feedPath}?limit=2`)
      expectCommonHeaders(first)
      expect(sequences(first.body)).toEqual([1, 2])
      expect(first.headers.get('x-next-cursor')).toBe('2')
      expect(first.headers.get('x-waggle-last-sequence')).toBe('3')

      const second = await api.get(`${feedPath}?limit=2&after=2`)
      expect(sequences(second.body)).toEqual([3])
      expect(second.headers.get('x-next-cursor')).toBe('3')

      const third = await api.get(`${feedPath}?after=3`)
      expect(third.body).toEqual([])
      expect(third.headers.get('x-next-cursor')).toBe('3')
      expect(third.headers.get('x-waggle-last-sequence')).toBe('3')
    })

    test('tells a change as a webhook does, the members of an integration apart', async () => {
      const api = await startApi()
      await api.patch(leadPath, { status: 'qualified' })

      const [{ lead, ...told }] = (await api.get(`${feedPath}?after=3`)).body

      expect(told).toEqual({
        sequence: 4,
        at: (await api.events())[3]?.at,
        company_uuid: company.uuid,
        user_uuid: userUuid(31),
        event_id: 'lead_updated',
        changed_fields: ['status'],
        changes: { status: { old: 'new', new: 'qualified' } },
      })
      expect(lead).toMatchObject({ id: 4711, status: 'qualified' })
    })

    test('tells of an emptied event only that it happened', async () => {
      const api = await startApi()
      await api.database.transact(erase(2))
      const at = (await api.events())[1]?.at

      const { body } = await api.get(feedPath)

      expect(sequences(body)).toEqual([1, 2, 3])
      expect(body[1]).toEqual({ sequence: 2, at, event_id: 'lead_created', erased: true })
    })

    test('is of the own company alone', async () => {
      const api = await startApi()
      const { body } = await api.get(feedPath, keys.other)
      expect(body.map((one: { company_uuid: string }) => one.company_uuid)).toEqual([uuidOf(1, 4)])
    })

    test('asks for a key that may read', async () => {
      const api = await startApi()
      expectRefused(await api.get(feedPath, keys.writeOnly), 403, 'Read access required for this operation')
      expectRefused(await api.get(feedPath, keys.revoked), 401, 'Invalid API key or insufficient permissions')
    })

    test('takes parameters beyond their maximum as the maximum', async () => {
      const api = await startApi()
      expect(sequences((await api.get(`${feedPath}?limit=1001&wait=61&after=0`)).body)).toEqual([1, 2, 3])
    })
  })

  test.each([
    ['after', ['', '-1', '1.5', '01', 'x', '1000000000000000', '1&after=2']],
    ['limit', ['', '0', '-1', '1.5', 'x']],
    ['wait', ['', '-1', '0.5', '1s']],
  ])('refuses a malformed %s', async (name, values) => {
    const api = await startApi()
    for (const value of values) {
      expectRefused(await api.get(`${feedPath}?${name}=${value}`), 400, `Invalid ${name}`)
    }
  })

  describe('a request that waits', () => {
    test('is answered when a change commits', async () => {
      const { api, feed } = await startFeed()
      const held = feed.get('?after=3&wait=99')
      await feed.timers.asked(60_000)

      await api.patch(leadPath, { status: 'lost' })

      const reply = await held
      expect(await sequencesIn(reply)).toEqual([4])
      expect(reply.headers.get('x-next-cursor')).toBe('4')
      expect(reply.headers.get('x-waggle-last-sequence')).toBe('4')
    })

    test('is answered at once when there is something', async () => {
      const { feed } = await startFeed({ heldMax: { company: 0, all: 0 } })
      expect(await sequencesIn(await feed.get('?after=2&wait=60'))).toEqual([3])
    })

    test('is answered with nothing when its time is over', async () => {
      const { feed } = await startFeed()
      const held = feed.get('?after=3&wait=7')
      await feed.timers.asked(7_000)
      feed.timers.runOut(7_000)

      const reply = await held
      expect([reply.status, await reply.json(), reply.headers.get('x-next-cursor')]).toEqual([200, [], '3'])
    })

    test('waits in real time as well', async () => {
      const api = await startApi()
      expect((await api.get(`${feedPath}?after=3&wait=1`)).body).toEqual([])
    })

    test('does not hear another company', async () => {
      const { api, feed } = await startFeed()
      const held = feed.get('?after=1&wait=7', { key: keys.other })
      await feed.timers.asked(7_000)
      await api.patch(leadPath, { status: 'lost' })
      feed.timers.runOut(7_000)
      expect(await (await held).json()).toEqual([])
    })

    test('misses no change that commits between its read and its wait', async () => {
      let reads = 0
      let api: Api | undefined
      const started = await startFeed({}, (database) => ({
        ...database,
        isOpen: true,
        find: async (build) => {
          const rows = await database.find(build)
          reads += 1
          if (reads === 2) await api?.patch(leadPath, { status: 'lost' })
          return rows
        },
      }))
      api = started.api
      expect(await sequencesIn(await started.feed.get('?after=3&wait=60'))).toEqual([4])
    })

    test('is refused when the places of its company are taken', async () => {
      const { feed } = await startFeed({ heldMax: { company: 1, all: 9 } })
      const held = feed.get('?after=3&wait=7')
      await feed.timers.asked(7_000)

      const refused = await feed.get('?after=3&wait=8')
      expect([refused.status, await refused.json()]).toEqual([503, { error: 'Service unavailable' }])
      expect(refused.headers.get('retry-after')).toBe('1')

      const other = feed.get('?after=1&wait=9', { key: keys.other })
      await feed.timers.asked(9_000)
      feed.timers.runOut(7_000)
      feed.timers.runOut(9_000)
      expect([(await held).status, (await other).status]).toEqual([200, 200])
    })

    test('is refused when all places are taken', async () => {
      const { feed } = await startFeed({ heldMax: { company: 9, all: 1 } })
      const held = feed.get('?after=3&wait=7')
      await feed.timers.asked(7_000)
      expect((await feed.get('?after=1&wait=8', { key: keys.other })).status).toBe(503)
      feed.timers.runOut(7_000)
      expect((await held).status).toBe(200)
    })

    test('gives its place back when its client goes away, and is logged', async () => {
      const { feed } = await startFeed({ heldMax: { company: 1, all: 1 } })
      const control = new AbortController()
      const gone = feed.get('?after=3&wait=7', { signal: control.signal }).catch((error: Error) => error.name)
      await feed.timers.asked(7_000)
      control.abort()
      expect(await gone).toBe('AbortError')
      expect(await feed.logged(({ status }) => status === 499)).toMatchObject({ route: feedPath, company: 3 })

      const next = feed.get('?after=3&wait=8')
      await feed.timers.asked(8_000)
      feed.timers.runOut(8_000)
      expect((await next).status).toBe(200)
    })

    test('gives its place back when it is answered', async () => {
      const { feed } = await startFeed({ heldMax: { company: 1, all: 1 } })
      for (const seconds of [3, 4]) {
        const held = feed.get(`?after=3&wait=${seconds}`)
        await feed.timers.asked(seconds * 1000)
        feed.timers.runOut(seconds * 1000)
        expect((await held).status).toBe(200)
      }
    })

    test('is answered with nothing when the server closes, and so are those behind it', async () => {
      const { feed } = await startFeed()
      const held = feed.get('?after=3&wait=60')
      await feed.timers.asked(60_000)
      feed.closeFeed()
      expect(await (await held).json()).toEqual([])
      expect(await (await feed.get('?after=3&wait=60')).json()).toEqual([])
    })

    test('hears nothing once its key is revoked', async () => {
      const clock = handClock()
      const { api, feed } = await startFeed({ clock })
      const held = feed.get('?after=3&wait=60', { key: keys.readOnly })
      await feed.timers.asked(60_000)
      await revoke(api.database, 3, 2)
      clock.move(1_001)
      await api.patch(leadPath, { status: 'lost' })
      expect((await held).status).toBe(401)
    })

    test('does not wait when only the headers are asked for', async () => {
      const { feed } = await startFeed({ heldMax: { company: 0, all: 0 } })
      const reply = await feed.get('?after=3&wait=60', { method: 'HEAD' })
      expect([reply.status, reply.headers.get('x-next-cursor'), await reply.text()]).toEqual([200, '3', ''])
    })
  })

  test('the document tells both forms', async () => {
    const api = await startApi()
    const { get } = (await api.request('GET', '/openapi.json', { key: null })).body.paths[feedPath]
    expect(Object.keys(get.responses['200'].content)).toEqual(['application/json', 'text/event-stream'])
    expect(get.responses['200'].content['text/event-stream'].schema).toEqual({ type: 'string' })
  })
})
