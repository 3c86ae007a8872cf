import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Book } from '../crash/load.ts'

/** What the program that pushes is asked to do. */
export interface PushOrder {
  readonly url: string
  /** Leads that were added to those of the fixture. */
  readonly leads: number
  readonly connections: number
  readonly seconds: number
  /** Requests a second, sent whatever becomes of them; when absent, each connection waits for its answers. */
  readonly perSecond?: number
  readonly firstNumber: number
}

/** A change that was answered with 200: number, lead, version, sequence, and ms from sending to answer. */
export type Taken = readonly [number: number, leadId: number, version: number, sequence: number, ms: number]

/** What the program that pushes saw. */
export interface Pushed {
  readonly sent: number
  readonly taken: readonly Taken[]
  /** Other answers, by `[status, body, Retry-After]` as JSON. */
  readonly refused: Readonly<Record<string, number>>
  /** Requests whose answer never came, by what became of their connection. */
  readonly unanswered: Readonly<Record<string, number>>
  /** The rate it really sent at. */
  readonly perSecond: number
  /** From the last request to the last answer, in ms. */
  readonly drainedMs: number
}

const program = fileURLToPath(new URL('./pusher.ts', import.meta.url))

/** Numbers that a push may use: more than it can send. */
const numbersOfPush = 10_000_000

/** Pushes changes from a process of its own, and writes in the book what was acknowledged. */
export async function push(order: Omit<PushOrder, 'firstNumber'>, book: Book): Promise<Pushed> {
  const asked: PushOrder = { ...order, firstNumber: book.nextNumber }
  book.nextNumber += numbersOfPush
  const child = spawn(process.execPath, [program, JSON.stringify(asked)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await text(child.stdout)
  assert(said !== '', 'the program that pushes ended without a word')
  const pushed: Pushed = JSON.parse(said)
  for (const [number, leadId, version, sequence] of pushed.taken) {
    book.acknowledged.push({ number, leadId, version, sequence, sentAt: 0, receivedAt: 0, replayed: false })
  }
  return pushed
}

/** A share of the answered changes took no longer than this, in ms. */
export function percentileMs(taken: readonly Taken[], share: number): number {
  const sorted = Float64Array.from(taken, ([, , , , ms]) => ms).sort()
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
}
