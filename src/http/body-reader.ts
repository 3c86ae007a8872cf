import type { Fault } from '../contract/failures.ts'
import { codePoints, isObject, isStorable, referenceFromText } from '../contract/forms.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Call } from './serve.ts'

type Body = Readonly<Record<string, unknown>>

/** How deep free JSON may be nested, and how many elements of a set are looked at. */
const depthMax = 32
const choiceMax = 100
/** Characters of a wrong value that a fault repeats. */
const repeatedMax = 100

export const isArray = (value: unknown): value is unknown[] => Array.isArray(value)
const blankToNull = (text: string): string | null => (text === '' ? null : text)

/** What free JSON must be: `form` says it in words, such as `an array`. */
interface JsonForm<T> {
  readonly form: string
  readonly isRight: (value: unknown) => value is T
  readonly bytesMax: number
  /** Null counts as absent. */
  readonly mayBeNull?: boolean
}

/** What strict handling refuses; told after all other faults. */
export const unknownMembers = (names: readonly string[]): Fault[] =>
  names.map((name) => ({
    path: `/${name.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: `Unknown field: ${name.toWellFormed()}`,
  }))

/**
 * @param strict whether the client asked that unknown members be refused
 * @throws Refusal `invalid_body`
 */
export function refuseUnknown(ignored: readonly string[], strict: boolean): void {
  if (strict && ignored.length > 0) throw new Refusal('invalid_body', { faults: unknownMembers(ignored) })
}

/** What a read of a body gives, and the members of it that are not known. */
export interface Read<T> {
  readonly value: T
  readonly ignored: readonly string[]
}

/**
 * What was read of a body. Members that are not known are told, or refused where that is asked for.
 *
 * @throws Refusal `invalid_body`
 */
export function known<T>({ value, ignored }: Read<T>, answer: Call['answer'], { strict }: Call['conditions']): T {
  answer.ignoredFields(ignored)
  refuseUnknown(ignored, strict)
  return value
}

/** @throws Refusal `invalid_body` when there are as many as may be */
export function refuseMoreThan(max: number, noun: string, present: number, holder = 'A company'): void {
  if (present < max) return
  throw new Refusal('invalid_body', { faults: [{ path: '', message: `${holder} has at most ${max} ${noun}` }] })
}

/** Reads members of a body one by one, and gathers what is wrong with them. */
export class BodyReader {
  readonly #body: Body
  /** What was found wrong so far; others may add to it. */
  readonly faults: Fault[] = []

  /** @throws Refusal `body_not_object` */
  constructor(body: unknown) {
    if (!isObject(body)) throw new Refusal('body_not_object')
    this.#body = body
  }

  get body(): Body {
    return this.#body
  }

  has(member: string): boolean {
    return Object.hasOwn(this.#body, member)
  }

  get(member: string): unknown {
    return this.has(member) ? this.#body[member] : undefined
  }

  fault(place: string, message: string, hint?: string): undefined {
    this.faults.push({ path: `/${place}`, message, ...(hint !== undefined && { hint }) })
  }

  /** Told once: a member with a fault of its own is there. */
  missing(member: string): void {
    if (!this.faults.some(({ path }) => path === `/${member}`)) this.fault(member, `${member} is required`)
  }

  /**
   * @returns the members that are not known
   * @throws Refusal `invalid_body` when there are faults
   */
  finish(known: readonly string[]): string[] {
    if (this.faults.length > 0) throw new Refusal('invalid_body', { faults: this.faults })
    return Object.keys(this.#body).filter((name) => !known.includes(name))
  }

  /** @param cleaned what is kept of it; an empty text counts as null */
  text(member: string, max: number, cleaned = (text: string) => text.trim()): string | null | undefined {
    const sent = this.get(member)
    if (sent === undefined || sent === null) return sent
    if (typeof sent !== 'string') return this.fault(member, `${member} must be a string`)
    if (!isStorable(sent)) return this.fault(member, `${member} contains invalid characters`)
    const text = cleaned(sent)
    if (codePoints(text) > max) return this.fault(member, `${member} must be at most ${max} characters`)
    return blankToNull(text)
  }

  /** A text that is not blank; `needed` where it must be sent. */
  notBlank(member: string, max: number, when: 'needed' | 'when sent'): string | undefined {
    const text = this.text(member, max)
    if (text === null || (text === undefined && when === 'needed')) this.missing(member)
    return text ?? undefined
  }

  /** A uuid that must be there; empty when it is not. */
  uuid(member: string): string {
    const sent = this.get(member)
    const reference = typeof sent === 'string' ? referenceFromText(sent) : undefined
    if (typeof reference === 'string') return reference
    if (sent === undefined || sent === null) this.missing(member)
    else this.fault(member, `${member} must be a uuid`)
    return ''
  }

  /** Names of a set, each once; null is all of them. */
  choice<T extends string>(member: string, noun: string, names: readonly T[]): readonly T[] | null | undefined {
    const sent = this.get(member)
    if (sent === undefined || sent === null) return sent
    const form = `${member} must be an array of ${noun} names`
    if (!Array.isArray(sent)) return this.fault(member, form)
    if (sent.length === 0) return this.fault(member, `${member} must have at least one element`, 'null for all')
    if (sent.length > choiceMax) return this.fault(member, `${member} must have at most ${choiceMax} elements`)
    const chosen = new Set<T>()
    for (const [index, element] of sent.entries()) {
      const name = names.find((one) => one === element)
      if (name !== undefined) chosen.add(name)
      else if (typeof element !== 'string') this.fault(`${member}/${index}`, form)
      else {
        const shown = element.slice(0, repeatedMax).toWellFormed()
        this.fault(`${member}/${index}`, `Invalid ${noun}: ${shown}`, `one of ${names.join(', ')}`)
      }
    }
    return [...chosen]
  }

  oneOf<T extends string>(member: string, options: readonly T[]): T | undefined {
    const sent = this.get(member)
    const found = options.find((option) => option === sent)
    if (found !== undefined || !this.has(member)) return found
    return this.fault(member, `${member} must be ${options.join(' or ')}`)
  }

  integer(member: string, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
    const sent = this.get(member)
    if (sent === undefined) return undefined
    if (typeof sent === 'number' && Number.isInteger(sent) && sent >= min && sent <= max) return sent
    return this.fault(member, `${member} must be a whole number from ${min} to ${max}`)
  }

  /** Free JSON of at most so many bytes. */
  json<T>(member: string, { form, isRight, bytesMax, mayBeNull = false }: JsonForm<T>): T | undefined {
    const sent = this.get(member)
    if (sent === undefined || (sent === null && mayBeNull)) return undefined
    if (!isRight(sent)) return this.fault(member, `${member} must be ${form}`)
    const wrong = unkeepable(sent)
    if (wrong !== undefined) return this.fault(member, `${member} ${wrong}`)
    if (Buffer.byteLength(JSON.stringify(sent)) > bytesMax) {
      return this.fault(member, `${member} must be at most ${bytesMax} bytes of JSON`)
    }
    return sent
  }

  flag(member: string): boolean | undefined {
    const sent = this.get(member)
    if (sent === undefined || typeof sent === 'boolean') return sent
    return this.fault(member, `${member} must be true or false`)
  }
}

/** Why a JSON value cannot be kept. It walks without recursion, as a body may be nested deeper than the stack. */
function unkeepable(value: unknown): string | undefined {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) return `must be nested at most ${depthMax} levels`
    const below: unknown[] = []
    for (const one of level) {
      if (typeof one === 'string' && !isStorable(one)) return 'contains invalid characters'
      if (typeof one !== 'object' || one === null) continue
      for (const [name, inner] of Object.entries(one)) {
        if (!isStorable(name)) return 'contains invalid characters'
        below.push(inner)
      }
    }
    level = below
  }
  return undefined
}
