import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LogSync } from '../../src/storage/sqlite/log-sync.ts'

/** How many syncs were left to the pool of threads. */
const pool = vi.hoisted(() => ({ syncs: 0 }))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const fdatasync: typeof real.fdatasync = Object.assign(
    (...given: Parameters<typeof real.fdatasync>) => {
      pool.syncs += 1
      real.fdatasync(...given)
    },
    { __promisify__: real.fdatasync.__promisify__ },
  )
  return { ...real, fdatasync }
})

/** @param syncMs what each sync seems to take */
function begin(syncMs = 0): LogSync {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-sync-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'log')
  writeFileSync(path, 'commits')
  let ms = 0
  return new LogSync(path, { now: () => 0, elapsed: () => (ms += syncMs) })
}

test('what was read during a sync is told behind it; at other times at once', async () => {
  const log = begin()
  const order: string[] = []
  const note = (name: string) => () => order.push(name)
  const told = [
    log.toldAfter('').then(note('before')),
    log.sync(false).then(note('first sync')),
    log.toldAfter('').then(note('read in the first')),
    log.sync(false).then(note('second sync')),
    log.toldAfter('').then(note('read in the second')),
  ]
  await Promise.all(told)
  expect(order).toEqual(['before', 'first sync', 'read in the first', 'second sync', 'read in the second'])
  log.close()
})

test('a sync that fails leaves the fate of commits unknown, is not tried again, and nothing is told any more', async () => {
  const log = begin()
  log.close() // the system refuses to sync what is closed
  const first = log.sync(false)
  const second = log.sync(false)
  const told = log.toldAfter('lead')
  await expect(first).rejects.toMatchObject({ name: 'StorageFault', fateUnknown: true })
  await expect(second).rejects.toMatchObject({ fateUnknown: true })
  await expect(told).rejects.toMatchObject({ failure: 'unavailable', retryAfterSeconds: 1 })
  await expect(log.sync(false)).rejects.toMatchObject({ fateUnknown: true })
  await expect(log.toldAfter('lead')).rejects.toMatchObject({ failure: 'unavailable' })
})

test('a sync for one alone is left to the pool until the disk is known to be fast', async () => {
  const syncsOf = async (syncMs: number): Promise<number[]> => {
    const log = begin(syncMs)
    const counts: number[] = []
    for (const alone of [true, true, false, true]) {
      pool.syncs = 0
      await log.sync(alone)
      counts.push(pool.syncs)
    }
    log.close()
    return counts
  }
  expect(await syncsOf(1)).toEqual([1, 0, 1, 0])
  expect(await syncsOf(3)).toEqual([1, 1, 1, 1])
})

test('a sync on the main thread that fails leaves the fate of commits unknown as well', async () => {
  const log = begin()
  await log.sync(true)
  log.close()
  pool.syncs = 0
  await expect(log.sync(true)).rejects.toMatchObject({ name: 'StorageFault', fateUnknown: true })
  expect(pool.syncs).toBe(0)
  await expect(log.sync(true)).rejects.toMatchObject({ fateUnknown: true })
  await expect(log.toldAfter('lead')).rejects.toMatchObject({ failure: 'unavailable' })
})
