import { cpSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { refuseOtherKey } from '../../../src/commands/vault.ts'
import { digestOfFile } from '../../../src/storage/backup/files.ts'
import { littleRoom } from '../../../src/storage/backup/source.ts'
import { MoveStopped, type Progress } from '../../../src/storage/moving/reading.ts'
import { openDatabase } from '../../../src/storage/open.ts'
import { FileSnapshot } from '../../../src/storage/sqlite/snapshot.ts'
import { type Api, backends, type Reply } from '../../backends.ts'
import { withClient } from '../../postgres/cluster.ts'
import { describeOnPostgres, emptyDatabase } from '../../postgres/databases.ts'
import { folderOf } from '../../upgrades/kept.ts'
import { directory, placesOf } from '../moving/places.ts'
import { fillRichly } from '../moving/rich.ts'
import { backUp, beside, fresh, restore } from './backups.ts'

/** Changes leads without end: two of them together, always to the same value, and others by themselves. */
function changing(api: Api): { firstMade: Promise<void>; stop(): Promise<void> } {
  let stopped = false
  let made = 0
  const first = Promise.withResolvers<void>()
  const until = async (change: (at: number) => Promise<Reply>): Promise<void> => {
    for (let at = 1; !stopped; at += 1) {
      expect(await change(at)).toMatchObject({ status: 200 })
      made += 1
      if (made === 20) first.resolve()
    }
  }
  const together = (at: number) => {
    const operations = [4711, 4713].map((id) => ({
      op: 'update',
      by: 'id',
      key: id,
      lead: { company_name: `Round ${at}` },
    }))
    return api.request('POST', '/api/v1/leads/batch', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ atomic: true, operations }),
    })
  }
  const alone = (at: number) => api.patch('/api/v1/leads/4711', { first_name: `Eva ${at}` })
  const all = Promise.all([until(together), until(alone), until(alone), until(alone)])
  return {
    firstMade: Promise.race([first.promise, all.then(() => {})]),
    stop: async () => {
      stopped = true
      await all
    },
  }
}

describe.each(backends)('beside a server on %s', (_, start) => {
  test('a backup is of one moment, whatever is changed meanwhile', async () => {
    const api = await start()
    onTestFinished(() => api.close())
    const place = { directory: api.directory, url: api.at === api.directory ? '' : api.at }
    const load = changing(api)
    await load.firstMade
    const taken = [await backUp(place), await backUp(place), await backUp(place)]
    await load.stop()
    const last = (await api.events()).length
    let before = 0
    for (const { directory: backup, manifest } of taken) {
      const to = directory()
      await restore(backup, to)
      const restored = await openDatabase(to)
      const leads = await restored.find((db) => db.selectFrom('leads').selectAll().where('company_id', '=', 3))
      const events = await restored.find((db) =>
        db.selectFrom('events').selectAll().where('company_id', '=', 3).orderBy('sequence'),
      )
      await restored.close()
      const nameOf = (id: number) => leads.find((lead) => lead.id === id)?.company_name
      expect(nameOf(4711)).toMatch(/^Round \d+$/)
      expect(nameOf(4713)).toBe(nameOf(4711))
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, at) => at + 1))
      expect(manifest.companies).toContainEqual({ id: 3, last_sequence: events.length })
      for (const { id, version, last_sequence } of leads) {
        const newest = events.findLast(({ lead_id }) => lead_id === id)
        expect({ id, version, sequence: last_sequence }).toEqual({
          id,
          version: newest?.version,
          sequence: newest?.sequence,
        })
      }
      expect(events.length).toBeGreaterThan(before)
      before = events.length
    }
    expect(last).toBeGreaterThan(before)
  })
})

describe.each(placesOf)('of %s', (_, make) => {
  test('everything is for its owner only, and nothing lies beside it', async () => {
    const place = await make()
    await fillRichly(place, 3)
    writeFileSync(join(place.directory, 'secret.key'), `${'ab'.repeat(32)}\n`, { mode: 0o644 })
    const { directory: backup, manifest } = await backUp(place)
    expect(statSync(backup).mode & 0o777).toBe(0o700)
    const names = readdirSync(backup).toSorted()
    expect(names).toEqual(['backup.json', 'secret.key', 'waggle.db'])
    for (const name of names) expect(statSync(join(backup, name)).mode & 0o777, name).toBe(0o600)
    expect(Object.keys(manifest.files)).toEqual(['secret.key', 'waggle.db'])
    expect(manifest.tables['leads']).toMatchObject({ rows: 3 + 4 })
    expect(JSON.parse(readFileSync(join(backup, 'backup.json'), 'utf8'))).toMatchObject({ program: '9.8.7', format: 1 })
    expect(beside(backup)).toEqual([])
  })

  test('when it is stopped, nothing is left of it', async () => {
    const place = await make()
    await fillRichly(place, 3)
    const to = fresh()
    let stopped = false
    const onProgress = ({ phase }: Progress): void => {
      stopped = phase === 'checking'
    }
    await expect(backUp(place, to, { onProgress, isStopped: () => stopped })).rejects.toThrow(MoveStopped)
    expect(beside(to)).toEqual([])
  })

  test('the key must be the one that it was sealed with', async () => {
    const place = await make()
    await fillRichly(place, 3)
    const to = fresh()
    const refused = (): never => {
      throw new Error('another key')
    }
    await expect(backUp(place, to, { check: refused })).rejects.toThrow('another key')
    expect(existsSync(to)).toBe(false)
    expect(beside(to)).toEqual([])
  })
})

test('a key that is exchanged when all was looked at is not in the backup', async () => {
  const place = directory()
  await fillRichly(place, 1)
  const key = join(place.directory, 'secret.key')
  writeFileSync(key, 'the key of that moment\n')
  const { directory: backup } = await backUp(place, fresh(), { check: () => writeFileSync(key, 'the next\n') })
  expect(readFileSync(join(backup, 'secret.key'), 'utf8')).toBe('the key of that moment\n')
})

test('a directory that is there is never written over', async () => {
  const place = directory()
  await fillRichly(place, 1)
  const { directory: there } = directory()
  await expect(backUp(place, there)).rejects.toThrow(`${there} is there already.`)
  expect(readdirSync(there)).toEqual([])
  const inside = join(place.directory, 'backups', 'today')
  await expect(backUp(place, inside)).rejects.toThrow(
    `${inside} is inside ${place.directory}, and would be lost with it.`,
  )
  expect(existsSync(join(place.directory, 'backups'))).toBe(false)
})

test('a link is followed before it is said where a backup would lie', async () => {
  const place = directory()
  await fillRichly(place, 1)
  const { directory: parent } = directory()
  symlinkSync(place.directory, join(parent, 'link'))
  const inside = join(parent, 'link', 'backups', 'today')
  await expect(backUp(place, inside)).rejects.toThrow(`${inside} is inside ${place.directory}, and would be lost with`)
  await expect(backUp({ ...place, directory: join(parent, 'link') }, inside)).rejects.toThrow(
    'and would be lost with it',
  )
  expect(existsSync(join(place.directory, 'backups'))).toBe(false)
  const named = join(parent, '..today')
  await backUp({ ...place, directory: join(parent, 'link') }, named)
  expect(readdirSync(parent).toSorted()).toEqual(['..today', 'link'])
})

test('a link that leads nowhere is there as well', async () => {
  const place = directory()
  await fillRichly(place, 1)
  const { directory: parent } = directory()
  const to = join(parent, 'today')
  symlinkSync(join(parent, 'nowhere'), to)
  await expect(backUp(place, to)).rejects.toThrow(`${to} is there already.`)
  expect(readdirSync(parent)).toEqual(['today'])
})

test('too little room is told with both sizes', () => {
  expect(littleRoom('/backups', 1_000, 1_000)).toBeUndefined()
  expect(littleRoom('/backups', 512_000_000, 100_000_000)?.message).toBe(
    'A backup takes 488.3 MiB, and 95.4 MiB are free for /backups. Make room, or name a directory on a larger disk.',
  )
})

test('what is no database, of another version, or half of something is not backed up', async () => {
  const empty = directory()
  await expect(backUp(empty)).rejects.toThrow(`There is no database in ${empty.directory}.`)
  const place = directory()
  await fillRichly(place, 1)
  const db = new DatabaseSync(join(place.directory, 'waggle.db'))
  onTestFinished(() => db.close())
  db.exec('INSERT INTO meta VALUES (\'moved_to\', \'{"to": "elsewhere", "at": 0}\')')
  await expect(backUp(place)).rejects.toThrow(/moved to elsewhere/)
  db.exec(
    "DELETE FROM meta WHERE name = 'moved_to'; DELETE FROM migrations WHERE version = (SELECT max(version) FROM migrations)",
  )
  await expect(backUp(place)).rejects.toThrow(/Stop its server, then: waggle migrate\./)
})

test('data that 0.1.0 has left is told to be brought up first, and can be', async () => {
  const place = directory()
  cpSync(folderOf('0.1.0', 'embedded'), place.directory, { recursive: true })
  const refused = await backUp(place).catch((error: Error) => error.message)
  expect(refused).toMatch(
    /^The database \S+ has version \d+, and this Waggle reads version \d+\. Stop its server, then: /,
  )
  expect(refused).toMatch(/then: waggle migrate\. It puts a whole copy of the database beside it first\.$/)
  const before = await digestOfFile(join(place.directory, 'waggle.db'))
  await (await openDatabase(place)).close()
  expect(readdirSync(place.directory)).toContainEqual(expect.stringMatching(/^waggle-before-v\d+\.db$/))
  expect(before).not.toEqual(await digestOfFile(join(place.directory, 'waggle.db')))
  await backUp(place)
})

describeOnPostgres('with PostgreSQL', () => {
  test('another version is told with what to do about it', async () => {
    const { url, release } = await emptyDatabase()
    onTestFinished(release)
    const place = { ...directory(), url }
    await (await openDatabase(place)).close()
    const withSteps = async (sql: string): Promise<string> => {
      await withClient(url, (client) => client.query(sql))
      return backUp(place).catch((error) => error.message)
    }
    expect(await withSteps("UPDATE migrations SET name = 'other' WHERE version = 1")).toMatch(
      /was made by a Waggle that was never released\. Go on with the Waggle that made it\.$/,
    )
    expect(await withSteps('DELETE FROM migrations WHERE version = (SELECT max(version) FROM migrations)')).toMatch(
      /has version \d+, and this Waggle reads version \d+\. Stop its servers, keep a copy with pg_dump, then: waggle migrate$/,
    )
    expect(await withSteps("INSERT INTO migrations (version, name) VALUES (998, 'later'), (999, 'last')")).toMatch(
      /has version \d+, but this Waggle knows only up to \d+\. Use the newer Waggle that made it\.$/,
    )
  })
})

test('a log that does not end at its counter is of several moments', async () => {
  const place = directory()
  await fillRichly(place, 1)
  const db = new DatabaseSync(join(place.directory, 'waggle.db'))
  db.exec('UPDATE company_log SET last_sequence = last_sequence + 1 WHERE company_id = 3')
  db.close()
  await expect(backUp(place)).rejects.toThrow(
    /is not of one moment: the log of company 3 ends at 4, but its counter says 5/,
  )
})

test.each([
  ['leads', "UPDATE leads SET first_name = 'Nobody' WHERE id = 100001"],
  ['api_keys', 'DELETE FROM api_keys WHERE id = 1'],
  ['meta', "INSERT INTO meta VALUES ('more', '')"],
  ['custom_field_options', "UPDATE custom_field_options SET label = 'x' WHERE custom_field_id = 6 AND id = 1"],
])('a copy whose table %s differs is noticed', async (table, sql) => {
  const { directory: from } = directory()
  await fillRichly({ directory: from }, 3)
  const snapshot = FileSnapshot.open(from, 'waggle.db')
  onTestFinished(() => snapshot.close())
  const copy = join(from, 'copy.db')
  await snapshot.copyTo(copy, { onProgress: () => {}, isStopped: () => false })
  const db = new DatabaseSync(copy)
  expect(db.prepare(sql).run().changes).toBe(1)
  db.close()
  expect(() => snapshot.compareWith(copy)).toThrow(`The copy of waggle.db differs from it, in its table ${table}.`)
})

test('the right key passes, and so does one that is missing', async () => {
  const { directory: data } = directory()
  expect(() => refuseOtherKey({ data, secretKey: '' }, () => 'sealed')).not.toThrow()
  expect(() => refuseOtherKey({ data, secretKey: 'ab'.repeat(32) }, () => undefined)).not.toThrow()
  expect(() => refuseOtherKey({ data, secretKey: 'ab'.repeat(32) }, () => 'AbCd')).toThrow(
    'WAGGLE_SECRET_KEY is not the key that this database was sealed with.',
  )
})
