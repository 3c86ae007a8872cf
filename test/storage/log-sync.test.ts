import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LogSync } from '../../src/storage/sqlite/log-sync.ts'

function begin(): LogSync {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-sync-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'log')
  writeFileSync(path, 'commits')
  return new LogSync(path)
}

test('what was read during a sync is told behind it; at other times at once', async () => {
  const log = begin()
  const order: string[] = []
  const note = (name: string) => () => order.push(name)
  const told = [
    log.toldAfter('').then(note('before')),
    log.sync().then(note('first sync')),
    log.toldAfter('').then(note('read in the first')),
    log.sync().then(note('second sync')),
    log.toldAfter('').then(note('read in the second')),
  ]
  await Promise.all(told)
  expect(order).toEqual(['before', 'first sync', 'read in the first', 'second sync', 'read in the second'])
  log.close()
})

test('a sync that fails leaves the fate of commits unknown, is not tried again, and nothing is told any more', async () => {
  const log = begin()
  log.close() // the system refuses to sync what is closed
  const first = log.sync()
  const second = log.sync()
  const told = log.toldAfter('lead')
  await expect(first).rejects.toMatchObject({ name: 'StorageFault', fateUnknown: true })
  await expect(second).rejects.toMatchObject({ fateUnknown: true })
  await expect(told).rejects.toMatchObject({ failure: 'unavailable', retryAfterSeconds: 1 })
  await expect(log.sync()).rejects.toMatchObject({ fateUnknown: true })
  await expect(log.toldAfter('lead')).rejects.toMatchObject({ failure: 'unavailable' })
})
