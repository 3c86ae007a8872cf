import { isObject } from '../contract/forms.ts'
import { Refusal } from '../kernel/refusal.ts'

export type Query = Readonly<Record<string, string | undefined>>

/** Elements of a comma list or a JSON list that are looked at, at the most. */
export const elementsMax = 100

/** @throws Refusal `invalid_query` naming the parameter */
export const refuse = (name: string, hint?: string): never => {
  const fault = { path: `/${name}`, message: `Invalid ${name}`, ...(hint !== undefined && { hint }) }
  throw new Refusal('invalid_query', { faults: [fault] })
}

/** A parameter; blank is as absent. */
export const sentIn = (query: Query, name: string): string | undefined => {
  const text = query[name]?.trim()
  return text === '' ? undefined : text
}

/** The elements of a parameter that holds a JSON list of objects. */
export function listIn(query: Query, name: string, hint: string): readonly Record<string, unknown>[] {
  const text = sentIn(query, name)
  if (text === undefined) return []
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    refuse(name, hint)
  }
  if (!Array.isArray(list) || list.length > elementsMax || !list.every(isObject)) return refuse(name, hint)
  return list
}
