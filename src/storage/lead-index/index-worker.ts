import { setTimeout as wait } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '../../kernel/refusal.ts'
import type { AskedPage, Condition, IdPage, LeadCounts } from '../lead-list.ts'
import type { PoolReads } from '../postgres/pool-reads.ts'
import { Reads } from '../sqlite/reads.ts'
import { LeadIndexes } from './lead-indexes.ts'

/** Where the leads are: the file of the embedded database, or the address of a server. */
export type Place = { readonly path: string; readonly url?: undefined } | { readonly url: string }

/** What may be asked of the index of a company. */
export type Question =
  | { readonly kind: 'page'; readonly companyId: number; readonly asked: AskedPage }
  | { readonly kind: 'counts'; readonly companyId: number; readonly conditions: readonly Condition[] }

export interface Answers {
  readonly page: IdPage
  readonly counts: LeadCounts
}

export type Asked =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' }

export type Said =
  | { readonly id: number; readonly answer: Answers[Question['kind']] }
  /** `refused`: the database did, for a while. */
  | { readonly id: number; readonly message: string; readonly refused: boolean }

/** How often logs are caught up with while nobody asks, in ms. */
const drainEveryMs = 1_000
/** Connections to a server. */
const connections = 2

/** Over a file a thread does without what speaks to a server: that takes memory. */
async function sourceAt(place: Place): Promise<PoolReads | Reads> {
  if (place.url === undefined) return new Reads(place.path, { inTurn: true, atOnce: true })
  const { PoolReads: OnServer } = await import('../postgres/pool-reads.ts')
  return new OnServer(place.url, connections)
}

function serve(port: MessagePort, source: PoolReads | Reads): void {
  const indexes = new LeadIndexes(source)
  const waiting = new Map<number, AbortController>()
  const say = (said: Said): void => port.postMessage(said)

  const answerTo = (question: Question, signal: AbortSignal): Promise<Answers[Question['kind']]> =>
    question.kind === 'page'
      ? indexes.page(question.companyId, question.asked, signal)
      : indexes.counts(question.companyId, question.conditions, signal)

  const answer = async (id: number, question: Question): Promise<void> => {
    const controller = new AbortController()
    waiting.set(id, controller)
    try {
      say({ id, answer: await answerTo(question, controller.signal) })
    } catch (error) {
      const told = error instanceof Refusal ? (error.cause ?? error) : error
      const message = told instanceof Error ? told.message : String(told)
      say({ id, message, refused: error instanceof Refusal })
    } finally {
      waiting.delete(id)
    }
  }

  let isOpen = true
  const drain = async (): Promise<void> => {
    while (isOpen) {
      await wait(drainEveryMs, undefined, { ref: false })
      // What a database refuses now is asked for again by the next list.
      if (isOpen) await indexes.drain().catch(() => {})
    }
  }

  port.on('message', (asked: Asked) => {
    if (asked.kind === 'ask') void answer(asked.id, asked.question)
    else if (asked.kind === 'cancel') waiting.get(asked.id)?.abort()
    else {
      isOpen = false
      void source.close().finally(() => port.close())
    }
  })
  void drain()
}

if (parentPort !== null) serve(parentPort, await sourceAt(workerData as Place))
