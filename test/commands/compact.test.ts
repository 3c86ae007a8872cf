import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { shownBytes } from '../../src/kernel/shown.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Write } from '../../src/storage/port.ts'
import { isWorthFull, unusedBytes } from '../../src/storage/postgres/compact.ts'
import { littleRoom } from '../../src/storage/sqlite/compact.ts'
import { keys, noon } from '../fixture.ts'
import { withClient } from '../postgres/cluster.ts'
import { describeOnPostgres, testDatabase } from '../postgres/databases.ts'
import { fillRichly } from '../storage/moving/rich.ts'
import { serving, temporaryDirectory, waggle } from './program.ts'

const bin = join(import.meta.dirname, '../../bin/waggle.js')
const marker = 'Marker-of-a-former-name'

interface Place {
  readonly directory: string
  readonly url?: string
}

/** Leads of January whose events tell former names, an answer that was kept, and an endpoint that has all behind it. */
async function fillWithFormerNames(place: Place, leads: number): Promise<void> {
  await fillRichly(place, leads)
  const database = await openDatabase(place)
  const events = await database.find((db) => db.selectFrom('events').selectAll().where('company_id', '=', 3))
  const key = { company_id: 3, id: 1 }
  await database.load([
    ...events.map(({ company_id, sequence, payload }): Write => {
      const was = { first_name: `${marker} ${sequence}`, company_name: marker.repeat(20) }
      const set = { payload: payload && { ...payload, was } }
      return { kind: 'update', table: 'events', key: { company_id, sequence }, set }
    }),
    { kind: 'update', table: 'webhooks', key, set: { cursor: events.length } },
    { kind: 'delete', table: 'deliveries', key },
    { kind: 'insert', table: 'idempotency_keys', row: anOldAnswer },
  ])
  await database.close()
}

const anOldAnswer = {
  company_id: 3,
  key: 'a',
  fingerprint: 'f',
  created_at: noon,
  reply: JSON.stringify({ first_name: marker }),
  sequence: null,
}

const compactFor = (args: readonly string[]) => waggle(['compact', ...args, '--event-retention-days', '30'])
const bytesOf = (directory: string): Buffer => readFileSync(join(directory, 'waggle.db'))

test('empties what is old, and leaves no byte of it in the file; what is kept goes on', async () => {
  const directory = temporaryDirectory()
  await fillWithFormerNames({ directory }, 2_000)
  writeFileSync(join(directory, 'waggle-before-v2.db'), '')
  const before = bytesOf(directory)
  expect(before.includes(marker)).toBe(true)
  const { code, out, err } = await compactFor(['--data', directory])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^Emptied: 2,00\d events older than 30 days\.\n/)
  expect(out).toContain('; 7 answers to idempotency keys.\n')
  expect(out).toContain(`It took ${shownBytes(before.length)} before, and takes `)
  expect(out).toContain('waggle-before-v2.db is a copy from before an upgrade and still holds what was emptied here.')
  const after = bytesOf(directory)
  expect(after.includes(marker)).toBe(false)
  expect(after.length).toBeLessThan(before.length / 2)
  expect(out).toContain(`takes ${shownBytes(after.length)} now.`)
  const { url } = await serving(['--data', directory])
  const headers = { authorization: `Bearer ${keys.full}` }
  const feed = await (await fetch(`${url}/api/v1/events?limit=1&after=10`, { headers })).json()
  expect(feed).toMatchObject([{ sequence: 11, erased: true }])
  expect((await fetch(`${url}/api/v1/leads/100001`, { headers })).status).toBe(200)
}, 60_000)

test('what an endpoint waits for is kept, and it is said which', async () => {
  const directory = temporaryDirectory()
  await fillRichly({ directory }, 20)
  const { out } = await compactFor(['--data', directory])
  expect(out).toContain('Webhook 1 of company 3 still waits for event 1, so 23 events were not emptied. See to its')
  expect((await waggle(['compact', '--data', directory])).out).toMatch(
    /^Events are kept for ever: --event-retention-days/,
  )
})

test('beside a server, and where there is no database, it is said what is to do', async () => {
  const directory = temporaryDirectory()
  expect(await waggle(['compact', '--data', directory])).toMatchObject({
    code: 1,
    err: `waggle: There is no database in ${directory}.\n`,
  })
  await serving(['--data', directory])
  const { code, err } = await waggle(['compact', '--data', directory])
  expect(code).toBe(1)
  expect(err).toContain(`A Waggle server is using the data in ${directory}`)
  expect(err).toContain('Stop the server, run the same command again, and start the server.')
})

test('killed while it writes the file anew, nothing is lost, and the next one goes through', async () => {
  const directory = temporaryDirectory()
  await fillWithFormerNames({ directory }, 2_000)
  const child = spawn(process.execPath, [bin, 'compact', '--data', directory, '--event-retention-days', '30'], {
    env: {},
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.includes('Giving unused space')) child.kill('SIGKILL')
  })
  await new Promise((over) => child.once('exit', over))
  expect(said).toContain('Giving unused space')
  const rows = (): unknown => {
    const db = new DatabaseSync(join(directory, 'waggle.db'))
    const found = db
      .prepare('SELECT (SELECT count(*) FROM leads) AS leads, (SELECT count(*) FROM events) AS events')
      .get()
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    db.close()
    return found
  }
  const before = rows()
  expect(await compactFor(['--data', directory])).toMatchObject({ code: 0, err: '' })
  expect(rows()).toEqual(before)
  expect(bytesOf(directory).includes(marker)).toBe(false)
}, 60_000)

test('a disk that cannot hold it twice is refused before anything is written', () => {
  const megabyte = 1_000_000
  expect(littleRoom('x.db', 500 * megabyte, 2_000 * megabyte)).toBeUndefined()
  expect(littleRoom('x.db', 500 * megabyte, 900 * megabyte)?.message).toBe(
    'Writing x.db anew takes 969.7 MiB of the disk meanwhile, and 858.3 MiB are free. Make room, or move the directory to a ' +
      'larger disk.',
  )
})

test('a table is worth VACUUM FULL when most of a large one is unused', () => {
  const megabyte = 1024 * 1024
  const unused = unusedBytes({ bytes: 300 * megabyte, rows: 100_000, width: 972 })
  expect(unused).toBe(300 * megabyte - 100_000_000)
  expect(isWorthFull(300 * megabyte, unused)).toBe(true)
  expect(isWorthFull(300 * megabyte, 100 * megabyte)).toBe(false)
  expect(isWorthFull(90 * megabyte, 80 * megabyte)).toBe(false)
  expect(unusedBytes({ bytes: 8_192, rows: 1_000, width: 100 })).toBe(0)
})

describeOnPostgres('on PostgreSQL', () => {
  test('works beside a server: old events are emptied, and every table of ours is vacuumed', async () => {
    const directory = temporaryDirectory()
    const { url, release } = await testDatabase()
    onTestFinished(release)
    await fillWithFormerNames({ directory, url }, 500)
    await serving(['--data', directory, '--database-url', url])
    const { code, out, err } = await compactFor(['--database-url', url])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^Emptied: 50\d events older than 30 days\.\n/)
    expect(out).toMatch(/takes [\d.]+ [KM]iB now\.\nRoom inside the tables is used again by new rows/)
    const vacuumed = () =>
      withClient(url, async (client) => {
        const { rows } = await client.query(
          'SELECT schemaname, relname FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL ORDER BY 1, 2',
        )
        return rows.map(({ schemaname, relname }) => `${schemaname}.${relname}`)
      })
    await expect
      .poll(vacuumed, { timeout: 30_000 })
      .toEqual(expect.arrayContaining(['public.events', 'public.leads', 'public.deliveries', 'waggle_auth.session']))
    const payloads = await withClient(url, (client) =>
      client.query('SELECT count(*)::int AS count FROM events WHERE payload IS NOT NULL'),
    )
    expect(payloads.rows).toEqual([{ count: 0 }])
  }, 60_000)
})
