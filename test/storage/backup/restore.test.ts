import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Accounts } from '../../../src/sign-in/accounts.ts'
import { openAccounts } from '../../../src/storage/accounts.ts'
import { digestOfFile } from '../../../src/storage/backup/files.ts'
import { readManifest } from '../../../src/storage/backup/manifest.ts'
import { keyOf, movedTables } from '../../../src/storage/moving/movable.ts'
import { MoveStopped, type Progress } from '../../../src/storage/moving/reading.ts'
import { openDatabase, openMovable } from '../../../src/storage/open.ts'
import { migrations } from '../../../src/storage/sqlite/schema.ts'
import { userUuid } from '../../fixture.ts'
import { describeOnPostgres } from '../../postgres/databases.ts'
import { directory, onPostgres, type Place, placesOf, rowsIn } from '../moving/places.ts'
import { fillRichly } from '../moving/rich.ts'
import { backUp, ofOldRelease, restore, rewrite } from './backups.ts'

const person = { companyId: 3, userUuid: userUuid(31) }
const password = 'three dull honeycombs'

async function withAccounts<T>(place: Place, use: (accounts: Accounts) => Promise<T>): Promise<T> {
  const accounts = new Accounts(() => openAccounts(place), 'a secret of this test, of 32 bytes and more')
  try {
    return await use(accounts)
  } finally {
    await accounts.close()
  }
}

/** Rows by their keys, without what is of a place: who sends to an endpoint, and in which kind of array bytes come. */
function plain(all: Awaited<ReturnType<typeof rowsIn>>) {
  const rowOf = (row: object): [string, unknown][] =>
    Object.entries<unknown>({ ...row, holder: null }).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    ])
  return movedTables.map((table) => {
    const rows = (all[table] ?? []).map((row) => Object.fromEntries(rowOf(row as object)))
    return [table, new Map(rows.map((row) => [JSON.stringify(keyOf(table).map((name) => row[name])), row]))]
  })
}

const pairs = placesOf.flatMap(([from, makeFrom]) => placesOf.map(([to, makeTo]) => ({ from, to, makeFrom, makeTo })))

describe.each(pairs)('from $from into $to', ({ makeFrom, makeTo }) => {
  test('everything is there again, and its key', async () => {
    const [from, to] = [await makeFrom(), await makeTo()]
    await fillRichly(from, 1_100)
    const before = await rowsIn(from)
    writeFileSync(join(from.directory, 'secret.key'), `${'ab'.repeat(32)}\n`)
    const { directory: backup } = await backUp(from)
    expect(await restore(backup, to)).toMatchObject({ hasKey: true, endpoints: { active: 0, paused: 0 } })
    expect(plain(await rowsIn(to))).toEqual(plain(before))
    expect(readFileSync(join(to.directory, 'secret.key'), 'utf8')).toBe(`${'ab'.repeat(32)}\n`)
    expect(statSync(join(to.directory, 'secret.key')).mode & 0o777).toBe(0o600)
    expect(readdirSync(to.directory).filter((name) => name.includes('restoring'))).toEqual([])
    // The same again from there: the digests are those of the first.
    expect(readManifest((await backUp(to)).directory).tables).toEqual(readManifest(backup).tables)
  })

  test('who may sign in does, and begins a session anew', async () => {
    const [from, to] = [await makeFrom(), await makeTo()]
    await fillRichly(from, 1)
    const session = await withAccounts(from, async (accounts) => {
      await accounts.setPassword(person, password)
      return accounts.signIn(person, password)
    })
    await restore((await backUp(from)).directory, to)
    await withAccounts(to, async (accounts) => {
      expect(await accounts.find(session ?? '')).toBeUndefined()
      expect(await accounts.isPassword(person, password)).toBe(true)
      expect(await accounts.find((await accounts.signIn(person, password)) ?? '')).toEqual(person)
    })
    expect(await withAccounts(from, (accounts) => accounts.find(session ?? ''))).toEqual(person)
  })
})

describe.each(placesOf)('into %s', (_, make) => {
  const backedUp = async (): Promise<string> => {
    const from = directory()
    await fillRichly(from, 3)
    const database = await openDatabase(from)
    await database.transact({
      companyId: 3,
      keys: { webhook: 1 },
      decide: () => ({
        reply: undefined,
        writes: [{ kind: 'update', table: 'webhooks', key: { company_id: 3, id: 1 }, set: { state: 'active' } }],
      }),
    })
    await database.close()
    return (await backUp(from)).directory
  }

  test('endpoints stay as they are, or are paused', async () => {
    const [backup, as, paused] = [await backedUp(), await make(), await make()]
    expect((await restore(backup, as)).endpoints).toEqual({ active: 1, paused: 0 })
    expect((await rowsIn(as))['webhooks']).toMatchObject([{ state: 'active', revision: 3 }])
    expect((await restore(backup, paused, { pauseWebhooks: true })).endpoints).toEqual({ active: 1, paused: 1 })
    expect((await rowsIn(paused))['webhooks']).toMatchObject([
      { state: 'paused', revision: 4, updated_at: 1_800_000_000_000 },
    ])
  })

  test('what holds data, or another key, is refused and stays as it is', async () => {
    const [backup, to] = [await backedUp(), await make()]
    await fillRichly(to, 1)
    const before = await rowsIn(to)
    await expect(restore(backup, to)).rejects.toThrow(/is not empty/)
    expect(await rowsIn(to)).toEqual(before)
    const other = await make()
    writeFileSync(join(other.directory, 'secret.key'), 'another\n')
    writeFileSync(join(backup, 'secret.key'), 'the first\n')
    rewrite(backup, {
      files: { ...readManifest(backup).files, 'secret.key': await digestOfFile(join(backup, 'secret.key')) },
    })
    await expect(restore(backup, other)).rejects.toThrow(/secret\.key is another key than the backup's/)
    expect(readdirSync(other.directory)).toEqual(['secret.key'])
  })

  test('a backup of an older release is brought to this one', async () => {
    const to = await make()
    const backup = await ofOldRelease()
    expect(readManifest(backup).schema).toBe(migrations.length - 1)
    await restore(backup, to)
    const database = await openDatabase(to)
    expect(await database.find((db) => db.selectFrom('companies').select('name'))).toEqual([{ name: 'Before' }])
    await database.close()
    expect(readdirSync(to.directory).filter((name) => name.startsWith('waggle-before'))).toEqual([])
  })
})

test('when it is stopped while the last file is copied, nothing is left of it', async () => {
  const from = directory()
  await fillRichly(from, 1)
  const { directory: backup } = await backUp(from)
  const to = directory()
  let stopped = false
  const onProgress = ({ table }: Progress): void => {
    stopped = table === 'waggle.db'
  }
  await expect(restore(backup, to, { onProgress, isStopped: () => stopped })).rejects.toThrow(MoveStopped)
  expect(readdirSync(to.directory)).toEqual(['server.lock'])
})

test.each(['waggle.db', 'auth.db'])('a journal of %s that lies there would change what is restored', async (name) => {
  const from = directory()
  await fillRichly(from, 1)
  const { directory: backup } = await backUp(from)
  const to = directory()
  writeFileSync(join(to.directory, `${name}-journal`), 'of another')
  await expect(restore(backup, to)).rejects.toThrow(`${to.directory} is not empty: ${name}-journal is there.`)
  expect(readdirSync(to.directory)).toEqual([`${name}-journal`])
})

test('a key that is there already stays where it is, as what a link names', async () => {
  const from = directory()
  await fillRichly(from, 1)
  writeFileSync(join(from.directory, 'secret.key'), 'the key\n')
  const { directory: backup } = await backUp(from)
  const [to, { directory: kept }] = [directory(), directory()]
  writeFileSync(join(kept, 'key'), 'the key\n')
  symlinkSync(join(kept, 'key'), join(to.directory, 'secret.key'))
  expect(await restore(backup, to)).toMatchObject({ hasKey: true })
  expect(lstatSync(join(to.directory, 'secret.key')).isSymbolicLink()).toBe(true)
  expect(await rowsIn(to)).toEqual(await rowsIn(from))
})

test.each(['', 'data'])('a data directory in a backup would be lost with it: "%s"', async (name) => {
  const from = directory()
  await fillRichly(from, 1)
  const { directory: backup } = await backUp(from)
  const lies = readdirSync(backup)
  const inside = join(backup, name)
  await expect(restore(backup, { directory: inside, url: '' })).rejects.toThrow(`${inside} is inside the backup`)
  expect(readdirSync(backup)).toEqual(lies)
})

describeOnPostgres('two at once with the same --data', () => {
  test('the second is told, and the first is what it should be', async () => {
    const [one, other] = [directory(), directory()]
    await fillRichly(one, 2)
    await fillRichly(other, 5)
    const [first, second] = [await backUp(one), await backUp(other)]
    const [to, elsewhere] = [await onPostgres(), await onPostgres()]
    let refused: unknown
    const tryOther = async (): Promise<void> => {
      refused = await restore(second.directory, { ...elsewhere, directory: to.directory }).catch((error) => error)
    }
    let begun: Promise<void> | undefined
    await restore(first.directory, to, {
      onProgress: ({ phase }) => {
        if (phase === 'copying') begun ??= tryOther()
      },
    })
    await begun
    expect(String(refused)).toContain(`Another restore is using ${join(to.directory, 'restoring-elsewhere')}.`)
    expect((await backUp(to)).manifest.tables).toEqual(first.manifest.tables)
  })
})

describeOnPostgres('two at once into one database', () => {
  const twoBackups = async () => {
    const [one, other] = [directory(), directory()]
    await fillRichly(one, 2)
    await fillRichly(other, 5)
    return [await backUp(one), await backUp(other)] as const
  }

  test('the second waits for the first, and does not take it for one that was broken off', async () => {
    const [first, second] = await twoBackups()
    const to = await onPostgres()
    let other: Promise<unknown> | undefined
    await restore(first.directory, to, {
      onProgress: ({ phase, unit }) => {
        if (phase !== 'copying' || unit === 'file') return
        other ??= restore(second.directory, { ...to, directory: directory().directory }).catch((error) => error)
      },
    })
    expect(String(await other)).toMatch(/is not empty|Another move, restore or rekey is using/)
    expect((await backUp(to)).manifest.tables).toEqual(first.manifest.tables)
  })

  test('the second is told what keeps it away, where that does not end', async () => {
    const [first] = await twoBackups()
    const to = await onPostgres()
    const held = await openMovable(to, { mustExist: true })
    const refused = restore(first.directory, to)
    await expect(refused).rejects.toThrow(
      /^Another move, restore or rekey is using waggle_[\d_]+ on 127\.0\.0\.1:\d+\. Let/,
    )
    expect(readdirSync(to.directory)).toEqual([])
    await held.close()
    await restore(first.directory, to)
    expect((await backUp(to)).manifest.tables).toEqual(first.manifest.tables)
  })
})

test('a backup of a newer release is refused', async () => {
  const from = directory()
  await fillRichly(from, 1)
  const { directory: backup } = await backUp(from)
  rewrite(backup, { schema: migrations.length + 1, program: '7.0.0' })
  const to = directory()
  await expect(restore(backup, to)).rejects.toThrow(
    `${backup} was made by Waggle 7.0.0: its database has version ${migrations.length + 1}, and this Waggle knows only up to ${migrations.length}.`,
  )
  expect(existsSync(join(to.directory, 'waggle.db'))).toBe(false)
  const text = JSON.parse(readFileSync(join(backup, 'backup.json'), 'utf8'))
  writeFileSync(join(backup, 'backup.json'), JSON.stringify({ ...text, format: 2 }))
  await expect(restore(backup, to)).rejects.toThrow(/in a form that this one does not know/)
})
