import { isObject } from '../contract/forms.ts'
import type { EventPayload } from '../storage/payload.ts'
import type { Row } from '../storage/tables.ts'

/** Shorter texts name nobody: too much would mention them. */
const lengthMin = 5
/** Texts that are looked for, at the most. */
const textsMax = 1_000

/** What a person has been called, and is known by: texts that stand elsewhere are about the person if they hold one. */
export class Person {
  /** As they are written, by how they are compared. */
  readonly #texts = new Map<string, string>()

  get texts(): readonly string[] {
    return [...this.#texts.values()]
  }

  /** An address, a number, a name; nothing of what says too little. */
  know(...texts: readonly (string | null | undefined)[]): void {
    for (const text of texts) {
      const trimmed = text?.trim() ?? ''
      if (trimmed.length >= lengthMin && this.#texts.size < textsMax) this.#texts.set(trimmed.toLowerCase(), trimmed)
    }
  }

  /** Whether a text, or a text anywhere in a value of JSON, holds one of those; whatever the case, and as whole words. */
  isIn(value: unknown): boolean {
    if (typeof value === 'string') {
      const text = value.toLowerCase()
      for (const word of this.#texts.keys()) if (holdsWord(text, word)) return true
      return false
    }
    if (Array.isArray(value)) return value.some((one) => this.isIn(one))
    return isObject(value) && Object.values(value).some((one) => this.isIn(one))
  }
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return true
  }
  return false
}

const isLetter = (one: string | undefined): boolean => one !== undefined && /[\p{L}\p{N}]/u.test(one)

type Contact = Partial<Pick<Row<'leads'>, 'email' | 'phone_number' | 'first_name' | 'last_name'>>

/** What a lead says of who is behind it. A first or a last name alone would be many people's. */
export function knowLead(person: Person, { email, phone_number, first_name, last_name }: Contact): void {
  person.know(email, phone_number)
  if (first_name && last_name) person.know(`${first_name} ${last_name}`)
}

/** The same of what an event keeps of a lead, before and after. */
export function knowEvent(person: Person, { was, is }: EventPayload): void {
  const [, , , , email, phone_number, first_name, last_name] = is
  knowLead(person, { email, phone_number, first_name, last_name })
  knowLead(person, { email, phone_number, first_name, last_name, ...was })
}
