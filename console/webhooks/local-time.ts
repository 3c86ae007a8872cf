/**
 * A time as `<input type="datetime-local">` holds it, in the viewer's zone: `2026-01-31T14:05`.
 *
 * @param at Unix ms
 */
export function localMinute(at: number): string {
  const minuteMs = 60_000
  return new Date(at - new Date(at).getTimezoneOffset() * minuteMs).toISOString().slice(0, 16)
}

/** What such a control holds, as the address and the API write it: ISO 8601 in UTC; undefined when it is empty. */
export function utcOf(local: string): string | undefined {
  const at = Date.parse(local)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** The other way; empty when the text is no time. */
export function localOf(text: string | undefined): string {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? '' : localMinute(at)
}
