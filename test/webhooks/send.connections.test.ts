import type { ServerResponse } from 'node:http'
import type { LookupFunction } from 'node:net'
import { describe, expect, test } from 'vitest'
import { systemClock, systemTimers, type Timers } from '../../src/kernel/clock.ts'
import { rawReceiver, receiver } from './receivers/receiver.ts'
import { aMessage, aSender, failure, hasty, moderate, patient } from './receivers/sender.ts'

describe('connections', () => {
  test('are kept apart: an endpoint that hangs with all of its own does not hold up another of the same origin', async () => {
    const { url, received } = await receiver((response, { body }) => {
      if (String(body) !== 'hang') response.end()
    })
    const sender = aSender({ connections: 2 })
    const hanging = [1, 2, 3].map(() => sender.send(aMessage(url, { endpoint: 1, body: 'hang' })))
    await expect.poll(() => received.length).toBe(2)

    expect(await sender.send(aMessage(url, { endpoint: 2 }))).toMatchObject({ status: 200 })

    await sender.close()
    expect(await Promise.all(hanging)).toMatchObject([1, 2, 3].map(() => failure('the server is stopping')))
  })

  test('are as many as were asked for, and what waits goes in order', async () => {
    const held: ServerResponse[] = []
    const { url, received, opened } = await receiver((response) => {
      held.push(response)
      if (held.length === 3) for (const one of held.splice(0)) one.end()
    })
    const sender = aSender({ connections: 3 })
    const bodies = Array.from({ length: 30 }, (_, index) => String(index))

    const returned = await Promise.all(bodies.map((body) => sender.send(aMessage(url, { body }))))

    expect(returned.map(({ status }) => status)).toEqual(bodies.map(() => 200))
    expect(opened).toHaveLength(3)
    for (let round = 0; round < 30; round += 3) {
      const together = received.slice(round, round + 3).map(({ body }) => String(body))
      expect(together.toSorted()).toEqual(bodies.slice(round, round + 3).toSorted())
    }
  })

  test('that wait too long for another are given up, and are not sent later', async () => {
    const { url, received } = await receiver((response, { body }) => {
      if (String(body) !== 'hang') response.end()
    })
    const sender = aSender({ connections: 1, timeoutMs: moderate })
    const first = sender.send(aMessage(url, { body: 'hang' }))
    const second = sender.send(aMessage(url, { body: 'late' }))
    const outcomes = await Promise.all([first, second])
    expect(outcomes).toMatchObject([failure('timed out after 700 ms'), failure('timed out after 700 ms')])

    expect(await sender.send(aMessage(url, { body: 'new' }))).toMatchObject({ status: 200 })
    expect(received.map(({ body }) => String(body))).toEqual(['hang', 'new'])
  })

  test('outlive what was given up while it waited for them', async () => {
    const held: ServerResponse[] = []
    const { url, received, opened } = await receiver((response) => held.push(response))
    const due: Array<() => void> = []
    const timers: Timers = {
      after: (ms, call) => {
        if (ms === patient) due.push(call)
        return () => {}
      },
    }
    const sender = aSender({ connections: 1, timers })
    const [first, second, third] = ['1', '2', '3'].map((body) => sender.send(aMessage(url, { body })))

    due[1]?.()
    expect(await second).toMatchObject(failure(`timed out after ${patient} ms`))
    for (const attempt of [first, third]) {
      await expect.poll(() => held.length).toBe(1)
      held.pop()?.end()
      expect(await attempt).toMatchObject({ status: 200 })
    }

    expect(received.map(({ body }) => String(body))).toEqual(['1', '3'])
    expect(opened).toHaveLength(1)
  })

  test('that are made too late send nothing', async () => {
    const { port, received, opened } = await receiver((response) => response.end())
    let answer: (() => void) | undefined
    const lookup: LookupFunction = (_, __, callback) => {
      answer ??= () => callback(null, [{ address: '127.0.0.1', family: 4 }])
    }
    // The name is answered as the attempt ends, before the connector gives up by itself.
    const timers: Timers = { after: (ms, call) => systemTimers.after(ms === patient ? hasty : ms, call) }
    const sender = aSender({ lookup, timers })
    const returned = await sender.send(aMessage(`http://hooks.example:${port}/`))
    expect(returned).toMatchObject(failure(`timed out after ${patient} ms`))

    answer?.()
    await expect.poll(() => opened[0]?.destroyed).toBe(true)
    expect(received).toEqual([])
  })

  test('that nobody used for minutes are let go', async () => {
    let passed = 0
    const due: Array<() => void> = []
    const timers: Timers = {
      after: (ms, call) => {
        if (ms === patient) return systemTimers.after(ms, call)
        due.push(call)
        return () => {}
      },
    }
    const { url, opened } = await receiver((response) => response.end())
    const sender = aSender({ connections: 1, timers, clock: { ...systemClock, elapsed: () => passed } })
    await sender.send(aMessage(url))

    passed += 299_000
    due.shift()?.()
    await sender.send(aMessage(url))
    expect(opened).toHaveLength(1)

    passed += 301_000
    due.shift()?.()
    await expect.poll(() => opened[0]?.destroyed).toBe(true)
    expect(due).toHaveLength(0)
    expect(await sender.send(aMessage(url))).toMatchObject({ status: 200 })
    expect(opened).toHaveLength(2)
  })
})

describe('a sender that is closed', () => {
  test('ends the attempts that run, and those that wait for a connection, a name or TLS', async () => {
    const hanging = await receiver(() => {})
    const mute = await rawReceiver((socket) => socket.resume())
    const sender = aSender({ connections: 1, lookup: () => {} })
    const urls = [hanging.url, hanging.url, 'http://hooks.example/', `https://127.0.0.1:${mute.port}/`]
    const attempts = urls.map((url) => sender.send(aMessage(url)))
    await expect.poll(() => hanging.received.length + mute.opened.length).toBe(2)

    await sender.close()

    expect(await Promise.all(attempts)).toMatchObject(urls.map(() => failure('the server is stopping')))
    await expect.poll(() => [...hanging.opened, ...mute.opened].every(({ destroyed }) => destroyed)).toBe(true)
  })

  test('sends nothing more', async () => {
    const { url, opened } = await receiver((response) => response.end())
    const sender = aSender()
    await sender.close()
    expect(await sender.send(aMessage(url))).toMatchObject(failure('the server is stopping'))
    await sender.close()
    expect(opened).toEqual([])
  })

  test('has closed the connections that were idle', async () => {
    const { url, opened } = await receiver((response) => response.end())
    const sender = aSender()
    await sender.send(aMessage(url))
    await sender.close()
    await expect.poll(() => opened[0]?.destroyed).toBe(true)
  })
})
