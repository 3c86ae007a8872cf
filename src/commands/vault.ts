import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Config, ConfigError, eitherOf, variableOf } from '../kernel/config.ts'
import { type Vault, vaultKeyBytes, vaultOf } from '../kernel/vault.ts'
import { syncPath } from '../storage/backup/files.ts'
import { makeDirectory } from '../storage/directory.ts'
import type { Database } from '../storage/port.ts'

/** What every database seals once, so that a wrong key is noticed before it is used. */
export const vaultProbe = { name: 'vault_probe', text: 'waggle', about: 'meta:vault_probe' }

/** A key that is in no file, in messages. */
export const keyGiven = `The key of ${eitherOf('secretKey')}`

/**
 * The vault of a data directory: its key comes from the environment, else from `secret.key`, which is made at first.
 *
 * @throws ConfigError the key is not the one that this database was sealed with
 */
export async function openVault(database: Database, config: Pick<Config, 'data' | 'secretKey'>): Promise<Vault> {
  const file = keyFileOf(config)
  const where = file ?? keyGiven
  const kept = await database.read('meta', { name: vaultProbe.name })
  if (file !== undefined && kept !== undefined) endReplacing(file, kept.value)
  const vault = vaultOf(bytesOf(file === undefined ? config.secretKey : keyIn(file, kept !== undefined), where))
  openProbe(vault, kept?.value ?? (await keepProbe(database, vault)), where)
  return vault
}

/** @throws ConfigError it was sealed with another key */
function openProbe(vault: Vault, sealed: string, where: string): void {
  if (opensProbe(vault, sealed)) return
  throw new ConfigError(`${where} is not the key that this database was sealed with. Restore the right one.`)
}

/** Whether a vault is the one of a database, by the probe that this keeps. */
export const opensProbe = (vault: Vault, sealed: string): boolean =>
  opened(vault, Buffer.from(sealed, 'base64'), vaultProbe.about) !== undefined

/** What was sealed; undefined where it does not open: the vault cannot tell another key from bytes that were changed. */
export function opened(vault: Vault, sealed: Uint8Array, about: string): string | undefined {
  try {
    return vault.open(sealed, about)
  } catch {
    return undefined
  }
}

/** The probe as a database keeps it in `meta`. */
export const sealedProbe = (vault: Vault): string =>
  Buffer.from(vault.seal(vaultProbe.text, vaultProbe.about)).toString('base64')

/** Where a new key lies until the database is sealed with it. */
const nextKeyFile = (file: string): string => `${file}.new`

/**
 * Replaces the key of a vault. The new one is on the disk before anything is sealed with it, and in the place of the old one
 * behind that; when the process ends in between, the next {@link openVault} goes on.
 *
 * @param file where the key lies; undefined when it is kept elsewhere
 * @param reseal seals the database with the new key, all of it or nothing
 */
export async function replaceKey(
  file: string | undefined,
  key: Uint8Array,
  reseal: () => Promise<void>,
): Promise<void> {
  if (file === undefined) return reseal()
  const next = nextKeyFile(file)
  rmSync(next, { force: true })
  writeKey(next, key)
  syncPath(dirname(file))
  await reseal()
  renameSync(next, file)
  syncPath(dirname(file))
}

/** Whether a database was sealed with a new key, and the process ended before that was in its place. */
export const isHalfReplaced = (file: string, sealed: string): boolean =>
  holdsKey(nextKeyFile(file), sealed) && !holdsKey(file, sealed)

function endReplacing(file: string, sealed: string): void {
  if (!isHalfReplaced(file, sealed)) return
  try {
    renameSync(nextKeyFile(file), file)
  } catch (error) {
    if (!holdsKey(file, sealed)) throw error // else another process was first
  }
  syncPath(dirname(file))
}

function holdsKey(file: string, sealed: string): boolean {
  try {
    return opensProbe(vaultOf(bytesOf(readKey(file), file)), sealed)
  } catch {
    return false // there is no such file, or no key in it
  }
}

/** Where the key is, when it is in a file and not in the environment. */
export const keyFileOf = (config: Pick<Config, 'data' | 'secretKey'>): string | undefined =>
  config.secretKey === '' ? join(resolve(config.data), 'secret.key') : undefined

/**
 * Looks whether the key that a database would be served with is the one that it was sealed with. A key that is missing is
 * none that is wrong.
 *
 * @param meta what the database keeps under a name
 * @throws ConfigError it is another
 */
export function refuseOtherKey(
  config: Pick<Config, 'data' | 'secretKey'>,
  meta: (name: string) => string | undefined,
): void {
  const file = keyFileOf(config)
  const sealed = meta(vaultProbe.name)
  if (sealed === undefined || (file !== undefined && !existsSync(file))) return
  if (file !== undefined && isHalfReplaced(file, sealed)) {
    throw new ConfigError(`An exchange of ${file} was cut off. Begin a server on the data: it ends the exchange.`)
  }
  openProbe(vaultAt(config), sealed, file ?? keyGiven)
}

/**
 * The vault of the key that is there, whatever database it is of.
 *
 * @throws ConfigError it has not the length of a key
 */
export function vaultAt(config: Pick<Config, 'data' | 'secretKey'>): Vault {
  const file = keyFileOf(config)
  return vaultOf(file === undefined ? bytesOf(config.secretKey, keyGiven) : bytesOf(readKey(file), file))
}

/** Seals the probe; when another process was first, its probe counts. */
async function keepProbe(database: Database, vault: Vault): Promise<string> {
  const value = sealedProbe(vault)
  try {
    await database.load([{ kind: 'insert', table: 'meta', row: { name: vaultProbe.name, value } }])
    return value
  } catch (error) {
    const first = await database.read('meta', { name: vaultProbe.name })
    if (first === undefined) throw error
    return first.value
  }
}

function keyIn(file: string, needed: boolean): string {
  if (existsSync(file)) return readKey(file)
  if (needed) {
    throw new ConfigError(
      `${file} is missing: secrets of webhooks are sealed with it. Restore it from a backup, or set ${variableOf('secretKey')}.`,
    )
  }
  makeDirectory(dirname(file))
  // Whole or not at all, and of two processes that begin at once both use the first one's.
  const made = `${file}.${process.pid}`
  try {
    writeKey(made, randomBytes(vaultKeyBytes))
    linkSync(made, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    rmSync(made, { force: true })
  }
  return readKey(file)
}

const writeKey = (file: string, key: Uint8Array): void =>
  writeFileSync(file, `${Buffer.from(key).toString('hex')}\n`, { flag: 'wx', mode: 0o600, flush: true })

const readKey = (file: string): string => readFileSync(file, 'utf8').trim()

/** @throws ConfigError it has not the length of a key */
export function bytesOf(key: string, where: string): Uint8Array {
  const bytes = Buffer.from(key, /^[0-9a-f]{64}$/i.test(key) ? 'hex' : 'base64')
  if (bytes.length === vaultKeyBytes) return bytes
  throw new ConfigError(`${where} holds a key of ${bytes.length} bytes; it must have ${vaultKeyBytes}.`)
}
