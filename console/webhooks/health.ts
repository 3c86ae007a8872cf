import type { DeliveryState, Webhook } from '../../sdk/index.ts'
import { shownNumber } from '../ui/number.ts'

export type Recent = NonNullable<Webhook['recent']>[number]

/** How a delivery is drawn and counted. */
export type Outcome = 'arrived' | 'retried' | 'lost' | 'waiting'

export const outcomeOf: Readonly<Record<DeliveryState, Outcome>> = {
  delivered: 'arrived',
  retrying: 'retried',
  parked: 'lost',
  expired: 'lost',
  skipped: 'lost',
  pending: 'waiting',
}

/**
 * The time that a share of the answers took at the most, by nearest rank; undefined when there were none.
 *
 * @param share 0.5 is the median
 */
export function percentile(recent: readonly Pick<Recent, 'ms'>[], share: number): number | undefined {
  const times = recent.flatMap(({ ms }) => (ms === null ? [] : [ms])).sort((one, other) => one - other)
  return times[Math.max(0, Math.ceil(times.length * share) - 1)]
}

/** "85 ms", "1.2 s". */
export const shownMs = (ms: number): string =>
  ms < 1000 ? `${shownNumber(ms)} ms` : `${shownNumber(Math.round(ms / 100) / 10)} s`

/** The strip of outcomes for those who do not see it. */
export function outcomesSentence(recent: readonly Pick<Recent, 'state'>[]): string {
  if (recent.length === 0) return 'Nothing was sent yet.'
  const count = (outcome: Outcome): number => recent.filter(({ state }) => outcomeOf[state] === outcome).length
  const parts = (['arrived', 'retried', 'lost', 'waiting'] as const).flatMap((outcome) => {
    const number = count(outcome)
    return number === 0 ? [] : [`${number} ${outcomeWords[outcome]}`]
  })
  return `Of the last ${recent.length}: ${parts.join(', ')}.`
}

const outcomeWords: Readonly<Record<Outcome, string>> = {
  arrived: 'arrived',
  retried: 'being tried again',
  lost: 'given up',
  waiting: 'waiting',
}

/** What has not arrived: events in the log and deliveries that are not there yet; the latter are counted to 1000. */
export function waitingText({ backlog, undelivered }: Pick<Webhook, 'backlog' | 'undelivered'>): string {
  const total = shownNumber(backlog + undelivered)
  return undelivered >= 1_000 ? `${total}+` : total
}
