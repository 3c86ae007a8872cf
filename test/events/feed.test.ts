import { connect } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Feed } from '../../src/events/feed.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { revoke } from '../../src/keys/revoke.ts'
import type { Database } from '../../src/storage/port.ts'
import { type Api, backends, type Start } from '../backends.ts'
import { keys, uuidOf } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { handTimers, openStream, serveFeed } from './feed-server.ts'

const feedPath = '/api/v1/events'
const leadPath = '/api/v1/leads/4711'
const keepAliveMs = 15_000
const company = { id: 3, uuid: uuidOf(1, 3) }

describe.each(backends)('the feed as a stream on %s', (_, start) => {
  const startApi = async (options?: Start): Promise<Api> => {
    const api = await start(options)
    onTestFinished(() => api.close())
    return api
  }
  const startFeed = async (options: Parameters<typeof serveFeed>[1] = {}) => {
    const api = await startApi()
    const feed = await serveFeed(api.database, options)
    onTestFinished(() => feed.close())
    return { api, feed }
  }

  describe('a stream', () => {
    test('tells the log from its beginning and goes on live', async () => {
      const api = await startApi()
      const stream = await openStream(`${api.url}${feedPath}`)
      onTestFinished(() => stream.leave())

      expect(stream.status).toBe(200)
      expect(stream.headers).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
        'x-request-id': expect.any(String),
        'x-waggle-last-sequence': '3',
      })
      expect(await stream.next()).toEqual({ retry: '2000' })
      const past = await stream.events(3)
      expect(past.map(({ id, event }) => [id, event])).toEqual([
        ['1', 'lead_created'],
        ['2', 'lead_created'],
        ['3', 'lead_created'],
      ])
      await api.patch(leadPath, { status: 'lost' })
      const [live] = await stream.events(1)
      expect(live).toMatchObject({ id: '4', event: 'lead_updated' })
      expect(JSON.parse(live?.['data'] ?? '')).toEqual((await api.get(`${feedPath}?after=3`)).body[0])
    })

    test.each([
      ['text/event-stream', 'text/event-stream'],
      ['application/json, Text/Event-Stream;q=0.5', 'text/event-stream'],
      ['*/*', 'application/json'],
      ['application/json, text/event-stream; q=0', 'application/json'],
    ])('is what "Accept: %s" asks for: %s', async (accept, type) => {
      const api = await startApi()
      const stream = await openStream(`${api.url}${feedPath}?after=3`, { headers: { accept } })
      onTestFinished(() => stream.leave())
      expect(stream.headers['content-type']).toBe(`${type}; charset=utf-8`)
    })

    test('begins behind Last-Event-ID, else behind `after`', async () => {
      const api = await startApi()
      const firstOf = async (query: string, headers: Record<string, string>) => {
        const stream = await openStream(`${api.url}${feedPath}${query}`, { headers })
        const [first] = await stream.events(1)
        stream.leave()
        return first?.['id']
      }
      expect(await firstOf('?after=1', {})).toBe('2')
      expect(await firstOf('?after=1', { 'last-event-id': '2' })).toBe('3')
      expect(await firstOf('?after=1', { 'last-event-id': '0' })).toBe('1')
      expect(await firstOf('?after=1', { 'last-event-id': '' })).toBe('2')
    })

    test.each(['x', '-1', '1.5', '01', '1, 2'])('refuses "Last-Event-ID: %s"', async (text) => {
      const api = await startApi()
      const headers = { accept: 'text/event-stream', 'last-event-id': text }
      expectRefused(await api.request('GET', feedPath, { headers }), 400, 'Invalid Last-Event-ID')
    })

    test('misses nothing and repeats nothing for a client that comes back again and again', async () => {
      const api = await startApi()
      const patches = Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          api.patch(`/api/v1/leads/${index % 2 === 0 ? 4711 : 4713}`, { company_name: `Name ${index}` }),
        ),
      )
      const heard: number[] = []
      while (heard.length < 203) {
        const stream = await openStream(`${api.url}${feedPath}`, {
          headers: { 'last-event-id': String(heard.at(-1) ?? 0) },
        })
        const events = await stream.events(Math.min(17, 203 - heard.length))
        heard.push(...events.map(({ id }) => Number(id)))
        stream.leave()
      }
      expect(heard).toEqual(Array.from({ length: 203 }, (_, index) => index + 1))
      for (const { status } of await patches) expect(status).toBe(200)
    })

    test('gives a sign of life when nothing happens', async () => {
      const { feed } = await startFeed()
      const stream = await openStream(`${feed.url}?after=3`)
      onTestFinished(() => stream.leave())
      await stream.next()
      for (let times = 0; times < 2; times += 1) {
        await feed.timers.asked(keepAliveMs)
        feed.timers.runOut(keepAliveMs)
        expect(await stream.next()).toEqual({ '': 'keep-alive' })
      }
    })

    test('ends without another event once its key is revoked', async () => {
      const clock = handClock()
      const { api, feed } = await startFeed({ clock })
      const stream = await openStream(`${feed.url}?after=3`, { key: keys.readOnly })
      await stream.next()

      await revoke(api.database, 3, 2)
      clock.move(1_001)
      await api.patch(leadPath, { status: 'lost' })

      expect(await stream.next()).toBeUndefined()
    })

    test('ends at its next sign of life once its key is revoked', async () => {
      const clock = handClock()
      const { api, feed } = await startFeed({ clock })
      const stream = await openStream(`${feed.url}?after=3`, { key: keys.readOnly })
      await stream.next()
      await feed.timers.asked(keepAliveMs)

      await revoke(api.database, 3, 2)
      clock.move(1_001)
      feed.timers.runOut(keepAliveMs)

      expect(await stream.next()).toBeUndefined()
    })

    test('counts as a held request, and gives its place back when its client goes away', async () => {
      const { feed } = await startFeed({ heldMax: { company: 1, all: 1 } })
      const first = await openStream(`${feed.url}?after=3`)
      await first.next()
      expect((await openStream(feed.url)).status).toBe(503)
      expect((await feed.get('?after=3&wait=5')).status).toBe(503)
      expect(feed.log.map(({ status }) => status)).toEqual([503, 503])

      first.leave()
      await feed.logged(({ status }) => status === 200)
      const second = await openStream(feed.url)
      onTestFinished(() => second.leave())
      expect(second.status).toBe(200)
    })

    test('cuts the connection of a client that takes nothing for a minute', async () => {
      const { feed } = await startFeed()
      const { hostname, port, pathname } = new URL(feed.url)
      const socket = connect(Number(port), hostname)
      const closed = new Promise((resolve) => socket.on('close', resolve))
      const head = `GET ${pathname}?after=3 HTTP/1.1\r\nhost: waggle.example\r\naccept: text/event-stream\r\n`
      // The second stream waits behind the first, which does not end: nothing of it is ever taken.
      socket.resume().write(`${head}authorization: Bearer ${keys.full}\r\n\r\n`.repeat(2))
      await feed.timers.asked(keepAliveMs)
      await feed.timers.asked(60_000)
      feed.timers.runOut(60_000)
      await closed
      await feed.logged(() => feed.log.length === 2)
    })

    test('ends when the server closes, and does not hold it up', async () => {
      const api = await start()
      const stream = await openStream(`${api.url}${feedPath}?after=3`)
      await stream.next()
      const closed = api.close()
      expect(await stream.next()).toBeUndefined()
      await closed
      expect(api.log.map(({ route, status }) => ({ route, status }))).toEqual([{ route: feedPath, status: 200 }])
    })

    test('is not begun when only the headers are asked for', async () => {
      const { feed } = await startFeed({ heldMax: { company: 1, all: 1 } })
      for (let times = 0; times < 2; times += 1) {
        const reply = await feed.get('', { method: 'HEAD', headers: { accept: 'text/event-stream' } })
        expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
        await feed.logged(() => feed.log.length === times + 1)
      }
    })
  })

  describe('following', () => {
    const followed = async (mayRead = async () => true) => {
      const { database } = await startApi()
      const read = vi.fn()
      const timers = handTimers()
      const counted: Database = {
        ...database,
        isOpen: true,
        find: (build) => {
          read()
          return database.find(build)
        },
      }
      const feed = new Feed(counted, timers)
      onTestFinished(() => feed.close())
      const cut = vi.fn()
      const follow = () => feed.follow(feed.hold(3), { company, after: 0, mayRead, cut })
      return { feed, read, timers, cut, follow }
    }

    test('reads nothing before the client has taken what was sent', async () => {
      const { read, follow } = await followed()
      const texts = follow()
      await texts.next()
      expect(read).not.toHaveBeenCalled()
      await texts.next()
      expect(read).toHaveBeenCalledTimes(1)
    })

    test('cuts a client that takes nothing for a minute, and no other', async () => {
      const { timers, cut, follow } = await followed()
      const texts = follow()
      await texts.next()
      const second = texts.next()
      timers.runOut(60_000)
      expect(cut).not.toHaveBeenCalled()
      await second
      timers.runOut(60_000)
      expect(cut).toHaveBeenCalledTimes(1)
    })

    test('reads once for all that ask the same at the same time', async () => {
      const { read, follow } = await followed()
      const all = [follow(), follow(), follow()]
      await Promise.all(all.map((texts) => texts.next()))
      const [first, ...others] = await Promise.all(all.map(async (texts) => (await texts.next()).value))
      expect(first).toContain('id: 3\n')
      expect(others).toEqual([first, first])
      expect(read).toHaveBeenCalledTimes(1)
    })

    test('ends with what holds it', async () => {
      const { feed, follow } = await followed()
      const texts = follow()
      await texts.next()
      await texts.next()
      const end = texts.next()
      feed.close()
      expect(await end).toEqual({ done: true, value: undefined })
    })

    test('a place is refused with the time to come back', async () => {
      const { database } = await startApi()
      const feed = new Feed(database, handTimers(), { company: 1, all: 1 })
      onTestFinished(() => feed.close())
      const held = feed.hold(3)
      expect(() => feed.hold(3)).toThrow(Refusal)
      held.end()
      held.end()
      feed.hold(3)
      expect(() => feed.hold(4)).toThrow(expect.objectContaining({ failure: 'unavailable', retryAfterSeconds: 1 }))
    })
  })
})
