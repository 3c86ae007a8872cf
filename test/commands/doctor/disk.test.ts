import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type DiskFacts, diskFindings, diskRefused, tryDisk } from '../../../src/commands/doctor/disk.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { temporaryDirectory } from '../program.ts'

const well: DiskFacts = { type: 0xef53, freeBytes: 5e9, syncMs: 0.8, clockMs: 3 }
const size = 1e9
const told = (facts: Partial<DiskFacts>, bytes: number | undefined = size) =>
  diskFindings({ ...well, ...facts }, bytes).filter(({ state }) => state !== 'ok')

test('a disk that has room, syncs soon and has the right time is well', () => {
  expect(diskFindings(well, size)).toEqual([
    { check: 'clock', state: 'ok', says: "The file system's clock is this machine's." },
    { check: 'disk', state: 'ok', says: '4.7 GiB of the disk are free; the database takes 953.7 MiB.' },
    { check: 'sync', state: 'ok', says: 'A sync of 4 KiB takes 0.80 ms.' },
  ])
})

test.each<[Partial<DiskFacts>, object]>([
  [{ freeBytes: 9e8 }, { check: 'disk', state: 'warning', advice: expect.stringContaining('neither a backup nor') }],
  [{ freeBytes: 6e7 }, { check: 'disk', state: 'fault', advice: 'Make room now: changes will be refused with 503.' }],
  [{ syncMs: 80.4 }, { check: 'sync', state: 'warning', says: 'A sync of 4 KiB takes 80 ms.' }],
  [{ clockMs: -60_000 }, { check: 'clock', state: 'warning', says: expect.stringContaining('60 s behind') }],
  [
    { type: 0x01021994 },
    {
      check: 'file system',
      state: 'warning',
      says: 'The data lies on tmpfs, which is memory: all is lost with the machine.',
    },
  ],
  [{ type: 0x794c7630 }, { check: 'file system', says: 'The data lies on overlayfs, which goes with its container.' }],
  [{ type: 0x6969 }, { check: 'file system', says: expect.stringContaining('NFS, which is of another machine') }],
])('what is not is told: %o', (facts, finding) => {
  expect(told(facts)).toMatchObject([finding])
})

test('where the database is on another machine, only the clock counts', () => {
  expect(diskFindings({ ...well, freeBytes: 0, type: 0x6969, syncMs: 900 }, undefined)).toMatchObject([
    { check: 'clock' },
  ])
})

test('a disk is tried with a file that is removed again', () => {
  const directory = temporaryDirectory()
  const facts = tryDisk(directory, systemClock)
  expect(readdirSync(directory)).toEqual([])
  expect(facts.freeBytes).toBeGreaterThan(0)
  expect(facts.syncMs).toBeGreaterThanOrEqual(0)
  expect(Math.abs(facts.clockMs)).toBeLessThan(60_000)
})

test('one that refuses is a fault', () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, `.doctor-${process.pid}`))
  let refused: unknown
  try {
    tryDisk(directory, systemClock)
  } catch (error) {
    refused = error
  }
  expect(diskRefused(directory, refused)).toMatchObject({
    check: 'sync',
    state: 'fault',
    says: expect.stringContaining(`No file can be written and synced in ${directory}: EEXIST`),
  })
})
