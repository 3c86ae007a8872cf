import { describe, expect, onTestFinished, test } from 'vitest'
import type { Database, Wake } from '../../src/storage/port.ts'
import { backends } from '../backends.ts'
import { dispatching, heldTimers, refusing } from './dispatching.ts'
import { administrator } from './examples.ts'

/** A storage of which a test can tell when it is asked for nothing more: lists and syncs end in threads. */
function watched(real: Database) {
  let running = 0
  const counted = (name: 'find' | 'read' | 'transact' | 'definitions') => ({
    value: async (...args: unknown[]) => {
      running += 1
      try {
        return await Reflect.apply(real[name], real, args)
      } finally {
        running -= 1
      }
    },
  })
  const database: Database = Object.create(real, {
    find: counted('find'),
    read: counted('read'),
    transact: counted('transact'),
    definitions: counted('definitions'),
  })
  const quiet = async (): Promise<void> => {
    for (let turns = 0; turns < 50; turns = running === 0 ? turns + 1 : 0) await new Promise(setImmediate)
  }
  return { database, quiet }
}

/** The same, which wakes nobody by itself: the test does. */
function woken(real: Database) {
  const { database: counting, quiet } = watched(real)
  const listeners = new Set<(wake: Wake) => void>()
  const onWake = (listener: (wake: Wake) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const database: Database = Object.create(counting, { onWake: { value: onWake } })
  const wake = (companies: readonly number[] | undefined, followers = false): void => {
    for (const listener of listeners) listener({ companies: companies && new Set(companies), followers })
  }
  return { database, wake, listeners, quiet }
}

describe.each(backends)('the dispatcher is woken, on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    return { api, admin: administrator(api) }
  }

  test('for the companies whose logs have grown, and for all when nobody knows', async () => {
    const { api, admin } = await begin()
    await admin.webhook()
    const { database, wake, quiet } = woken(api.database)
    const { sent } = await dispatching(api, { database })
    await quiet() // it reads the log when it begins
    await admin.changeLead()
    wake([4])
    await quiet()
    expect(sent).toEqual([])
    wake([3])
    await expect.poll(() => sent).toEqual([4])
    await quiet()
    await admin.changeLead()
    wake(undefined)
    await expect.poll(() => sent).toEqual([4, 5])
    await quiet()
    await admin.changeLead()
    wake([4]) // what was told before is not remembered
    await quiet()
    expect(sent).toEqual([4, 5])
  })

  test('by several in one turn: it forgets none of them', async () => {
    const { api, admin } = await begin()
    await admin.webhook()
    const { database, wake } = woken(api.database)
    const { sent } = await dispatching(api, { database })
    await admin.changeLead()
    wake([4])
    wake([3])
    wake([4])
    await expect.poll(() => sent).toEqual([4])
  })

  test('for endpoints that came, and reads them only then', async () => {
    const { api, admin } = await begin()
    const { database, wake, quiet } = woken(api.database)
    const { sendings } = await dispatching(api, { database })
    const { id } = await admin.webhook()
    await admin.changeLead()
    wake([3])
    await quiet()
    expect(sendings).toEqual([])
    wake([], true)
    await expect.poll(() => sendings.map(({ endpoint }) => endpoint)).toEqual([id])
  })

  test('no more when it has ended', async () => {
    const { api, admin } = await begin()
    await admin.webhook()
    const { database, wake, listeners, quiet } = woken(api.database)
    const { sent, close } = await dispatching(api, { database })
    expect(listeners.size).toBe(1)
    await quiet() // it reads the log when it begins
    await admin.changeLead()
    wake([3], true) // its turn comes behind the end
    await close()
    await quiet()
    expect({ listening: listeners.size, sent }).toEqual({ listening: 0, sent: [] })
  })
})

describe.each(backends)('endpoints that change, on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    return { api, admin: administrator(api) }
  }

  test('one begins anew only when its attempt under way has ended: nothing is sent twice', async () => {
    const { api, admin } = await begin()
    const { id } = await admin.webhook()
    const answers: ((status: number) => void)[] = []
    const { database, quiet } = watched(api.database)
    const { sent } = await dispatching(api, { database, answer: () => new Promise((resolve) => answers.push(resolve)) })
    await admin.changeLead()
    await expect.poll(() => sent).toEqual([4])
    await admin.patch(`/webhooks/${id}`, { url: 'https://hooks.example/other' })
    await admin.changeLead()
    await quiet()
    expect(sent).toEqual([4])
    answers[0]?.(200)
    await expect.poll(() => sent).toEqual([4, 5])
    answers[1]?.(200)
    await expect.poll(async () => (await admin.row(id)).cursor).toBe(5)
    expect(sent).toEqual([4, 5])
  })

  test('what changes of one is heeded: the next goes to its new address', async () => {
    const { api, admin } = await begin()
    const { id } = await admin.webhook()
    const { sendings } = await dispatching(api)
    await admin.patch(`/webhooks/${id}`, { url: 'https://hooks.example/other' })
    await admin.changeLead()
    await expect.poll(() => sendings.map(({ url }) => url)).toEqual(['https://hooks.example/other'])
  })

  test('one that is deleted hears nothing more, others do', async () => {
    const { api, admin } = await begin()
    const [gone, stays] = [await admin.webhook(), await admin.webhook()]
    const { sendings } = await dispatching(api)
    await admin.changeLead()
    await expect.poll(() => sendings).toHaveLength(2)
    await admin.delete(`/webhooks/${gone.id}`)
    await admin.changeLead()
    await expect.poll(() => sendings.filter(({ endpoint }) => endpoint === stays.id)).toHaveLength(2)
    expect(sendings.filter(({ endpoint }) => endpoint === gone.id)).toHaveLength(1)
  })

  test('one whose secret cannot be opened is told as a fault, and keeps no other back', async () => {
    const { api, admin } = await begin()
    const [broken, whole] = [await admin.webhook(), await admin.webhook()]
    await admin.set(broken.id, { secret: Uint8Array.of(1, 2, 3) })
    const { sendings, faults } = await dispatching(api)
    await admin.changeLead()
    await expect.poll(() => sendings.map(({ endpoint }) => endpoint)).toEqual([whole.id])
    expect(faults).toHaveLength(1)
  })

  test('while they cannot be read, one look a second waits; then all begin', async () => {
    const { api, admin } = await begin()
    const { id } = await admin.webhook()
    const storage = refusing(api.database)
    const { database, wake } = woken(storage.database)
    const { held, timers, ring } = heldTimers()
    storage.refuses.find = true
    const { sendings, faults } = await dispatching(api, { database, timers })
    expect(faults).toHaveLength(1)
    wake([], true)
    await expect.poll(() => faults.length).toBe(2)
    expect(held.size).toBe(1)
    ring()
    await expect.poll(() => faults.length).toBe(3)
    await expect.poll(() => held.size).toBe(1)
    storage.refuses.find = false
    await admin.changeLead()
    ring()
    await expect.poll(() => sendings.map(({ endpoint }) => endpoint)).toEqual([id])
    expect(faults).toHaveLength(3)
  })
})
