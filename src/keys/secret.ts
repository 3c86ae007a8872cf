import { hash, randomBytes } from 'node:crypto'

/** A new key: shown once, kept as its digest only. */
export const newKey = (): string => `wgl_${randomBytes(24).toString('hex')}`

/** An existing key must be at least so long to be imported. */
export const importedLengthMin = 20

/** What is stored of a key and looked up: SHA-256. The key itself has entropy enough; no salt, no rounds. */
export const digestOf = (key: string): Buffer => hash('sha256', key, 'buffer')

/** What lists and logs show of a key. */
export const prefixOf = (key: string): string => key.slice(0, key.length >= 40 ? 12 : 8)
