import type { Kind } from './requests.ts'

/** What a child process is asked; it answers each question once, in order. */
export type Question =
  | { readonly ask: 'usage' }
  | { readonly ask: 'load'; readonly port: number; readonly kind: Kind; readonly seconds: number }
  | { readonly ask: 'stop' }

/** What a server process has used so far. */
export interface Usage {
  readonly cpuMicros: number
  readonly residentBytes: number
  /** Changes in the company's log; 0 for a server that keeps none. */
  readonly changes: number
  /** Transactions committed; 0 unless the server was told to count them. */
  readonly commits: number
}

/** What the load generator saw in one round. */
export interface Load {
  readonly answers: number
  /** Answers by status, those with 200 left out. */
  readonly others: Readonly<Record<string, number>>
  /** The first answer that was not 200, its body included. */
  readonly firstOther: string | undefined
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** CPU time of the generator itself: near 1 it is the generator that is measured. */
  readonly generatorShare: number
}

export const isQuestion = (message: unknown): message is Question => has(message, 'ask')
export const isUsage = (message: unknown): message is Usage => has(message, 'cpuMicros')
export const isLoad = (message: unknown): message is Load => has(message, 'answers')
/** Said once by a server, when it listens. */
export const isReady = (message: unknown): message is { readonly port: number } => has(message, 'port')

const has = (message: unknown, member: string): boolean =>
  typeof message === 'object' && message !== null && Object.hasOwn(message, member)
