/** What the viewer's browser writes. */
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const dayInUtc = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })

/**
 * A custom date as it was entered: a day without a time belongs to no zone and is never shifted.
 *
 * @param value `2026-01-31`, or with a time, which is shown in the viewer's zone
 */
export const shownDate = (value: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(value) ? dayInUtc.format(Date.parse(`${value}T00:00:00Z`)) : day.format(Date.parse(value))
