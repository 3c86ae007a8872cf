import { setTimeout as wait } from 'node:timers/promises'
import { checkAnswers, checkDatabase, hold } from './check.ts'
import { askAgain, newBook, prepareData, startLoad } from './load.ts'
import { startServer, until } from './server.ts'
import { leftAlone, type Site } from './site.ts'

/** What one round showed. */
export interface Round {
  readonly round: number
  /** When the server was killed, in ms after its first answer. */
  readonly killedAfterMs: number
  readonly acknowledged: number
  /** Changes of this round that stand: those acknowledged, and some whose answer was cut off. */
  readonly inLog: number
  /** Cut-off requests sent again with their idempotency key, and how many of them had stood. */
  readonly asked: number
  readonly replayed: number
}

export interface KillOptions {
  readonly site: () => Promise<Site>
  readonly rounds: number
  /** The server is killed at a random moment between these, in ms after its first answer. */
  readonly fromMs: number
  readonly toMs: number
  readonly onRound?: (round: Round) => void
}

/**
 * Kills a server under load with SIGKILL, starts it again on the same files, and checks them whole; round after
 * round on one database. Shows that a process may die at any instruction: what the operating system was given
 * is kept. It does not show that a disk keeps what it was asked to sync.
 *
 * @throws Violation with the first rule that does not hold
 */
export async function killUnderLoad({ site, rounds, fromMs, toMs, onRound }: KillOptions): Promise<Round[]> {
  const { at, remove } = await site()
  const book = newBook()
  const told: Round[] = []
  let before = 0
  await prepareData(at)
  let server = await startServer(at)
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const acknowledgedBefore = book.acknowledged.length
      const load = startLoad(server.url, book)
      await until('the first answer comes', () => book.acknowledged.length > acknowledgedBefore)
      const killedAfterMs = Math.round(fromMs + Math.random() * (toMs - fromMs))
      await wait(killedAfterMs)
      await server.end('SIGKILL')
      await load.over
      await leftAlone(at)
      const acknowledged = book.acknowledged.length - acknowledgedBefore
      hold(book.refused.length === 0, `a request was refused under load: ${JSON.stringify(book.refused[0])}`)

      server = await startServer(at)
      const checked = await checkDatabase(at, book)
      const inLog = checked.changes - before
      hold(inLog >= acknowledged, `${acknowledged} changes were acknowledged, ${inLog} are in the log`)
      await checkAnswers(server.url, checked)
      const again = await askAgain(server.url, book)
      hold(book.refused.length === 0, `a repeated request was refused: ${JSON.stringify(book.refused[0])}`)
      before = checked.changes + again.asked - again.replayed
      const one = { round, killedAfterMs, acknowledged, inLog, ...again }
      told.push(one)
      onRound?.(one)
    }
    await server.end('SIGTERM')
    await checkDatabase(at, book)
    return told
  } finally {
    await server.end('SIGKILL')
    await remove()
  }
}
