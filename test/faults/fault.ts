import assert from 'node:assert/strict'
import { type Checked, checkAnswers, checkDatabase, hold } from '../crash/check.ts'
import { type Book, type Load, newBook, patchOnce, prepareData, startLoad } from '../crash/load.ts'
import { type ServerProcess, startServer, temporaryDirectory, until } from '../crash/server.ts'

/** What a fault showed. What breaks a promise is thrown instead, so nothing here is lost or half applied. */
export interface Told {
  /** Changes that were answered with 200, all of which stand. */
  readonly acknowledged: number
  /** Changes that were answered with a whole 503. */
  readonly refused: number
  /** Changes whose connection broke before an answer. */
  readonly unanswered: number
  /** Changes that stand though they were not acknowledged: their fate was unknown. */
  readonly unheard: number
  /** What became of the server, in a few words. */
  readonly outcome: string
}

/** One thing that goes wrong around a server, and what is promised of it. */
export interface Fault {
  readonly name: string
  /** What was done to the server, and how. */
  readonly injected: string
  /** Takes a few seconds at the most, and so is part of `npm test`. */
  readonly quick: boolean
  /** Why it cannot be tried on this machine; undefined when it can. */
  readonly missing?: () => string | undefined
  /** @throws Error with the first promise that is broken */
  readonly run: () => Promise<Told>
}

/** A server over prepared data of its own, and all that it was sent. */
export interface Ground {
  readonly data: string
  readonly book: Book
  readonly server: ServerProcess
}

interface Start {
  /** A command through which the server starts, and which becomes it. */
  readonly through?: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
}

/** Runs a body with a server, which is gone afterwards with its data. */
export async function onServer<T>(
  body: (ground: Ground) => Promise<T>,
  { through = [], settings = {} }: Start = {},
): Promise<T> {
  const directory = temporaryDirectory()
  await prepareData(directory.path)
  try {
    const server = await startServer(directory.path, through, settings)
    try {
      return await body({ data: directory.path, book: newBook(), server })
    } finally {
      await server.end('SIGKILL')
    }
  } finally {
    directory.remove()
  }
}

/** Load that runs already: the first changes are acknowledged. */
export async function underLoad({ server, book }: Ground, connections: number): Promise<Load> {
  const before = book.acknowledged.length
  const load = startLoad(server.url, book, connections)
  await until('the first changes are acknowledged', () => book.acknowledged.length >= before + 100)
  return load
}

/** Sends nothing more, and sees that nothing hangs. */
export async function stopLoad(load: Load): Promise<void> {
  let over = false
  const stopped = load.stop().finally(() => {
    over = true
  })
  await until('every request that was sent is answered', () => over)
  await stopped
}

/** Changes are acknowledged again: so many more than now. */
export async function untilGoesOn({ book, server }: Ground, more = 200): Promise<void> {
  const before = book.acknowledged.length
  await until('changes go on', () => book.acknowledged.length >= before + more || !server.isRunning())
  hold(server.isRunning(), 'the server ended though the fault is over')
}

/** Every refusal is the 503 of contract and document. */
export function checkRefusals({ refused }: Book): void {
  for (const { status, body, headers } of refused) {
    assert.deepEqual([status, body], [503, '{"error":"Service unavailable"}'])
    assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/)
  }
}

/** What stands is just what was acknowledged: refused requests changed nothing. */
export async function checkExactly(data: string, book: Book): Promise<Checked> {
  const checked = await checkDatabase(data, book)
  assert.deepEqual(checked.carriedOut, new Set(book.acknowledged.map(({ number }) => number)))
  return checked
}

/**
 * Looks at a server that has gone through a fault and was never in doubt: it answers what it keeps, takes changes, and
 * stops in order; what stands before and after that is just what it acknowledged.
 */
export async function checkHealed({ data, book, server }: Ground, outcome: string): Promise<Told> {
  assert.equal(book.unanswered.length, 0, 'a request got no answer')
  checkRefusals(book)
  const refused = book.refused.length
  await checkAnswers(server.url, await checkExactly(data, book))
  assert('version' in (await patchOnce(server.url, book)), 'a change is refused though the fault is over')
  assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null, err: '' })
  await checkExactly(data, book)
  return { acknowledged: book.acknowledged.length, refused, unanswered: 0, unheard: 0, outcome }
}

/** Looks at what a server that has ended left: the next one keeps all that was acknowledged, and goes on. */
export async function checkNext({ data, book }: Omit<Ground, 'server'>, outcome: string): Promise<Told> {
  checkRefusals(book)
  const told = { acknowledged: book.acknowledged.length, refused: book.refused.length }
  const next = await startServer(data)
  try {
    const checked = await checkDatabase(data, book)
    await checkAnswers(next.url, checked)
    assert('version' in (await patchOnce(next.url, book)), 'the server that was started anew refuses changes')
    const unheard = checked.changes - told.acknowledged
    return { ...told, unanswered: book.unanswered.length, unheard, outcome }
  } finally {
    await next.end('SIGKILL')
  }
}
