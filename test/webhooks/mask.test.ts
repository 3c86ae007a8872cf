import { describe, expect, test } from 'vitest'
import { masked, secretsOf } from '../../src/webhooks/mask.ts'

const headers = {
  authorization: 'Bearer head.claims-of-the-token.signature-of-the-token',
  'webhook-signature': 'v1,first-signature= v1,second-signature=',
}
const secrets = secretsOf(
  { apiKey: 'key "of" the receiver', externalSettings: { list: [{ token: 'token-of-the-receiver', short: 'abc' }] } },
  headers,
)

describe('an answer that tells back what it was sent', () => {
  test.each([
    ['', ''],
    ['thanks', 'thanks'],
    [headers.authorization, 'Bearer ***'],
    ['claims-of-the-token', '***'],
    [headers['webhook-signature'], 'v1,*** v1,***'],
    ['the key "of" the receiver!', 'the ***!'],
    [JSON.stringify({ key: 'key "of" the receiver' }), '{"key":"***"}'],
    ['token-of-the-receiver abc', '*** abc'],
    ['cut off: token-of-the-rec', 'cut off: ***'],
    ['cut off: Bearer head.claims-of-the-to', 'cut off: Bearer ***'],
    ['not cut: token-o', 'not cut: token-o'],
  ])('%j is kept as %j', (answer, kept) => {
    expect(masked(answer, secrets)).toBe(kept)
  })

  test('a message without credentials has the secrets of its headers alone', () => {
    expect(secretsOf({ apiKey: undefined, externalSettings: undefined }, {})).toEqual([])
  })
})
