import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openVault } from '../../src/commands/vault.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { temporaryDirectory } from './program.ts'

async function begin() {
  const data = temporaryDirectory()
  const database = await openDatabase({ directory: data })
  onTestFinished(() => database.close())
  const open = (secretKey = '') => openVault(database, { data, secretKey })
  return { file: join(data, 'secret.key'), open }
}

const key = 'ab'.repeat(32)

test('the key is made once, for its owner only', async () => {
  const { file, open } = await begin()
  const sealed = (await open()).seal('whsec_x', 'a secret')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  expect((await open()).open(sealed, 'a secret')).toBe('whsec_x')
})

test('a key from the environment needs no file', async () => {
  const { file, open } = await begin()
  const sealed = (await open(key)).seal('whsec_x', 'a secret')
  expect(() => statSync(file)).toThrow('ENOENT')
  expect((await open(Buffer.from(key, 'hex').toString('base64'))).open(sealed, 'a secret')).toBe('whsec_x')
})

test('the key from the environment wins over the file, be it right or wrong', async () => {
  const { file, open } = await begin()
  const sealed = (await open(key)).seal('whsec_x', 'a secret')
  writeFileSync(file, `${'cd'.repeat(32)}\n`)
  expect((await open(key)).open(sealed, 'a secret')).toBe('whsec_x')
  writeFileSync(file, `${key}\n`)
  await expect(open('cd'.repeat(32))).rejects.toThrow('The key of --secret-key or WAGGLE_SECRET_KEY is not the key')
  expect((await open()).open(sealed, 'a secret')).toBe('whsec_x')
})

test('a key that is lost, or another one, is refused before it seals anything', async () => {
  const { file, open } = await begin()
  await open()
  await expect(open(key)).rejects.toThrow('WAGGLE_SECRET_KEY is not the key that this database was sealed with')
  const kept = readFileSync(file)
  writeFileSync(file, `${key}\n`)
  await expect(open()).rejects.toThrow(/secret\.key is not the key/)
  rmSync(file)
  await expect(open()).rejects.toThrow(/secret\.key is missing.*Restore it from a backup/)
  expect(() => statSync(file)).toThrow('ENOENT')
  writeFileSync(file, kept)
  await open()
})
