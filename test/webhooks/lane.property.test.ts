import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Item } from '../../src/webhooks/lane.ts'
import { begin, minute, second } from './lanes.ts'

/** What may happen to a lane, in any order. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('take' as const), lead: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('answer' as const), status: fc.constantFrom(200, 500, 503, undefined) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(second, 20 * minute) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('save' as const),
      limit: fc.integer({ min: 1, max: 3 }),
      ok: fc.boolean(),
    }),
  },
)

test('whatever happens: leads keep their order, the cursor passes no event without a row, nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 80 }), (steps) => {
      const { lane, take, settle } = begin({ concurrency: 2 })
      const all: Item[] = []
      const underWay: Item[] = []
      let now = 0
      const send = (): void => {
        const item = lane.next(now)
        if (item === undefined) return
        const { lead_id, sequence } = item.row
        const ahead = all.filter(({ row }) => row.lead_id === lead_id && row.sequence < sequence)
        expect(ahead.every(({ row }) => row.late || row.state === 'delivered' || row.state === 'parked')).toBe(true)
        underWay.push(item)
        expect(underWay.length).toBeLessThanOrEqual(2)
      }
      const save = (limit: number, ok: boolean): void => {
        const items = lane.takeDirty(limit)
        const cursor = lane.cursorWith(items)
        for (const item of all) if (item.row.sequence <= cursor) expect(item.saved || items.includes(item)).toBe(true)
        if (ok) lane.wasSaved(items)
        else lane.notSaved(items)
        // What comes first of a lead has its row first: it may die here, and goes on in order.
        const saved = new Set(all.filter((item) => item.saved).map(({ row }) => row.lead_id))
        for (const lead of saved) {
          const rows = all.filter(({ row }) => row.lead_id === lead).map((item) => item.saved)
          expect(rows).toEqual(rows.toSorted().reverse())
        }
      }
      for (const one of steps) {
        if (one.kind === 'take') all.push(take(all.length + 1, one.lead))
        else if (one.kind === 'send') send()
        else if (one.kind === 'wait') now += one.ms
        else if (one.kind === 'save') save(one.limit, one.ok)
        else if (underWay.length > 0) settle(underWay.shift(), one.status, now)
      }
      // All that is not late arrives once the receiver answers; late ones are the database's.
      for (let turns = 0; turns < 1_000; turns += 1) {
        send()
        if (underWay.length > 0) settle(underWay.shift(), 200, now)
        else if (lane.wakeAt === undefined) break
        else now = Math.max(now, lane.wakeAt)
      }
      while (lane.hasDirty) save(100, true)
      expect(all.every(({ row }) => row.late || row.state === 'delivered' || row.state === 'parked')).toBe(true)
      expect(lane.cursorWith([])).toBe(all.length)
    }),
    { numRuns: 500 },
  )
})
