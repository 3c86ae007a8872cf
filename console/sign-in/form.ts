/** What a new password must be, as the server checks it. */
export const passwordHint = 'At least 10 characters; several words are good.'

/** A field of a form as text; empty when it is not there. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
