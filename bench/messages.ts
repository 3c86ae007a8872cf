import type { Kind, Target } from './requests.ts'

/** A load for one server: so many connections, each with one request at a time. */
export interface Loading {
  readonly port: number
  readonly kind: Kind
  /** How the server is spoken to; as Waggle when absent. */
  readonly target?: Target
  readonly connections: number
  readonly seconds: number
  /** Requests a second of all connections together; as many as the server takes when absent. */
  readonly perSecond?: number
  /** Only so many leads, from the first on, are asked for; all when absent. */
  readonly leads?: number
}

/** What a child process is asked; it answers each question once, in order. */
export type Question =
  | { readonly ask: 'usage' }
  | ({ readonly ask: 'load' } & Loading)
  /** Changes without a server. */
  | { readonly ask: 'write'; readonly seconds: number }
  | { readonly ask: 'trips' }
  /** Begins to look for pauses; `pauses` ends it and tells them. */
  | { readonly ask: 'watch' }
  | { readonly ask: 'pauses' }
  | { readonly ask: 'stop' }

/** Memory of a process that is resident; file pages are those of mapped files, which the system may take back. */
export interface Resident {
  readonly residentBytes: number
  readonly residentFileBytes: number
  /** The most since the process began, as the kernel kept it. Where it keeps none, what is resident now. */
  readonly residentMaxBytes: number
}

/** What a process has used so far. */
export interface Usage extends Resident {
  readonly cpuMicros: number
  /** Changes in the company's log; 0 for a process that keeps none. */
  readonly changes: number
  /** Transactions committed; 0 unless the server was told to count them. */
  readonly commits: number
}

/** How often a database was spoken to, since a program began. */
export interface Trips {
  readonly batches: number
  readonly works: number
  /** Messages of batches that waited for an answer before the next could go out. */
  readonly roundTrips: number
  /** Transactions of the whole database that wrote. */
  readonly transactions: number
}

/** How long a server stood still while it was watched. */
export interface Pauses {
  /** The longest time from one turn of its event loop to a later one, at a resolution of 1 ms. */
  readonly loopMaxMs: number
  /** The longest time from one settled batch to the next. */
  readonly batchGapMaxMs: number
  readonly batches: number
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
  /** The longest pause of the generator's own event loop: an answer may have waited in it. */
  readonly generatorLoopMaxMs: number
}

export const isQuestion = (message: unknown): message is Question => has(message, 'ask')
export const isUsage = (message: unknown): message is Usage => has(message, 'cpuMicros')
export const isLoad = (message: unknown): message is Load => has(message, 'answers')
export const isTrips = (message: unknown): message is Trips => has(message, 'roundTrips')
export const isWatching = (message: unknown): message is { readonly watching: true } => has(message, 'watching')
export const isPauses = (message: unknown): message is Pauses => has(message, 'batchGapMaxMs')
/** Said once by a server, when it listens. */
export const isReady = (message: unknown): message is { readonly port: number } => has(message, 'port')

const has = (message: unknown, member: string): boolean =>
  typeof message === 'object' && message !== null && Object.hasOwn(message, member)
