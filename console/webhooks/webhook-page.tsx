import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { WaggleError, type Webhook } from '../../sdk/index.ts'
import { sentenceOf } from '../app/api.ts'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { type Action, useMayChange } from './actions.ts'
import { Deliveries } from './deliveries.tsx'
import { DeliveryPanel } from './delivery-panel.tsx'
import { begin, EndpointDialog } from './endpoint-dialogs.tsx'
import { EndpointMenu } from './endpoint-menu.tsx'
import { webhookQuery } from './queries.ts'
import { Summary } from './summary.tsx'
import classes from './webhook-page.module.css'

/** One endpoint: how it is doing, and its deliveries. */
export function WebhookPage() {
  const { webhookId } = useParams({ from: '/signed-in/webhooks/$webhookId' })
  const { data, error, refetch } = useQuery(webhookQuery(webhookId))
  const place = (name: string) => (
    <span className={classes['place']}>
      <Link to="/webhooks">Webhooks</Link>
      <span aria-hidden>/</span>
      <span className={classes['name']}>{name}</span>
    </span>
  )
  if (data !== undefined) return <Shown webhook={data} place={place} />
  return (
    <Page title={place('Endpoint')}>
      {error === null ? (
        <Skeleton />
      ) : error instanceof WaggleError && error.failure === 'webhook_not_found' ? (
        <Empty title="This endpoint is not there" action={<Link to="/webhooks">Go to all webhooks</Link>}>
          The address is wrong, or it has been deleted.
        </Empty>
      ) : (
        <Empty
          title="The endpoint could not be read"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {sentenceOf(error)}
        </Empty>
      )}
    </Page>
  )
}

function Shown({ webhook, place }: { readonly webhook: Webhook; readonly place: (name: string) => ReactNode }) {
  const navigate = useNavigate()
  const mayChange = useMayChange()
  const { delivery } = useSearch({ from: '/signed-in/webhooks/$webhookId' })
  const [action, setAction] = useState<Action>()
  const act = (chosen: Action): void => setAction(begin(chosen, webhook))
  const isActive = webhook.state === 'active'
  const actions = mayChange && (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={14} aria-hidden />}
        className={classes['wide'] ?? ''}
        onClick={() => act('test')}
      >
        Send a test
      </Button>
      <Button
        variant={isActive ? 'default' : 'filled'}
        leftSection={isActive ? <IconPlayerPause size={14} aria-hidden /> : <IconPlayerPlay size={14} aria-hidden />}
        className={classes['wide'] ?? ''}
        onClick={() => act(isActive ? 'pause' : 'resume')}
      >
        {isActive ? 'Pause' : 'Resume'}
      </Button>
      <EndpointMenu endpoint={webhook} open={act} />
    </>
  )
  return (
    <Page title={place(webhook.integration_name)} actions={actions}>
      <div className={classes['split']}>
        <div className={classes['list']}>
          <Summary webhook={webhook} act={mayChange ? act : undefined} />
          <Deliveries webhook={webhook} />
        </div>
        {delivery !== undefined && (
          <DeliveryPanel key={delivery} webhookId={String(webhook.id)} deliveryId={delivery} />
        )}
      </div>
      {action !== undefined && (
        <EndpointDialog
          action={action}
          endpoint={webhook}
          close={() => setAction(undefined)}
          gone={() => void navigate({ to: '/webhooks' })}
        />
      )}
    </Page>
  )
}
