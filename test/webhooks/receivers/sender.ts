import type { LookupFunction } from 'node:net'
import { onTestFinished } from 'vitest'
import { systemClock, systemTimers } from '../../../src/kernel/clock.ts'
import { createSender } from '../../../src/webhooks/send.ts'
import type { Sender, Sending } from '../../../src/webhooks/sending.ts'

/** Long enough that it never comes in a test that is not about it. */
export const patient = 30_000
/** For tests in which no answer comes. */
export const hasty = 150
/** For tests in which an answer must come in time, and another must not. */
export const moderate = 700

type Options = Partial<Parameters<typeof createSender>[0]>

/** A sender that may reach 127.0.0.1 and nothing else of its own machine; it ends with the test. */
export function aSender(options: Options = {}): Sender {
  const common = { allow: ['127.0.0.1'], timeoutMs: patient, connections: 4, clock: systemClock, timers: systemTimers }
  const sender = createSender({ ...common, ...options })
  onTestFinished(() => sender.close())
  return sender
}

export const aMessage = (url: string, more: Partial<Sending> = {}): Sending => ({
  endpoint: 1,
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"event_id":"lead_updated"}',
  ...more,
})

/** A look-up that answers these in turn, and the last one from then on. */
export const answersInTurn = (...answers: readonly (readonly string[])[]): LookupFunction => {
  const left = [...answers]
  return (_, __, callback) => {
    const addresses = (left.length > 1 ? left.shift() : left[0]) ?? []
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

export const failure = (error: unknown) => ({ status: undefined, retryAfter: undefined, answer: '', error })
