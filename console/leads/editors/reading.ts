import type { CustomField } from '../../../sdk/index.ts'
import { type ContactMember, contactLimits } from '../../../src/contract/lead-members.ts'
import type { MemberValue } from '../members.ts'
import { instantOf, isDay } from './dates.ts'
import { numberForm } from './numbers.ts'

/** What was typed, as a member holds it, or why it cannot be held. */
export type Reading = { readonly to: MemberValue } | { readonly why: string }

/** What a field says of its values. */
type Facts = Pick<CustomField, 'type' | 'required'>

/** Code points of an external id. */
const externalIdMax = 255
/** Code points of a custom value, by the field's type. */
const textMax = { text: 10_000, textarea: 100_000 } as const

const emailForm = /^[^\s@]+@[^\s@]+$/

const cutTo = (text: string, max: number): Reading => {
  const count = [...text].length
  return count > max
    ? { why: `At most ${max.toLocaleString()} characters; these are ${count.toLocaleString()}.` }
    : { to: text === '' ? null : text }
}

/** White space around a contact's text is nothing, as the server sees it. */
export function readContact(member: ContactMember | 'external_id', text: string): Reading {
  const trimmed = text.trim()
  if (member === 'email' && trimmed !== '' && !emailForm.test(trimmed)) {
    return { why: 'An e-mail address has one @ with text on both sides, and no spaces.' }
  }
  return cutTo(trimmed, member === 'external_id' ? externalIdMax : contactLimits[member])
}

/** A custom text is kept as it is typed; an empty one clears the field, unless it must be there. */
export const readText = ({ type, required }: Facts, text: string): Reading =>
  text === '' && required ? needed : cutTo(text, type === 'textarea' ? textMax.textarea : textMax.text)

export const numbers = numberForm()

export function readNumber({ required }: Facts, text: string): Reading {
  const reading = numbers.read(text)
  if (reading.kind === 'wrong') return { why: reading.why }
  if (reading.kind === 'number') return { to: reading.value }
  return required ? needed : { to: null }
}

/** @param isTime whether the field holds a point in time, and is edited as one */
export function readDate({ required }: Facts, draft: string, isTime: boolean): Reading {
  if (draft === '') return required ? needed : { to: null }
  if (!isTime) return isDay(draft) ? { to: draft } : { why: 'A year has four digits.' }
  return Number.isNaN(Date.parse(draft)) ? { why: 'This is no time.' } : { to: instantOf(draft) }
}

const needed: Reading = { why: 'This field must have a value.' }
