import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checkDatabase, hold } from '../crash/check.ts'
import { type Book, newBook, prepareData, startLoad } from '../crash/load.ts'
import { startServer, temporaryDirectory, until } from '../crash/server.ts'
import type { Fault, Told } from './fault.ts'

/** What a kill left: the file as it was before all changes, the log that holds them, and who was told what. */
interface Left {
  readonly file: string
  readonly log: Buffer
  readonly book: Book
}

const companyId = 3

/** Kills a server under load whose log was never copied into its file. */
async function leaveLog(directory: string, changesEnough: number): Promise<Left> {
  await prepareData(directory)
  const file = join(directory, 'waggle.db')
  const before = readFileSync(file)
  const reader = new DatabaseSync(file)
  reader.exec('BEGIN; SELECT count(*) FROM leads') // what it may still read, no checkpoint may replace
  const book = newBook()
  const server = await startServer(directory)
  try {
    const load = startLoad(server.url, book, 8)
    await until('enough changes are acknowledged', () => book.acknowledged.length >= changesEnough)
    await server.end('SIGKILL')
    await load.over
    assert(before.equals(readFileSync(file)), 'a checkpoint ran, so there is no log of all changes')
    const kept = join(directory, 'kept.db')
    copyFileSync(file, kept)
    return { file: kept, log: readFileSync(`${file}-wal`), book }
  } finally {
    await server.end('SIGKILL')
    reader.close()
  }
}

const headBytes = 32
const frameHeadBytes = 24

/** Where the frames of a log end, and where its commits do (sqlite.org/fileformat2.html#walformat). */
function bordersOf(log: Buffer): { frames: number[]; commits: number[] } {
  const frameBytes = frameHeadBytes + log.readUInt32BE(8)
  const borders = { frames: [] as number[], commits: [] as number[] }
  for (let at = headBytes; at + frameBytes <= log.length; at += frameBytes) {
    borders.frames.push(at + frameBytes)
    if (log.readUInt32BE(at + 4) !== 0) borders.commits.push(at + frameBytes)
  }
  return borders
}

type Damage = { readonly cutAt: number } | { readonly flippedAt: number; readonly bit: number }

function damaged(log: Buffer, damage: Damage): Buffer {
  if ('cutAt' in damage) return log.subarray(0, damage.cutAt)
  const copy = Buffer.from(log)
  copy.writeUInt8(copy.readUInt8(damage.flippedAt) ^ (1 << damage.bit), damage.flippedAt)
  return copy
}

/** What a damaged log still tells: its events in order, and how many of them requests made. */
interface Kept {
  readonly events: readonly unknown[]
  readonly changes: number
}

/**
 * Starts on a file with such a log, and holds the state against all rules of the database.
 *
 * @param owed the most events of the company that may count as acknowledged
 */
async function keptWith({ file, book }: Left, log: Buffer, owed: number): Promise<Kept> {
  const directory = temporaryDirectory()
  try {
    const path = join(directory.path, 'waggle.db')
    copyFileSync(file, path)
    writeFileSync(`${path}-wal`, log)
    const acknowledged = book.acknowledged.filter(({ sequence }) => sequence <= owed)
    const { changes } = await checkDatabase(directory.path, { ...book, acknowledged })
    const db = new DatabaseSync(path, { readOnly: true })
    const events = db.prepare('SELECT * FROM events WHERE company_id = ? ORDER BY sequence').all(companyId)
    db.close()
    return { events, changes }
  } finally {
    directory.remove()
  }
}

/** Places around every border, and any others. */
function damagesOf(log: Buffer, frames: readonly number[], count: number): Damage[] {
  const some = (): number => Math.floor(Math.random() * log.length)
  const damages: Damage[] = [{ cutAt: log.length - 1 }, { cutAt: headBytes }, { cutAt: headBytes - 1 }]
  for (let at = 0; at < headBytes; at += 4) damages.push({ flippedAt: at, bit: at % 8 })
  while (damages.length < count) {
    const border = frames[Math.floor(Math.random() * frames.length)] ?? headBytes
    const inFrameHead = Math.min(log.length - 1, border + Math.floor(Math.random() * frameHeadBytes))
    const bit = Math.floor(Math.random() * 8)
    damages.push({ cutAt: border }, { cutAt: border - 1 }, { cutAt: some() })
    damages.push({ flippedAt: inFrameHead, bit }, { flippedAt: some(), bit })
  }
  return damages
}

/** A log that ends early or lies somewhere is worth all commits before that place, and nothing behind it. */
async function tailIsDamaged(count: number, changesEnough: number): Promise<Told> {
  const directory = temporaryDirectory()
  try {
    const left = await leaveLog(directory.path, changesEnough)
    const { frames, commits } = bordersOf(left.log)
    const whole = await keptWith(left, left.log, Number.POSITIVE_INFINITY)
    const eventsAfter: number[] = []
    for (const cutAt of [headBytes, ...commits]) {
      const owed = eventsAfter.at(-1) ?? 0
      const { events } = await keptWith(left, left.log.subarray(0, cutAt), owed)
      assert.deepEqual(events, whole.events.slice(0, events.length), `cut at ${cutAt}, it is not a prefix`)
      hold(events.length >= owed, `LOST: with one commit more, cut at ${cutAt}, fewer events are there`)
      eventsAfter.push(events.length)
    }
    assert.equal(eventsAfter.at(-1), whole.events.length, 'the last commit is not all there is')
    assert(new Set(eventsAfter).size > changesEnough / 20, 'the log holds too few commits to tell one from another')

    const damages = damagesOf(left.log, frames, count)
    for (const damage of damages) {
      const at = 'cutAt' in damage ? damage.cutAt : damage.flippedAt
      const expected = eventsAfter[commits.filter((border) => border <= at).length] ?? 0
      const { events } = await keptWith(left, damaged(left.log, damage), expected)
      const what = JSON.stringify(damage)
      hold(events.length === expected, `${what}: ${events.length} events are kept, ${expected} were committed before`)
      assert.deepEqual(events, whole.events.slice(0, expected), `${what}: what is kept is not a prefix`)
    }
    const acknowledged = left.book.acknowledged.length
    const tried = commits.length + 1 + damages.length
    return {
      acknowledged,
      refused: 0,
      unanswered: left.book.unanswered.length,
      unheard: whole.changes - acknowledged,
      outcome: `${tried} times just the commits before the place were kept, of ${commits.length}`,
    }
  } finally {
    directory.remove()
  }
}

const tailDamaged = (count: number, quick: boolean): Fault => ({
  name: `log cut or flipped at ${count} places`,
  injected: 'copies of a log that a kill left: cut short, or one bit flipped, at borders and anywhere',
  quick,
  // Each commit of the log is a start of its own, so a short log makes a quick run.
  run: () => tailIsDamaged(count, quick ? 100 : 300),
})

export const logTails: readonly Fault[] = [tailDamaged(40, true), tailDamaged(400, false)]
