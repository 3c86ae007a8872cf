import { expect, test } from 'vitest'
import { systemRandom } from '../../src/kernel/random.ts'

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const timeOf = (uuid: string): number => Number.parseInt(uuid.replace('-', '').slice(0, 12), 16)

test('a uuid is one of version 7, lower case, and tells its millisecond', () => {
  for (const unixMs of [0, 1, 1_645_557_742_000, Date.UTC(2026, 2, 2), 2 ** 48 - 1]) {
    const uuid = systemRandom.uuid(unixMs)
    expect(uuid).toMatch(version7)
    expect(timeOf(uuid)).toBe(unixMs)
  }
})

test('uuids sort by their time', () => {
  const uuids = Array.from({ length: 2_000 }, (_, index) => systemRandom.uuid(1_700_000_000_000 + index))
  expect(uuids.toSorted()).toEqual(uuids)
})

test('uuids of one millisecond are all different, and so is every random digit of them', () => {
  const uuids = Array.from({ length: 20_000 }, () => systemRandom.uuid(1_700_000_000_000))
  expect(new Set(uuids).size).toBe(uuids.length)
  for (const uuid of uuids) expect(uuid).toMatch(version7)
  const fixed = 12 + 2 + 1 // digits of the time, two hyphens within them and behind, and the version
  for (let place = fixed; place < 36; place += 1) {
    const seen = new Set(uuids.map((uuid) => uuid[place]))
    if (!seen.has('-')) expect(seen.size, `digit ${place}`).toBe(place === 19 ? 4 : 16)
  }
})
