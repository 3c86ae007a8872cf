/**
 * The address's query: texts by name, as the API reads them, so that a view can be copied into a request.
 *
 * No name means no value: an empty text is left out.
 */
export type Search = Readonly<Record<string, string>>

export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text))

export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const sent = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') sent.set(name, String(value))
  }
  // A comma is allowed in a query, and is read more easily than its escape.
  const text = sent.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text === '' ? '' : `?${text}`
}

/** Takes a query as it is; what no view knows stays in the address. */
export const anySearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(Object.entries(search).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]])))
