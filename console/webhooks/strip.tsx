import { Tooltip } from '@mantine/core'
import { outcomeOf, outcomesSentence, type Recent, shownMs } from './health.ts'
import classes from './strip.module.css'

const shown = 50
const [step, bar, height] = [4, 3, 22] as const

/**
 * The last outcomes of an endpoint, the newest on the right: the height is the time that the answer took, on a scale
 * of powers. Each outcome has its colour and its form.
 */
export function Strip({ recent }: { readonly recent: readonly Recent[] }) {
  const sentence = outcomesSentence(recent)
  const drawn = recent.slice(0, shown).toReversed()
  const from = shown - drawn.length
  return (
    <Tooltip label={sentence} multiline maw={260}>
      <svg
        className={classes['strip']}
        width={shown * step}
        height={height}
        viewBox={`0 0 ${shown * step} ${height}`}
        role="img"
        aria-label={sentence}
      >
        {Array.from({ length: from }, (_unused, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an empty place has nothing else
          <rect key={`e${at}`} className={classes['empty']} x={at * step} y={height - 2} width={bar} height={1} />
        ))}
        {drawn.map((one, at) => (
          <Bar key={one.id} recent={one} x={(from + at) * step} />
        ))}
      </svg>
    </Tooltip>
  )
}

/** 1 ms is the shortest, 10 s and more the tallest. */
const heightOf = (ms: number | null): number =>
  Math.round(5 + (height - 6) * Math.min(1, Math.log10(Math.max(1, ms ?? 1)) / 4))

function Bar({ recent: { state, ms, status, sequence }, x }: { readonly recent: Recent; readonly x: number }) {
  const outcome = outcomeOf[state]
  const tall = outcome === 'lost' ? height - 1 : outcome === 'waiting' ? 3 : heightOf(ms)
  const y = height - 1 - tall
  const title = `${sequence}: ${state}${status === null ? '' : `, ${status}`}${ms === null ? '' : `, ${shownMs(ms)}`}`
  if (outcome === 'retried') {
    return (
      <rect className={classes['retried']} x={x + 0.75} y={y + 0.75} width={bar - 1.5} height={tall - 1.5}>
        <title>{title}</title>
      </rect>
    )
  }
  if (outcome === 'lost') {
    return (
      <path
        className={classes['lost']}
        d={`M${x} ${y}h${bar}v${tall - 5}h-${bar}z M${x} ${height - 4}h${bar}v3h-${bar}z`}
      >
        <title>{title}</title>
      </path>
    )
  }
  return (
    <rect className={classes[outcome]} x={x} y={y} width={bar} height={tall} rx={0.5}>
      <title>{title}</title>
    </rect>
  )
}
