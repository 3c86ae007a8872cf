import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconRefresh, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type DeliveryDetail, WaggleError } from '../../sdk/index.ts'
import { sentenceOf } from '../app/api.ts'
import { useShortcuts } from '../app/shortcuts.tsx'
import { Code, Json } from '../ui/code.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Time } from '../ui/time.tsx'
import { sendAgain, useMayChange } from './actions.ts'
import classes from './delivery-panel.module.css'
import { Headers } from './headers.tsx'
import { shownMs } from './health.ts'
import { OutcomeMark } from './outcome-mark.tsx'
import { deliveryQuery } from './queries.ts'
import { eventLabels, whyFailed } from './words.ts'

/** One delivery beside the list: what was sent, what came back, and why it failed. */
export function DeliveryPanel({ webhookId, deliveryId }: { readonly webhookId: string; readonly deliveryId: string }) {
  const { data, error } = useQuery(deliveryQuery(webhookId, deliveryId))
  const search = useSearch({ from: '/signed-in/webhooks/$webhookId' })
  const navigate = useNavigate()
  const panel = useRef<HTMLElement>(null)
  const close = (): void => {
    const { delivery: _closed, ...rest } = search
    void navigate({ to: '.', search: rest })
    document.querySelector<HTMLElement>(`a[data-delivery="${CSS.escape(deliveryId)}"]`)?.focus()
  }
  useShortcuts('Delivery', [{ keys: 'Escape', label: 'Close the delivery', run: close }])
  // Where the panel covers the list, what is behind it cannot be reached any more.
  useEffect(() => {
    if (window.matchMedia('(max-width: 900px)').matches) panel.current?.focus()
  }, [])
  const title = data === undefined ? 'Delivery' : `${eventLabels[data.event]}, number ${data.sequence}`
  return (
    <aside className={classes['panel']} aria-label={title} ref={panel} tabIndex={-1}>
      <header className={classes['head']}>
        <h2>{title}</h2>
        <Tooltip label="Close · Esc">
          <ActionIcon aria-label="Close the delivery" onClick={close}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </header>
      {data !== undefined && <Detail webhookId={webhookId} delivery={data} />}
      {data === undefined && error === null && <Skeleton />}
      {data === undefined && error !== null && (
        <p className={classes['text']} role="alert">
          {error instanceof WaggleError && error.failure === 'delivery_not_found'
            ? 'This delivery is not there: it was removed, as deliveries are after a while.'
            : sentenceOf(error)}
        </p>
      )}
    </aside>
  )
}

function Detail({ webhookId, delivery }: { readonly webhookId: string; readonly delivery: DeliveryDetail }) {
  const { uuid, status, ms, answer, request, lead_id } = delivery
  const why = whyFailed(delivery)
  return (
    <div className={classes['detail']}>
      <div role="status" className={classes['outcome']}>
        <p>
          <OutcomeMark state={delivery.state} />
          <Course delivery={delivery} />
        </p>
        {why !== undefined && <p className={classes['why']}>{why}</p>}
      </div>
      <div className={classes['actions']}>
        <SendAgain webhookId={webhookId} delivery={delivery} />
        <Link to="/leads/$leadId" params={{ leadId: String(lead_id) }}>
          Open lead #{lead_id}
        </Link>
      </div>
      <Part title="The answer">
        {status === null ? (
          <p className={classes['hint']}>There was none.</p>
        ) : (
          <>
            <p>
              Status {status}
              {ms !== null && `, after ${shownMs(ms)}`}
            </p>
            {answer === null ? (
              <p className={classes['hint']}>Without a body.</p>
            ) : (
              <Code label="the answer" text={answer} isWrapped heightMax={200} />
            )}
          </>
        )}
      </Part>
      <Part title="What was sent">
        {request === null ? (
          <p className={classes['hint']}>Retention has emptied the event: what it said is not kept any more.</p>
        ) : (
          <>
            <Headers url={request.url} headers={request.headers} />
            <Json label="the body" text={request.body} />
          </>
        )}
      </Part>
      <p className={classes['hint']}>
        webhook-id <code>{uuid}</code>
      </p>
    </div>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <div className={classes['part']}>
    <h3>{title}</h3>
    {children}
  </div>
)

/** How often it was tried, when last, and when again. */
function Course({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { attempts, last_attempt_at, next_attempt_at, delivered_at, replay, late } = delivery
  return (
    <>
      {attempts === 0 && 'not tried yet'}
      {attempts === 1 && 'tried once'}
      {attempts > 1 && `tried ${attempts} times`}
      {delivered_at !== null ? (
        <>
          , arrived <Time at={delivered_at} />
        </>
      ) : (
        last_attempt_at !== null && (
          <>
            , last <Time at={last_attempt_at} />
          </>
        )
      )}
      {next_attempt_at !== null && (
        <>
          , next <Time at={next_attempt_at} />
        </>
      )}
      {replay && ', asked for once more'}
      {late && ', later changes of this lead may have come before'}
    </>
  )
}

/** Sends this delivery alone once more; asks first where it has arrived already, as a double may do harm there. */
function SendAgain({ webhookId, delivery }: { readonly webhookId: string; readonly delivery: DeliveryDetail }) {
  const [isBusy, setBusy] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const mayChange = useMayChange()
  if (!mayChange || delivery.request === null) return null
  const run = async (): Promise<void> => {
    setBusy(true)
    await sendAgain(webhookId, delivery.id)
    setBusy(false)
  }
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRefresh size={14} aria-hidden />}
        loading={isBusy}
        onClick={() => (delivery.state === 'delivered' ? setAsked(true) : void run())}
      >
        Send this one again
      </Button>
      {isAsked && (
        <Confirm title="Send this one again" action="Send 1 again" run={run} close={() => setAsked(false)}>
          <p>
            It has arrived already. The receiver gets it once more, with the same body and the same webhook-id, and{' '}
            <code>X-Waggle-Replay</code>. One that keeps ids drops it.
          </p>
        </Confirm>
      )}
    </>
  )
}
