import type { Webhook } from '../../sdk/index.ts'
import classes from './state-mark.module.css'

const labels = { active: 'Active', paused: 'Paused', disabled: 'Disabled' } as const

type Standing = 'active' | 'failing' | 'paused' | 'disabled'

/** How an endpoint stands: a mark with its word. An active one that has only failed of late is failing. */
export function StateMark({ state, failing_since }: Pick<Webhook, 'state' | 'failing_since'>) {
  const standing: Standing = state === 'active' && failing_since !== null ? 'failing' : state
  return (
    <span className={classes['state']} data-standing={standing}>
      <svg width={10} height={10} viewBox="0 0 10 10" aria-hidden>
        {standing === 'active' && <circle cx={5} cy={5} r={4} fill="currentColor" />}
        {standing === 'failing' && <path d="M5 .8 9.5 9.2h-9z" fill="currentColor" />}
        {standing === 'paused' && <path d="M1.5 1h2.5v8H1.5zM6 1h2.5v8H6z" fill="currentColor" />}
        {standing === 'disabled' && <path d="m1.5 1.5 7 7m0-7-7 7" stroke="currentColor" strokeWidth={2} />}
      </svg>
      {standing === 'failing' ? 'Failing' : labels[state]}
    </span>
  )
}
