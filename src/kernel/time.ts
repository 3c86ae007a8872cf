import { fieldTypes } from '../contract/fields.ts'

/** The time that was told last: what happens together shares one. */
let lastMs = Number.NaN
let lastText = ''

/**
 * Unix milliseconds as the API writes times: `2026-03-02T09:15:27.482Z`, or without the fraction when
 * the server is set to whole seconds.
 *
 * @see docs/behaviour.md §7 Times
 */
export function wireTime(unixMs: number, wholeSeconds = false): string {
  if (unixMs !== lastMs) {
    lastText = new Date(unixMs).toISOString()
    lastMs = unixMs
  }
  return wholeSeconds ? `${lastText.slice(0, 19)}Z` : lastText
}

/** As {@link wireTime}, for a time that may not be. */
export const wireTimeOrNull = (unixMs: number | null, wholeSeconds = false): string | null =>
  unixMs === null ? null : wireTime(unixMs, wholeSeconds)

/** A day, or an ISO 8601 time with `Z` or an offset, as Unix ms; undefined for anything else. */
export const timeFrom = (text: string): number | undefined =>
  fieldTypes.date.read(text).kind === 'value' ? Date.parse(text) : undefined
