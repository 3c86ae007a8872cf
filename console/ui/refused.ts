import { WaggleError } from '../../sdk/index.ts'
import { sentenceOf } from '../app/api.ts'

/** A refusal, sorted to the controls that it is about; `other` is what none of them is told. */
export interface Refused<Name extends string> {
  readonly of: Readonly<Partial<Record<Name, string>>>
  readonly other: string | undefined
}

export const nothingRefused: Refused<never> = { of: {}, other: undefined }

/**
 * Sorts a refusal by the members that the form has controls for.
 *
 * @param names of the controls, as the API names the members
 */
export function refusedBy<Name extends string>(error: unknown, names: readonly Name[]): Refused<Name> {
  const details = error instanceof WaggleError ? error.details : []
  const of: Partial<Record<Name, string>> = {}
  let isTold = false
  for (const { path, message } of details) {
    const name = names.find((one) => path === `/${one}` || path.startsWith(`/${one}/`))
    if (name === undefined) continue
    of[name] ??= message
    isTold = true
  }
  return { of, other: isTold ? undefined : sentenceOf(error) }
}
