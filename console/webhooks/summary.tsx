import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Webhook } from '../../sdk/index.ts'
import { CopyIcon } from '../ui/copy-icon.tsx'
import { Time } from '../ui/time.tsx'
import type { Action } from './actions.ts'
import { percentile, shownMs, waitingText } from './health.ts'
import { StateMark } from './state-mark.tsx'
import { Strip } from './strip.tsx'
import classes from './summary.module.css'
import { subscriptionSentence } from './words.ts'

/** How an endpoint is doing, in a few lines above its deliveries. */
export function Summary({
  webhook,
  act,
}: {
  readonly webhook: Webhook
  /** Undefined for those who may not change it. */
  readonly act: ((action: Action) => void) | undefined
}) {
  const { url, description, recent = [], last_delivered_at, next_attempt_at } = webhook
  const [half, most] = [percentile(recent, 0.5), percentile(recent, 0.99)]
  return (
    <section className={classes['summary']} aria-label="How it is doing">
      <div className={classes['address']}>
        <code>{url}</code>
        <CopyIcon text={url} label="Copy the address" />
      </div>
      {description !== null && <p className={classes['text']}>{description}</p>}
      <p className={classes['heard']}>
        Hears of: {subscriptionSentence(webhook)}{' '}
        {act !== undefined && (
          <Button variant="subtle" color="gray" size="compact-xs" onClick={() => act('edit')}>
            Edit
          </Button>
        )}
      </p>
      <Notices webhook={webhook} act={act} />
      <dl className={classes['facts']}>
        <Fact name="State">
          <StateMark {...webhook} />
        </Fact>
        <Fact name="Last 50, newest right">
          <Strip recent={recent} />
        </Fact>
        <Fact name="Half within">{half === undefined ? '–' : shownMs(half)}</Fact>
        <Fact name="99 % within">{most === undefined ? '–' : shownMs(most)}</Fact>
        <Fact name="Waiting">{waitingText(webhook)}</Fact>
        <Fact name="Last arrived">{last_delivered_at === null ? 'never' : <Time at={last_delivered_at} />}</Fact>
        {next_attempt_at !== null && (
          <Fact name="Next attempt">
            <Time at={next_attempt_at} />
          </Fact>
        )}
      </dl>
    </section>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

/** What somebody should know, or do something about. */
function Notices({
  webhook,
  act,
}: {
  readonly webhook: Webhook
  readonly act: ((action: Action) => void) | undefined
}) {
  const { state, reason, failing_since, replaying_until, old_secret_until, expired } = webhook
  return (
    <div role="status" className={classes['notices']}>
      {state === 'disabled' && (
        <p data-kind="bad">
          Disabled{reason === null ? '' : `: ${reason}`}. What was missed waits. Repair the receiver, then{' '}
          {act === undefined ? 'have it resumed' : <Act name="resume" label="resume" act={act} />}.
        </p>
      )}
      {state === 'paused' && <p>Paused: changes wait in the log, and nothing is lost.</p>}
      {state === 'active' && failing_since !== null && (
        <p data-kind="warn">
          Nothing has arrived since <Time at={failing_since} form="clock" /> (<Time at={failing_since} />
          ). Open a delivery below to see why.
        </p>
      )}
      {replaying_until !== null && <p>Events up to number {replaying_until} are being sent again.</p>}
      {old_secret_until !== null && (
        <p>
          Signed with the old secret as well until <Time at={old_secret_until} form="clock" /> (
          <Time at={old_secret_until} />
          ).
        </p>
      )}
      {expired > 0 && (
        <p data-kind="warn">{expired} events were emptied by retention or erasure before they arrived.</p>
      )}
    </div>
  )
}

const Act = ({
  name,
  label,
  act,
}: {
  readonly name: Action
  readonly label: string
  readonly act: (action: Action) => void
}) => (
  <button type="button" className={classes['act']} onClick={() => act(name)}>
    {label}
  </button>
)
