import { hash } from 'node:crypto'
import { passwordLimits } from '../contract/session.ts'
import { Refusal } from '../kernel/refusal.ts'

/** Of a word that counts, and of what must be left of a password without all of them. */
const wordMin = 4
const restMin = 6
const bytesEach = 4

/** Words that stand in no password of this program. */
const ownWords = ['waggle', 'partner', 'lead']

/** Whom a password is for. */
export interface PasswordOf {
  readonly email: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly companyName: string | null
}

/**
 * Refuses what is guessed first: passwords that many people use, digits and marks around them or not, and those made of the
 * person's own words.
 *
 * @throws Refusal `invalid_body`
 * @see NIST SP 800-63B §3.1.1.2, OWASP ASVS 5.0 §6.2
 */
export async function refuseGuessable(password: string, of: PasswordOf): Promise<void> {
  const text = folded(password)
  const isOfOwnWords = withoutWords(text, wordsOf(of)).length < restMin
  if (isOfOwnWords) refuse('password must not be made of your name, address or company')
  const { commonDigests } = await import('./common-passwords.ts')
  const digests = Buffer.from(commonDigests, 'base64')
  const core = text.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '')
  if ([text, core].some((one) => holds(digests, one))) refuse('password is one that many people use')
}

function refuse(message: string): never {
  const hint = `some words that belong together for you alone, of ${passwordLimits.min} characters or more`
  throw new Refusal('invalid_body', { faults: [{ path: '/password', message, hint }] })
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

function wordsOf({ email, firstName, lastName, companyName }: PasswordOf): string[] {
  const texts = [email, firstName ?? '', lastName ?? '', companyName ?? '', ...ownWords]
  const words = texts.flatMap((text) => [folded(text), ...folded(text).split(/[^\p{L}\p{N}]+/u)])
  return [...new Set(words)].filter((word) => word.length >= wordMin).sort((one, other) => other.length - one.length)
}

const withoutWords = (text: string, words: readonly string[]): string =>
  words.reduce((rest, word) => rest.replaceAll(word, ''), text)

/** Whether sorted digests hold that of a text, by halving. */
function holds(digests: Buffer, text: string): boolean {
  const wanted = hash('sha256', text, 'buffer').readUInt32BE(0)
  let [low, high] = [0, digests.length / bytesEach]
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = digests.readUInt32BE(middle * bytesEach)
    if (found === wanted) return true
    if (found < wanted) low = middle + 1
    else high = middle
  }
  return false
}
