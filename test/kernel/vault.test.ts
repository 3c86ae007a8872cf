import { expect, test } from 'vitest'
import { vaultKeyBytes, vaultOf } from '../../src/kernel/vault.ts'

const vault = vaultOf(new Uint8Array(vaultKeyBytes).fill(1))

test('what was sealed opens under the same name only', () => {
  const sealed = vault.seal('Grüße 🐝', 'webhook:1:secret')
  expect(vault.open(sealed, 'webhook:1:secret')).toBe('Grüße 🐝')
  expect(() => vault.open(sealed, 'webhook:2:secret')).toThrow()
})

test('the same text is sealed differently each time, and never in the clear', () => {
  const [one, two] = [vault.seal('whsec_x', 'a'), vault.seal('whsec_x', 'a')]
  expect(Buffer.from(one).equals(two)).toBe(false)
  expect(Buffer.from(one).includes('whsec_x')).toBe(false)
})

test('a changed byte, another key and another form are refused', () => {
  const sealed = vault.seal('whsec_x', 'a')
  for (const at of [0, 1, 14, sealed.length - 1]) {
    const changed = Uint8Array.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => vault.open(changed, 'a')).toThrow()
  }
  expect(() => vaultOf(new Uint8Array(vaultKeyBytes)).open(sealed, 'a')).toThrow()
  expect(() => vaultOf(new Uint8Array(16))).toThrow('16 bytes')
})

test('a derived secret is of its key and its name', () => {
  const other = vaultOf(new Uint8Array(vaultKeyBytes))
  expect(vault.derive('cookies')).toBe(vault.derive('cookies'))
  expect(new Set([vault.derive('cookies'), vault.derive('others'), other.derive('cookies')]).size).toBe(3)
  expect(Buffer.from(vault.derive('cookies'), 'base64')).toHaveLength(32)
})
