import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { checkAnswers } from '../crash/check.ts'
import { type Acknowledged, type Book, exchange, newBook, patchOnce, startLoad } from '../crash/load.ts'
import { type ServerProcess, startServer, until } from '../crash/server.ts'
import { checkExactly, checkRefusals, stopLoad, type Told } from './fault.ts'

/** A disk with an end. */
export interface SmallDisk {
  /** A directory on it that was prepared with `prepareData`. */
  readonly data: string
  /** A command through which the server starts, so that it meets the end; empty when the disk itself is small. */
  readonly through: readonly string[]
  /** Gives the running server room again. */
  makeRoom(server: ServerProcess): void
  /** Takes the last bytes too: after a refused commit there is room for a smaller one. */
  takeLastRoom?(server: ServerProcess): void
}

/** Refusals after which the disk counts as full: what comes with many at once may still fit in part. */
const refusalsEnough = 30

/** Changes leads until the server refuses; every answer must be a 200 or the refusal of contract and document. */
async function fill(server: ServerProcess, book: Book): Promise<void> {
  const load = startLoad(server.url, book, 8)
  await until('the disk is full', () => book.refused.length >= refusalsEnough || !server.isRunning())
  await stopLoad(load)
  if (!server.isRunning()) assert.fail(`the server ended on a full disk: ${JSON.stringify(await server.ended)}`)
  assert.equal(book.unanswered.length, 0, 'a request got no answer')
  checkRefusals(book)
}

/** A full disk refuses changes and nothing else, and room is all it takes to go on. */
export async function fullDiskHeals({ data, through, makeRoom }: SmallDisk): Promise<Told> {
  const book = newBook()
  let server = await startServer(data, through)
  try {
    await fill(server, book)
    const keptWhenFull = book.acknowledged.length
    const refused = book.refused.length
    assert(keptWhenFull > 0, 'the disk was full from the beginning')
    await checkAnswers(server.url, await checkExactly(data, book))
    await checkHistories(server.url, book)

    makeRoom(server)
    const first = await patchOnce(server.url, book)
    assert('version' in first, `the first change after room was made was refused: ${JSON.stringify(first)}`)
    const load = startLoad(server.url, book, 8)
    await until('changes go on', () => book.acknowledged.length > keptWhenFull + 100 || !server.isRunning())
    await stopLoad(load)
    assert.equal(book.refused.length, refused, 'a change was refused though there is room')
    await checkExactly(data, book)

    assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null, err: '' })
    server = await startServer(data)
    await checkAnswers(server.url, await checkExactly(data, book))
    assert('version' in (await patchOnce(server.url, book)))
    const acknowledged = book.acknowledged.length
    return { acknowledged, refused, unanswered: 0, unheard: 0, outcome: 'went on when there was room' }
  } finally {
    await server.end('SIGKILL')
  }
}

/** The newest row of each lead's history is its last acknowledged change. */
async function checkHistories(url: string, { acknowledged }: Book): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  const last = new Map<number, Acknowledged>()
  for (const one of acknowledged) {
    if ((last.get(one.leadId)?.version ?? 0) < one.version) last.set(one.leadId, one)
  }
  for (const { leadId, version, sequence } of last.values()) {
    const { status, body } = await exchange(`${url}/api/v1/leads/${leadId}/history?pageSize=1`, agent)
    assert.equal(status, 200)
    const [row] = JSON.parse(body)
    assert.deepEqual([row.version, row.sequence], [version, sequence])
  }
  agent.destroy()
}

/** A server may be stopped while its disk is full: it ends in order, and all that was acknowledged is kept. */
export async function fullDiskStops({ data, through, takeLastRoom }: SmallDisk): Promise<Told> {
  const book = newBook()
  const server = await startServer(data, through)
  try {
    await fill(server, book)
    takeLastRoom?.(server)
    const asked = performance.now()
    const ended = await server.end('SIGTERM')
    assert(performance.now() - asked < 10_000, 'it took longer than 10 s to stop')
    await checkExactly(data, book)
    assert.deepEqual(ended, { code: 0, signal: null, err: '' })
    const [acknowledged, refused] = [book.acknowledged.length, book.refused.length]
    return { acknowledged, refused, unanswered: 0, unheard: 0, outcome: 'stopped in order at SIGTERM' }
  } finally {
    await server.end('SIGKILL')
  }
}
