/** A day that belongs to no zone, as against a point in time. */
export const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d$/.test(value)

const two = (part: number): string => String(part).padStart(2, '0')

/** A point in time as `datetime-local` wants it, in the viewer's zone; seconds only where there are some. */
export function localDraft(value: string): string {
  const at = new Date(value)
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  const ms = at.getMilliseconds()
  const seconds = at.getSeconds() === 0 && ms === 0 ? '' : `:${two(at.getSeconds())}`
  return `${day}T${time}${seconds}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}`
}

/** The point in time that `datetime-local` holds, in UTC. */
export const instantOf = (draft: string): string => new Date(draft).toISOString()

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A point in time with its time of day, in the viewer's zone. */
export const shownMoment = (value: string): string => moment.format(Date.parse(value))
