import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { readManifest } from '../../../src/storage/backup/manifest.ts'
import { MoveStopped, type Progress } from '../../../src/storage/moving/reading.ts'
import { migrations } from '../../../src/storage/sqlite/schema.ts'
import { directory } from '../moving/places.ts'
import { fillRichly } from '../moving/rich.ts'
import { backUp, flip, ofOldRelease, rewrite, verify } from './backups.ts'

async function backedUp(): Promise<string> {
  const from = directory()
  await fillRichly(from, 30)
  writeFileSync(join(from.directory, 'secret.key'), 'a key\n')
  return (await backUp(from)).directory
}

/** All that can be seen of a directory from outside. */
const seen = (path: string) =>
  readdirSync(path).map((name) => {
    const { mtimeMs, ctimeMs, mode } = statSync(join(path, name))
    return { name, mtimeMs, ctimeMs, mode, text: readFileSync(join(path, name), 'latin1') }
  })

test('a backup that is whole says what it holds, and stays as it is', async () => {
  const backup = await backedUp()
  const before = seen(backup)
  const told: Progress[] = []
  expect(await verify(backup, { onProgress: (progress) => told.push(progress) })).toEqual(readManifest(backup))
  expect(seen(backup)).toEqual(before)
  const rows = Object.values(readManifest(backup).tables).reduce((sum, table) => sum + table.rows, 0)
  expect(told.at(-1)).toMatchObject({ phase: 'checking', done: rows, total: rows })
  expect(told.filter(({ phase }) => phase === 'reading').map(({ table }) => table)).toEqual(['secret.key', 'waggle.db'])
})

test('every file that is damaged is told at once', async () => {
  const backup = await backedUp()
  const db = new DatabaseSync(join(backup, 'waggle.db'))
  db.exec("UPDATE users SET first_name = 'Nobody' WHERE id = 31; DELETE FROM leads WHERE id = 100001")
  db.close()
  rmSync(join(backup, 'secret.key'))
  await expect(verify(backup)).rejects.toThrow(
    `${backup} is damaged: its file secret.key is missing. waggle.db is not as it was written. What differs or cannot be ` +
      'read: users, leads. Take another backup.',
  )
  mkdirSync(join(backup, 'secret.key'))
  await expect(verify(backup)).rejects.toThrow('is damaged: secret.key cannot be read (EISDIR')
})

test('a head that asks for a log makes nothing beside the file', async () => {
  const backup = await backedUp()
  const lies = readdirSync(backup)
  for (const at of [18, 19]) flip(join(backup, 'waggle.db'), at, 1)
  for (const at of [18, 19]) flip(join(backup, 'waggle.db'), at, 0)
  expect([...readFileSync(join(backup, 'waggle.db')).subarray(18, 20)]).toEqual([2, 2])
  await expect(verify(backup)).rejects.toThrow(/is damaged: waggle\.db is not as it was written\. No row of its tables/)
  expect(readdirSync(backup)).toEqual(lies)
})

test('rows that another program reads otherwise are told as that', async () => {
  const backup = await backedUp()
  const { tables } = readManifest(backup)
  const leads = tables['leads']
  if (leads === undefined) throw new Error('there are no leads')
  rewrite(backup, { tables: { ...tables, leads: { ...leads, rows: leads.rows + 1 } } })
  await expect(verify(backup)).rejects.toThrow(
    `${backup} is as it was written, but this Waggle reads other rows than Waggle 9.8.7 did, in: leads. Restore it with`,
  )
})

test('of an older release, and of a newer one', async () => {
  const backup = await ofOldRelease()
  expect(await verify(backup)).toMatchObject({ program: '0.0.9', schema: migrations.length - 1 })
  rewrite(backup, { schema: migrations.length + 1, program: '7.0.0' })
  await expect(verify(backup)).rejects.toThrow(`${backup} was made by Waggle 7.0.0`)
})

test('what is no backup', async () => {
  const { directory: data } = directory()
  await expect(verify(data)).rejects.toThrow(`${data} is no backup: it has no backup.json.`)
  const backup = await backedUp()
  await expect(verify(join(backup, 'waggle.db'))).rejects.toThrow(
    'waggle.db is a file, and a backup is a directory. It is in ',
  )
})

test('it can be stopped', async () => {
  const backup = await backedUp()
  for (const at of ['reading', 'checking'] as const) {
    let stopped = false
    const onProgress = ({ phase }: Progress): void => {
      stopped = phase === at
    }
    await expect(verify(backup, { onProgress, isStopped: () => stopped })).rejects.toThrow(MoveStopped)
  }
})
