import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, expect, test } from 'vitest'
import { Accounts } from '../../../src/sign-in/accounts.ts'
import { openAccounts } from '../../../src/storage/accounts.ts'
import { digestOfFile } from '../../../src/storage/backup/files.ts'
import { userUuid } from '../../fixture.ts'
import { describeOnPostgres } from '../../postgres/databases.ts'
import { directory, onPostgres } from '../moving/places.ts'
import { fillRichly } from '../moving/rich.ts'
import { backUp, flip, placeOf, restore, verify } from './backups.ts'

let whole = ''
beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'waggle-damage-'))
  const place = { directory: join(root, 'data'), url: '' }
  await fillRichly(place, 400)
  const db = new DatabaseSync(join(place.directory, 'waggle.db'))
  db.exec("UPDATE leads SET phone_number = 'the only place' WHERE id = 100001")
  db.exec("UPDATE events SET request_id = 'a single request' WHERE company_id = 3 AND sequence = 100")
  // What was removed leaves pages that nothing uses.
  db.exec('CREATE TABLE other (text TEXT); INSERT INTO other SELECT hex(randomblob(900)) FROM events; DROP TABLE other')
  db.close()
  writeFileSync(join(place.directory, 'secret.key'), `${'ab'.repeat(32)}\n`)
  const accounts = new Accounts(() => openAccounts(place), 'a secret of this test, of 32 bytes and more')
  await accounts.setPassword({ companyId: 3, userUuid: userUuid(31) }, 'three dull honeycombs')
  await accounts.close()
  whole = (await backUp(place, join(root, 'backup'))).directory
  return () => rmSync(root, { recursive: true, force: true })
})

/** A backup of its own for a test. */
function copyOfWhole(): string {
  const { directory: copy } = directory()
  cpSync(whole, copy, { recursive: true })
  return copy
}

/** Refused, with words, and nothing is left of it; who only verifies it is told the same. */
async function refused(backup: string, says: string): Promise<void> {
  const to = directory()
  const lies = readdirSync(backup)
  await expect(verify(backup)).rejects.toThrow(says.replace(' Nothing was restored', ''))
  expect(readdirSync(backup)).toEqual(lies)
  await expect(restore(backup, to)).rejects.toThrow(says)
  expect(readdirSync(to.directory).filter((name) => name !== 'server.lock')).toEqual([])
}

test.each([
  ['the only place', 'leads'],
  ['a single request', 'events'],
])('a bit of a row is flipped: it is said in which table', async (text, table) => {
  const backup = copyOfWhole()
  const path = join(backup, 'waggle.db')
  flip(path, placeOf(path, text) + 3)
  await refused(
    backup,
    `${backup} is damaged: waggle.db is not as it was written. What differs or cannot be read: ${table}. Nothing was restored`,
  )
})

test('any bit of any file is noticed', async () => {
  const backup = copyOfWhole()
  const names = readdirSync(backup)
  expect(names.toSorted()).toEqual(['auth.db', 'backup.json', 'secret.key', 'waggle.db'])
  for (const name of names) {
    const path = join(backup, name)
    const bytes = readFileSync(path)
    for (let step = 0; step < 12; step += 1) {
      const at = Math.floor((bytes.length * step) / 12) + (step % 8)
      flip(path, at, step % 8)
      await refused(backup, name)
      writeFileSync(path, bytes)
    }
  }
  await restore(backup, directory())
})

test('damage outside of all rows is told as that', async () => {
  const backup = copyOfWhole()
  const path = join(backup, 'waggle.db')
  const db = new DatabaseSync(path, { readOnly: true })
  const size = Number(db.prepare('PRAGMA page_size').get()?.['page_size'])
  expect(Number(db.prepare('PRAGMA freelist_count').get()?.['freelist_count'])).toBeGreaterThan(10)
  db.close()
  flip(path, readFileSync(path).length - size + 100)
  await refused(backup, 'No row of its tables differs: it is in an index, or in a part that is not used.')
})

test('a head that is no database any more is told as that', async () => {
  const backup = copyOfWhole()
  flip(join(backup, 'waggle.db'), 3)
  await refused(backup, 'waggle.db is not as it was written. It can no longer be read. Nothing was restored')
})

test('a file that is cut short, or missing', async () => {
  const backup = copyOfWhole()
  const { bytes } = await digestOfFile(join(backup, 'waggle.db'))
  truncateSync(join(backup, 'waggle.db'), bytes - 4096)
  await refused(backup, 'waggle.db is not as it was written.')
  rmSync(join(backup, 'auth.db'))
  await refused(backup, 'its file auth.db is missing')
  rmSync(join(backup, 'backup.json'))
  await refused(backup, `${backup} is no backup: it has no backup.json.`)
})

test('a backup.json that says something else is refused', async () => {
  const backup = copyOfWhole()
  const path = join(backup, 'backup.json')
  const said = readFileSync(path, 'utf8')
  writeFileSync(path, said.replace('"rows": 1', '"rows": 2'))
  await refused(backup, `${path} is not as it was written.`)
  writeFileSync(path, said.slice(0, -20))
  await refused(backup, `${path} is not as it was written.`)
  writeFileSync(path, '[]')
  await refused(backup, `${path} is not as it was written.`)
})

describeOnPostgres('with PostgreSQL', () => {
  test('a damaged backup leaves the database empty', async () => {
    const backup = copyOfWhole()
    flip(join(backup, 'waggle.db'), placeOf(join(backup, 'waggle.db'), 'the only place'))
    const to = await onPostgres()
    await expect(restore(backup, to)).rejects.toThrow(/What differs or cannot be read: leads/)
    expect(readdirSync(to.directory)).toEqual([])
    await restore(whole, to)
    const { directory: other } = directory()
    await expect(restore(whole, { directory: other, url: to.url })).rejects.toThrow(/is not empty/)
    expect(readdirSync(other)).toEqual([])
  })
})
