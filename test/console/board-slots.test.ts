import { expect, test } from 'vitest'
import { nextPlace, slotsOf } from '../../console/board/slots.ts'
import type { LeadRow } from '../../sdk/index.ts'
import { lead } from './lead.ts'

const column = (rows: readonly LeadRow[], more: Partial<Parameters<typeof slotsOf>[0]> = {}) =>
  slotsOf({
    status: 'new',
    total: rows.length,
    rows: new Map(rows.map((row, place) => [place, row])),
    arrived: [],
    arriving: 0,
    moved: new Set(),
    ...more,
  })
const idsOf = ({ length, at }: ReturnType<typeof slotsOf>) => Array.from({ length }, (_, index) => at(index)?.id)

test('a column is the list of the server', () => {
  const slots = column([lead(3), lead(2), lead(1)])
  expect(idsOf(slots)).toEqual([3, 2, 1])
  expect(slots.count).toBe(3)
})

test('a lead that has left is passed over before the server knows, and is not counted', () => {
  const slots = column([lead(3), lead(2, 'qualified'), lead(1)])
  expect(idsOf(slots)).toEqual([3, 1])
  expect(slots.count).toBe(2)
})

test('a lead that was moved here stands on top, and is counted before the server knows', () => {
  const slots = column([lead(3), lead(1)], { arrived: [lead(9)], arriving: 1, moved: new Set([9]) })
  expect(idsOf(slots)).toEqual([9, 3, 1])
  expect(slots.count).toBe(3)
})

test('once the server has it in its place, it stands on top alone, and counts once', () => {
  const slots = column([lead(9), lead(3), lead(1)], { arrived: [lead(9)], moved: new Set([9]) })
  expect(idsOf(slots)).toEqual([9, 3, 1])
  expect(slots.count).toBe(3)
})

test('places of pages that have not been read are there, and told by their page', () => {
  const rows = new Map([
    [0, lead(3, 'lost')],
    [1, lead(2)],
  ])
  const slots = column([], { total: 120, rows, arrived: [lead(9)], moved: new Set([9]) })
  expect(slots.length).toBe(120)
  expect(slots.at(0)?.id).toBe(9)
  expect(slots.pageOf(0)).toBeUndefined()
  expect(slots.at(1)?.id).toBe(2)
  expect(slots.at(60)).toBeUndefined()
  // Behind the one that has left, place 49 of what is shown is the 51st of the server's list.
  expect(slots.pageOf(49)).toBe(1)
  expect(slots.pageOf(50)).toBe(2)
})

test('keys stay within the column', () => {
  expect(nextPlace('ArrowDown', 2, 3)).toBe(2)
  expect(nextPlace('ArrowUp', 0, 3)).toBe(0)
  expect(nextPlace('End', 0, 3)).toBe(2)
  expect(nextPlace('PageDown', 1, 100)).toBe(6)
  expect(nextPlace('x', 1, 3)).toBeUndefined()
})
