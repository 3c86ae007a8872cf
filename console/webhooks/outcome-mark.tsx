import type { DeliveryState } from '../../sdk/index.ts'
import { outcomeOf } from './health.ts'
import classes from './outcome-mark.module.css'
import { stateLabels } from './words.ts'

/** What became of a delivery: a mark with its word, the forms being those of the strip. */
export function OutcomeMark({ state }: { readonly state: DeliveryState }) {
  const outcome = outcomeOf[state]
  return (
    <span className={classes['mark']} data-outcome={outcome}>
      <svg width={10} height={10} viewBox="0 0 10 10" aria-hidden>
        {outcome === 'arrived' && <circle cx={5} cy={5} r={4} fill="currentColor" />}
        {outcome === 'retried' && <circle cx={5} cy={5} r={3.4} fill="none" stroke="currentColor" strokeWidth={1.6} />}
        {outcome === 'lost' && <path d="m1.5 1.5 7 7m0-7-7 7" stroke="currentColor" strokeWidth={2} />}
        {outcome === 'waiting' && <path d="M1 4h8v2H1z" fill="currentColor" />}
      </svg>
      {stateLabels[state]}
    </span>
  )
}
