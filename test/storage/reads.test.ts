import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { type Compilable, type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/storage/open.ts'
import { type ReadOptions, Reads } from '../../src/storage/sqlite/reads.ts'
import type { Tables } from '../../src/storage/tables.ts'
import { fixture, leadUuid, loadFixture } from '../fixture.ts'

const root = resolve(import.meta.dirname, '../..')

let directory = ''
/** The writer's connection: what the engine holds while the thread comes and goes. */
let writer: DatabaseSync
const file = (): string => join(directory, 'waggle.db')

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'waggle-reads-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const database = await openDatabase({ directory })
  await loadFixture(database)
  await database.close()
  writer = new DatabaseSync(file())
  writer.exec('PRAGMA busy_timeout = 0')
  onTestFinished(() => writer.close())
})

function begin(options: ReadOptions = {}): Reads {
  const reads = new Reads(file(), options)
  onTestFinished(() => reads.close())
  return reads
}

const statement =
  <R>(text: string) =>
  (db: Kysely<Tables>): Compilable<R> => ({ compile: () => sql.raw<R>(text).compile(db) })

const counting = (to: number): string => `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT ${to})`
/** Makes no row before its end, so nothing can end it: some seconds of work. */
const longScan = statement<{ found: number }>(`${counting(12_000_000)} SELECT count(*) AS found FROM c`)
/** Far below what {@link longScan} takes on any machine, and far above what a short read does. */
const readMsMax = 500
const endlessRows = statement(`${counting(-1)} SELECT n FROM c`)

const firstName = (id: number) => (db: Kysely<Tables>) =>
  db.selectFrom('leads').select(['id', 'first_name']).where('id', '=', id)
const ada = [{ id: 4711, first_name: 'Ada' }]
const unavailable = (cause: RegExp) => ({
  failure: 'unavailable',
  retryAfterSeconds: 1,
  cause: { message: expect.stringMatching(cause) },
})

const ways: [name: string, options: ReadOptions][] = [
  ['in a thread', {}],
  ['in the turn that asks', { inTurn: true }],
]
describe.each(ways)('a read %s', (_, options) => {
  test('answers rows as the tables tell them: lists, flags, bytes and nulls', async () => {
    const reads = begin(options)
    const [lead] = await reads.find((db) => db.selectFrom('leads').selectAll().where('id', '=', 4711))
    expect(lead).toMatchObject({ ...fixture.leads[0], archived_at: null })
    const [key] = await reads.find((db) => db.selectFrom('api_keys').selectAll().where('id', '=', 2))
    expect(key).toMatchObject({ may_read: true, may_write: false })
    expect(Object.prototype.toString.call(key?.digest)).toBe('[object Uint8Array]')
    expect(key?.digest.byteLength).toBe(32)
    expect(await reads.find((db) => db.selectFrom('tags').selectAll().where('id', '=', 0))).toEqual([])
    const writers = await reads.find((db) => db.selectFrom('api_keys').select('id').where('may_administer', '=', true))
    expect(writers).toEqual([{ id: 4 }, { id: 9 }])
  })

  test('sees all that was committed before it, and keeps no snapshot that would hold the log', async () => {
    const reads = begin(options)
    for (let turn = 0; turn < 50; turn += 1) {
      writer.prepare('UPDATE leads SET first_name = ? WHERE id = 4711').run(`Ada ${turn}`)
      expect(await reads.find(firstName(4711))).toEqual([{ id: 4711, first_name: `Ada ${turn}` }])
    }
    await expect(reads.find(endlessRows)).rejects.toMatchObject(unavailable(/more than/)) // nor does one cut short
    expect(statSync(`${file()}-wal`).size).toBeGreaterThan(0)
    expect(writer.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 })
    expect(statSync(`${file()}-wal`).size).toBe(0)
  })

  test('gets its own answer, however many are asked in one turn', async () => {
    const reads = begin(options)
    const ids = [4711, 4712, 4713, 5000]
    const asked = Array.from({ length: 400 }, (_, index) => ids[index % ids.length] ?? 0)
    const answers = await Promise.all(
      asked.map((id) => reads.find((db) => db.selectFrom('leads').select(['id', 'uuid']).where('id', '=', id))),
    )
    expect(answers).toEqual(asked.map((id) => [{ id, uuid: leadUuid(id) }]))
  })

  test('with many different statements finds each of them prepared or prepares it', async () => {
    const reads = begin(options)
    for (let round = 0; round < 2; round += 1) {
      const found = Array.from({ length: 450 }, (_, n) => reads.find(statement(`SELECT ${n} AS "column ${n}"`)))
      expect(await Promise.all(found)).toEqual(found.map((_, n) => [{ [`column ${n}`]: n }]))
    }
  })

  test('that is wrong is an error that names it, and harms no other', async () => {
    const reads = begin(options)
    const both = await Promise.allSettled([reads.find(statement('SELECT nonsense')), reads.find(firstName(4711))])
    expect(both).toMatchObject([
      { reason: { name: 'Error', message: /no such column.*SELECT nonsense/ } },
      { value: ada },
    ])
  })

  test('of a file that is not there is an error', async () => {
    const reads = new Reads(join(directory, 'none.db'), options)
    onTestFinished(() => reads.close())
    await expect(reads.find(firstName(4711))).rejects.toThrow(/unable to open/)
    await expect(reads.find(firstName(4711))).rejects.toThrow(/unable to open/)
  })

  test('that answers too much is refused, and the next is answered', async () => {
    const reads = begin({ ...options, answerBytesMax: 10_000 })
    await expect(reads.find(endlessRows)).rejects.toMatchObject(unavailable(/more than 10000 bytes/))
    expect(await reads.find(firstName(4711))).toEqual(ada)
  })

  test('after closing is refused', async () => {
    const reads = begin(options)
    await reads.find(firstName(4711))
    await reads.close()
    await expect(reads.find(firstName(4711))).rejects.toMatchObject(unavailable(/closed/))
  })
})

test('a thread is begun by the first read, and by none that runs in the turn that asks', async () => {
  const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length
  const before = threads()
  const inTurn = begin({ inTurn: true })
  const reads = begin()
  const answers: unknown[] = []
  inTurn.find(firstName(4711)).then((rows) => answers.push(rows))
  await new Promise(setImmediate)
  expect({ answers, threads: threads() }).toEqual({ answers: [ada], threads: before })
  const answer = reads.find(firstName(4711))
  await new Promise(setImmediate)
  expect(threads()).toBeGreaterThan(before)
  expect(await answer).toEqual(ada)
})

describe('bounds', () => {
  test('one read too many is refused, and those that wait are answered', async () => {
    const reads = begin({ waitingMax: 2 })
    const three = await Promise.allSettled([1, 2, 3].map(() => reads.find(firstName(4711))))
    expect(three).toMatchObject([{ value: ada }, { value: ada }, { reason: unavailable(/Too many reads wait/) }])
    expect(await reads.find(firstName(4711))).toEqual(ada)
  })

  test('a read that takes too long is refused by name; those behind it go to another thread', async () => {
    const reads = begin({ readMsMax })
    const results = await Promise.allSettled([
      reads.find(firstName(4711)),
      reads.find(longScan),
      reads.find(firstName(4711)),
      reads.find(firstName(4711)),
    ])
    const late = { reason: unavailable(/longer than 500 ms: WITH RECURSIVE/) }
    expect(results).toMatchObject([{ value: ada }, late, { value: ada }, { value: ada }])
  })

  test('while two that were given up still run, no third is begun; when they have ended, reads go on', async () => {
    const reads = begin({ readMsMax })
    const both = Promise.allSettled([reads.find(longScan), reads.find(longScan), reads.find(firstName(4711))])
    const late = { reason: unavailable(/longer than/) }
    expect(await both).toMatchObject([late, late, late])
    await expect(reads.find(firstName(4711))).rejects.toMatchObject(unavailable(/given up still run/))
    await expect.poll(() => reads.find(firstName(4711)).catch(() => []), { timeout: 20_000 }).toEqual(ada)
  })

  test('an answer that grows too large is refused; the thread goes on', async () => {
    const reads = begin({ answerBytesMax: 10_000 })
    const results = await Promise.allSettled([
      reads.find(endlessRows),
      reads.find(statement("SELECT printf('%.*c', 20000, 'x') AS text")),
      reads.find(statement('SELECT zeroblob(20000) AS bytes')),
      reads.find(firstName(4711)),
    ])
    const large = { reason: unavailable(/more than 10000 bytes/) }
    expect(results).toMatchObject([large, large, large, { value: ada }])
  })

  test('a heap that runs full ends the thread and not the process: its read is refused, the next is answered', async () => {
    const reads = begin({ heapMbMax: 16, answerBytesMax: Number.POSITIVE_INFINITY })
    const results = await Promise.allSettled([
      reads.find(firstName(4711)),
      reads.find(endlessRows),
      reads.find(firstName(4711)),
    ])
    const died = { reason: unavailable(/died at: WITH RECURSIVE/) }
    expect(results).toMatchObject([{ value: ada }, died, { value: ada }])
  })

  test('after closing every read is refused; what waited was answered', async () => {
    const reads = begin()
    const answers: unknown[] = []
    reads.find(firstName(4711)).then((rows) => answers.push(rows))
    await reads.close()
    expect(answers).toEqual([ada])
    await expect(reads.find(firstName(4711))).rejects.toMatchObject(unavailable(/closed/))
  })
})

/** What another process makes of the file: tries to lock it for writing, reads, and closes it. */
function fromOutside(): { locked: boolean; firstName: string } {
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    const db = new DatabaseSync(${JSON.stringify(file())})
    db.exec('PRAGMA busy_timeout = 0')
    let locked = true
    try { db.exec('BEGIN IMMEDIATE'); db.exec('ROLLBACK') } catch (error) { if (error.errcode !== 5) throw error; locked = false }
    const { first_name: firstName } = db.prepare('SELECT first_name FROM leads WHERE id = 4711').get()
    db.close()
    console.log(JSON.stringify({ locked, firstName }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe('a thread that ends', () => {
  const ways: [how: string, end: (reads: Reads) => Promise<unknown>][] = [
    ['idle', (reads) => reads.find(firstName(4711))],
    ['in the middle of a scan', (reads) => reads.find(longScan).catch(() => {})],
    ['for want of memory', (reads) => reads.find(endlessRows).catch(() => {})],
  ]
  test.each(ways)("%s leaves the writer's locks and the log alone", async (_, end) => {
    writer.exec("UPDATE leads SET first_name = 'Committed' WHERE id = 4711") // lies in the log only
    writer.exec("BEGIN IMMEDIATE; UPDATE leads SET first_name = 'Not yet' WHERE id = 4711")
    const logBytes = statSync(`${file()}-wal`).size
    const reads = begin({ readMsMax, heapMbMax: 16, answerBytesMax: Number.POSITIVE_INFINITY })
    await end(reads)
    await reads.close() // resolves when its threads have ended
    expect(fromOutside()).toEqual({ locked: false, firstName: 'Committed' })
    writer.exec('COMMIT')
    expect(fromOutside()).toEqual({ locked: true, firstName: 'Not yet' })
    // Had the shared lock of the open file gone, the other process would have been its last user, and removed the log.
    expect(existsSync(`${file()}-wal`)).toBe(true)
    expect(statSync(`${file()}-wal`).size).toBeGreaterThanOrEqual(logBytes)
  })
})

/** Runs a program that reads through `Reads` of a folder with the source or what was compiled; it closes nothing. */
function programOver(folder: string, ending: 'ts' | 'js'): { status: number | null; out: string; err: string } {
  const program = join(directory, 'program.mjs')
  const module = pathToFileURL(join(folder, `storage/sqlite/reads.${ending}`)).href
  writeFileSync(
    program,
    `import { Reads } from ${JSON.stringify(module)}
    const reads = new Reads(${JSON.stringify(file())})
    const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length
    const before = threads()
    const rows = await reads.find((db) => db.selectFrom('leads').select('id').orderBy('id'))
    console.log(JSON.stringify({ before, ids: rows.map(({ id }) => id) }))`,
  )
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8', timeout: 20_000 })
  return { status, out: stdout, err: stderr }
}

describe('a process that has nothing else to do ends by itself, and its thread runs', () => {
  let built = ''
  beforeAll(() => {
    built = mkdtempSync(join(tmpdir(), 'waggle-built-'))
    symlinkSync(join(root, 'node_modules'), join(built, 'node_modules'))
    writeFileSync(join(built, 'package.json'), '{ "type": "module" }')
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const words = [compiler, '-p', join(root, 'src'), '--outDir', join(built, 'dist')]
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  })
  afterAll(() => rmSync(built, { recursive: true, force: true }))

  const answered = { status: 0, out: '{"before":0,"ids":[4711,4712,4713,5000]}\n', err: '' }
  test('from the source', () => expect(programOver(join(root, 'src'), 'ts')).toEqual(answered))
  test('from the compiled package', () => expect(programOver(join(built, 'dist'), 'js')).toEqual(answered))
})
