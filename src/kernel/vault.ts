import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Seals texts that rest in the database, and opens them. */
export interface Vault {
  /**
   * @param about what the text is of, such as `webhook:<uuid>:secret`; sealed text opens only under the same name
   */
  seal(text: string, about: string): Uint8Array
  /** @throws Error another key, another name, or bytes that were changed */
  open(sealed: Uint8Array, about: string): string
  /**
   * A secret of 32 bytes for another use, as base64: the same for the same key and name.
   *
   * @see RFC 5869, HKDF
   */
  derive(about: string): string
}

export const vaultKeyBytes = 32
const form = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM (NIST SP 800-38D). Sealed: one byte for the form, 12 of nonce, 16 of tag, then the text.
 *
 * @param key 32 bytes
 */
export function vaultOf(key: Uint8Array): Vault {
  if (key.length !== vaultKeyBytes)
    throw new Error(`the key of the vault has ${key.length} bytes, not ${vaultKeyBytes}`)
  return {
    seal: (text, about) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(form), nonce, cipher.getAuthTag(), sealed])
    },
    open: (sealed, about) => {
      if (sealed[0] !== form) throw new Error('sealed in a form that is not known')
      const nonce = sealed.subarray(1, 1 + nonceBytes)
      const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(about)).setAuthTag(tag)
      const text = Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()])
      return text.toString('utf8')
    },
    derive: (about) => Buffer.from(hkdfSync('sha256', key, '', about, vaultKeyBytes)).toString('base64'),
  }
}
