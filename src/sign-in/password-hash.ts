import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { Turns } from './turns.ts'

/** Of OWASP's Password Storage Cheat Sheet: 16 MiB of memory, five times over. */
const now = { N: 16_384, r: 8, p: 5 }
/** What the library hashes with, and hashes of before have no more than their salt and key. */
const before = { N: 16_384, r: 16, p: 1 }
const keyBytes = 64
const saltBytes = 16
const form = /^scrypt\$16384\$8\$5\$([0-9a-f]{32})\$([0-9a-f]{128})$/
const formBefore = /^([0-9a-f]{32}):([0-9a-f]{128})$/

/** A password as it is kept: how it was hashed, its salt, its key. */
export async function hashOf(password: string): Promise<string> {
  const salt = randomBytes(saltBytes).toString('hex')
  const key = await derived(password, salt, now)
  return `scrypt$${now.N}$${now.r}$${now.p}$${salt}$${key.toString('hex')}`
}

/** Whether a hash is of that password. */
export async function isOf({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const found = form.exec(hash) ?? formBefore.exec(hash)
  const [, salt = '', key = ''] = found ?? []
  if (found === null) return false
  const made = await derived(password, salt, isWeak(hash) ? before : now)
  return timingSafeEqual(made, Buffer.from(key, 'hex'))
}

/** Whether a hash is to be made anew when its password is there. */
export const isWeak = (hash: string): boolean => !form.test(hash)

/**
 * The thread pool has four threads, and the disk is synced there: whoever tries passwords must not keep changes waiting. About
 * ten seconds' worth of others may wait.
 */
const turns = new Turns({ atOnce: 2, waitingMax: 100 })

/** @throws Refusal `unavailable` when too many others wait */
const derived = (password: string, salt: string, cost: ScryptOptions): Promise<Buffer> =>
  turns.take(() => inThreadPool(password, salt, cost))

function inThreadPool(password: string, salt: string, cost: ScryptOptions): Promise<Buffer> {
  const maxmem = 256 * (cost.N ?? 0) * (cost.r ?? 0)
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, { ...cost, maxmem }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
