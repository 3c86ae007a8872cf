export { shownDate } from './date.ts'
export { shownNumber } from './number.ts'

/** What the viewer's browser writes, in the viewer's zone. */
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
/** By so much the viewer's clock may be behind the server's without what has happened being told as to come. */
const slackMs = 2_000

/** "just now", "3 min ago", "in 2 hr.", "yesterday", and the day once it is a week away. */
export function shownAgo(at: number, now = Date.now()): string {
  const ms = at - now
  const size = Math.abs(ms)
  if (size < minuteMs) return ms > slackMs ? 'in a moment' : 'just now'
  if (size < hourMs) return relative.format(Math.round(ms / minuteMs), 'minute')
  if (size < dayMs) return relative.format(Math.round(ms / hourMs), 'hour')
  if (size < 7 * dayMs) return relative.format(Math.round(ms / dayMs), 'day')
  return day.format(at)
}

const unit = (name: string): Intl.NumberFormat =>
  new Intl.NumberFormat(undefined, { style: 'unit', unit: name, unitDisplay: 'narrow' })
const ages = [
  { ms: 365 * dayMs, form: unit('year') },
  { ms: 30 * dayMs, form: unit('month') },
  { ms: 7 * dayMs, form: unit('week') },
  { ms: dayMs, form: unit('day') },
  { ms: hourMs, form: unit('hour') },
  { ms: minuteMs, form: unit('minute') },
]

/** "5d", "3m": an age where there is little room, in the largest unit that it has one of. */
function shownAge(at: number, now = Date.now()): string {
  const age = Math.max(now - at, minuteMs)
  const { ms, form } = ages.find((one) => age >= one.ms) ?? { ms: minuteMs, form: unit('minute') }
  return form.format(Math.floor(age / ms))
}

type TimeForm = 'ago' | 'age' | 'clock' | 'day'

const forms: Readonly<Record<TimeForm, (ms: number) => string>> = {
  ago: (ms) => shownAgo(ms),
  age: (ms) => shownAge(ms),
  clock: (ms) => clockTime.format(ms),
  day: (ms) => day.format(ms),
}

/** A point in time: how long ago, or the time of day; the exact one on hover. */
export function Time({ at, form = 'ago' }: { readonly at: string; readonly form?: TimeForm }) {
  const ms = Date.parse(at)
  const text = forms[form](ms)
  return (
    <time dateTime={at} title={whole.format(ms)}>
      {text}
    </time>
  )
}
