import type { Target } from './secrets.ts'

const mask = '***'
/** Shorter texts stand in answers by chance. */
const lengthMin = 8

/**
 * What a message carries that its receiver alone may know: the token with its parts, the signatures, the integration's
 * credentials. The longest come first.
 *
 * @param headers of the attempt
 */
export function secretsOf(
  { apiKey, externalSettings }: Pick<Target, 'apiKey' | 'externalSettings'>,
  headers: Readonly<Record<string, string>>,
): string[] {
  const token = headers['authorization']?.replace(/^Bearer /, '') ?? ''
  const [, claims = '', signature = ''] = token.split('.')
  const signatures = (headers['webhook-signature'] ?? '').split(' ').map((one) => one.replace(/^v1,/, ''))
  const texts = [token, claims, signature, ...signatures, apiKey ?? '', ...textsIn(externalSettings)]
  return texts
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1)])
    .filter((text) => text.length >= lengthMin)
    .sort((one, other) => other.length - one.length)
}

/** An answer without the secrets that its receiver has told back; one that was cut off does not end with half of one. */
export function masked(answer: string, secrets: readonly string[]): string {
  if (answer === '') return answer
  let text = answer
  for (const secret of secrets) text = text.replaceAll(secret, mask)
  for (const secret of secrets) {
    for (let length = Math.min(secret.length - 1, text.length); length >= lengthMin; length -= 1) {
      if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + mask
    }
  }
  return text
}

/** The texts of a JSON value; it is not deep, as it was read with a bound. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
