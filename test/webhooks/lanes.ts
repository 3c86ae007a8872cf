import { type Item, Lane, type LaneRules } from '../../src/webhooks/lane.ts'
import { aDelivery } from './examples.ts'

export const second = 1_000
export const minute = 60 * second
const rules: LaneRules = {
  scheduleMs: [0, 5 * second, 5 * minute, 30 * minute, 120 * minute],
  holdMs: 35 * minute,
  concurrency: 3,
  disableAfterMs: 1_000 * minute,
}

export const fresh = { id: 0, state: 'pending', attempts: 0, tries: 0, status: null, ms: null, answer: null } as const
export const never = { first_attempt_at: null, last_attempt_at: null, delivered_at: null } as const

/** A lane with nothing in it, and hands that move it. */
export function begin(more: Partial<LaneRules> = {}) {
  const lane = new Lane({ ...rules, ...more }, { taken: 0, failingSince: null })
  const take = (sequence: number, lead: number): Item => {
    const event = {
      sequence,
      leadId: lead,
      name: 'lead_updated',
      at: 0,
      members: [],
      userUuid: '',
      text: '{}',
    } as const
    const item: Item = { row: aDelivery(sequence, { lead_id: lead, ...fresh, ...never }), event, saved: false }
    lane.taken = sequence
    lane.take(item)
    return item
  }
  const settle = (item: Item | undefined, status: number | undefined, now: number, retryAfter?: string) => {
    if (item === undefined) throw new Error('nothing was to be sent')
    const returned = { status, retryAfter, answer: '', error: status === undefined ? 'cut' : undefined, ms: 1 }
    return lane.settle(item, returned, { startedAt: now, now, random: 0.5 })
  }
  /** Everything that may go now, by sequence. */
  const going = (now: number): number[] => {
    const all: number[] = []
    for (let item = lane.next(now); item !== undefined; item = lane.next(now)) all.push(item.row.sequence)
    return all
  }
  const save = (): number[] => {
    const items = lane.takeDirty(100)
    lane.wasSaved(items)
    return items.map(({ row }) => row.sequence)
  }
  return { lane, take, settle, going, save }
}
