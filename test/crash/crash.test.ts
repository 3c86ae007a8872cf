import { copyFileSync, existsSync, statSync } from 'node:fs'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { keys } from '../fixture.ts'
import { checkDatabase } from './check.ts'
import { killUnderLoad } from './kill.ts'
import { exchange, newBook, patchOnce, prepareData, startLoad } from './load.ts'
import { endAll, type ServerProcess, startServer, temporaryDirectory, until } from './server.ts'
import { sites } from './site.ts'
import { killWithReceiver } from './webhooks.ts'

afterAll(endAll)

/** A server over prepared data of its own; both are gone after the test. */
async function begin(): Promise<{ data: string; server: ServerProcess }> {
  const directory = temporaryDirectory()
  await prepareData(directory.path)
  const server = await startServer(directory.path)
  onTestFinished(async () => {
    await server.end('SIGKILL')
    directory.remove()
  })
  return { data: directory.path, server }
}

test.each(sites)(
  'a server on %s that is killed under load has lost nothing it acknowledged, and left nothing half applied',
  async (_, site) => {
    const rounds = await killUnderLoad({ site, rounds: 2, fromMs: 100, toMs: 400 })
    expect(rounds.map(({ round }) => round)).toEqual([1, 2])
    for (const { acknowledged, inLog } of rounds) {
      expect(acknowledged).toBeGreaterThan(0)
      expect(inLog).toBeGreaterThanOrEqual(acknowledged)
    }
  },
  60_000,
)

test.each(sites)(
  'and its webhooks, on %s, have all arrived, in order, at a receiver that fails at random',
  async (_, site) => {
    const rounds: number[] = []
    const sum = await killWithReceiver({
      site,
      rounds: 2,
      fromMs: 200,
      toMs: 600,
      onRound: ({ round, acknowledged }) => {
        expect(acknowledged).toBeGreaterThan(0)
        rounds.push(round)
      },
    })
    expect(rounds).toEqual([1, 2])
    expect(sum.events).toBeGreaterThanOrEqual(sum.acknowledged)
    expect(sum.failures.size).toBeGreaterThan(0)
    expect(sum.messages).toBeGreaterThan(sum.events)
    expect(sum.refused).toBeGreaterThan(0)
  },
  120_000,
)

describe('SIGTERM', () => {
  /** The write-ahead log is gone, or holds nothing: the file alone is the database. */
  const logIsEmpty = (data: string): boolean => {
    const log = join(data, 'waggle.db-wal')
    return !existsSync(log) || statSync(log).size === 0
  }

  test('under load: what runs is answered, the files close cleanly, and nothing is done unanswered', async () => {
    const { data, server } = await begin()
    const book = newBook()
    const load = startLoad(server.url, book)
    await until('some changes are acknowledged', () => book.acknowledged.length >= 200)
    const asked = performance.now()
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null, err: '' })
    expect(performance.now() - asked).toBeLessThan(10_000)
    await load.over

    expect(logIsEmpty(data)).toBe(true)
    for (const { status, body, headers } of book.refused) {
      expect({ status, body, retry: headers['retry-after'] }).toEqual({
        status: 503,
        body: '{"error":"Service unavailable"}',
        retry: '1',
      })
    }
    const { carriedOut } = await checkDatabase(data, book)
    expect(carriedOut).toEqual(new Set(book.acknowledged.map(({ number }) => number)))
  }, 60_000)

  /** A connection on which a test sends bytes as it likes; all that came back. */
  async function rawConnection(server: ServerProcess, bytes: string): Promise<{ socket: Socket; seen: () => string }> {
    let seen = ''
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.setEncoding('utf8').on('data', (text: string) => {
      seen += text
    })
    socket.on('error', () => {}) // a reset shows as a connection that closed
    onTestFinished(() => void socket.destroy())
    await new Promise((connected) => socket.once('connect', connected))
    socket.write(bytes)
    return { socket, seen: () => seen }
  }

  test('a request that has begun is carried out; one that comes later is refused', async () => {
    const { data, server } = await begin()
    const body = '{"company_name":"In time"}'
    const head =
      `PATCH /api/v1/leads/6001 HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer ${keys.full}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`
    const late = await rawConnection(server, head) // its head is not whole yet, so it is no request yet
    const running = await rawConnection(server, `${head}Expect: 100-continue\r\n\r\n${body.slice(0, 9)}`)
    await until('the server has begun the request', () => running.seen().includes('100 Continue'))

    const ended = server.end('SIGTERM')
    await server.logged('SIGTERM')
    late.socket.write(`\r\n${body.replace('In time', 'Too late')}`)
    await until('the late request is answered', () => late.seen().includes('"}') || late.socket.closed)
    expect(late.seen()).toMatch(/^HTTP\/1\.1 503 .*\{"error":"Service unavailable"\}$/s)
    const fresh = exchange(`${server.url}/healthz`, new Agent())
    await expect(fresh).rejects.toMatchObject({ code: 'ECONNREFUSED' })

    running.socket.write(body.slice(9))
    await until('the request is answered', () => running.seen().includes('updated_at'))
    expect(running.seen()).toContain('HTTP/1.1 200 OK')
    const answered = performance.now()
    expect(await ended).toMatchObject({ code: 0 })
    const lingered = performance.now() - answered
    expect(lingered, 'the connection was kept open though no request can follow').toBeLessThan(5_000)
    expect(logIsEmpty(data)).toBe(true)
    const { leads } = await checkDatabase(data, newBook())
    expect(leads.find(({ id }) => id === 6001)).toMatchObject({ company_name: 'In time', version: 2 })
  }, 60_000)

  test('a client that keeps its connection does not hold the end up', async () => {
    const { server } = await begin()
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    expect(await exchange(`${server.url}/healthz`, agent)).toMatchObject({ status: 200 })
    const asked = performance.now()
    expect(await server.end('SIGTERM')).toMatchObject({ code: 0 })
    expect(performance.now() - asked).toBeLessThan(5_000)
  }, 60_000)
})

describe('the check sees', () => {
  const tampered: [what: string, sql: string, says: RegExp][] = [
    ['a change without its event', "UPDATE leads SET first_name = 'x' WHERE id = 6001", /HALF APPLIED: lead 6001/],
    ['a version without its event', 'UPDATE leads SET version = 2 WHERE id = 6001', /lead 6001 has version/],
    ['an event that is missing', 'DELETE FROM events WHERE company_id = 3 AND sequence = 20', /the log is not dense/],
    ['a last event that is missing', 'DELETE FROM events WHERE company_id = 3 AND sequence = 53', /counts 53 of 52/],
    ['a lead that is missing', 'DELETE FROM leads WHERE id = 6050', /has 52 leads, events of 53/],
    ['a broken chain', 'UPDATE events SET previous_sequence = 7 WHERE sequence = 20', /names 7 as the event before/],
    ['a wrong version', 'UPDATE events SET version = 2 WHERE sequence = 20', /is version 2 after undefined/],
    ['a key without its change', "INSERT INTO idempotency_keys VALUES (3, 'mark-4', '', 0, '', 9)", /without their/],
  ]
  test.each(tampered)('%s', async (_, sql, says) => {
    const directory = temporaryDirectory()
    onTestFinished(directory.remove)
    await prepareData(directory.path)
    const file = new DatabaseSync(join(directory.path, 'waggle.db'))
    file.exec(sql)
    file.close()
    await expect(checkDatabase(directory.path, newBook())).rejects.toThrow(says)
  })

  test('a file that went back to an older state', async () => {
    const { data, server } = await begin()
    const older = temporaryDirectory()
    onTestFinished(older.remove)
    copyFileSync(join(data, 'waggle.db'), join(older.path, 'waggle.db'))
    const book = newBook()
    await patchOnce(server.url, book)
    await server.end('SIGTERM')
    await checkDatabase(data, book)
    await expect(checkDatabase(older.path, book)).rejects.toThrow(/LOST: the change "mark-1"/)
  }, 60_000)
})
