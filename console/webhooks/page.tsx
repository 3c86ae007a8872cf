import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Integration, Webhook } from '../../sdk/index.ts'
import { sentenceOf } from '../app/api.ts'
import { useMay } from '../app/session.ts'
import { useShortcuts } from '../app/shortcuts.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { type Action, useMayChange } from './actions.ts'
import { begin, EndpointDialog } from './endpoint-dialogs.tsx'
import { EndpointList } from './endpoint-list.tsx'
import { NewEndpoint } from './new-endpoint.tsx'
import { NewIntegration } from './new-integration.tsx'
import classes from './page.module.css'
import { integrationsQuery, webhooksQuery } from './queries.ts'

type Open =
  | { readonly kind: 'integration' }
  | { readonly kind: 'endpoint'; readonly integration?: string | undefined }
  | { readonly kind: 'action'; readonly action: Action; readonly webhook: Webhook }

/** Every endpoint with its health, under the integration it belongs to. */
export function WebhooksPage() {
  const endpoints = useQuery(webhooksQuery)
  const integrations = useQuery(integrationsQuery)
  const [open, setOpen] = useState<Open>()
  const mayChange = useMayChange()
  const mayMakeIntegration = useMay('createIntegration')
  const makeEndpoint = (integration?: string): void => setOpen({ kind: 'endpoint', integration })
  const act = (action: Action, webhook: Webhook): void => {
    const shown = begin(action, webhook)
    setOpen(shown && { kind: 'action', action: shown, webhook })
  }
  useShortcuts('Webhooks', mayChange ? [{ keys: 'n', label: 'New endpoint', run: () => makeEndpoint() }] : [])
  const [error] = [endpoints.error, integrations.error].filter((one) => one !== null)
  let shown: ReactNode = <Skeleton />
  if (endpoints.data !== undefined && integrations.data !== undefined) {
    shown =
      integrations.data.length === 0 ? (
        <First make={mayChange ? () => makeEndpoint() : undefined} />
      ) : (
        <EndpointList
          endpoints={endpoints.data}
          integrations={integrations.data}
          make={mayChange ? makeEndpoint : undefined}
          act={mayChange ? act : undefined}
        />
      )
  } else if (error !== undefined) {
    const again = (): void => void Promise.all([endpoints.refetch(), integrations.refetch()])
    shown = (
      <Empty title="The webhooks could not be read" action={<Button onClick={again}>Try again</Button>}>
        {sentenceOf(error)}
      </Empty>
    )
  }
  const actions = (
    <>
      {mayMakeIntegration && (
        <Button variant="default" onClick={() => setOpen({ kind: 'integration' })}>
          <span className={classes['wide']}>New</span>
          <span className={classes['noun']}>integration</span>
        </Button>
      )}
      {mayChange && (
        <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={() => makeEndpoint()}>
          <span className={classes['wide']}>New</span>
          <span className={classes['noun']}>endpoint</span>
        </Button>
      )}
    </>
  )
  return (
    <Page title="Webhooks" actions={actions}>
      {shown}
      <Opened open={open} integrations={integrations.data ?? []} close={() => setOpen(undefined)} />
    </Page>
  )
}

function Opened({
  open,
  integrations,
  close,
}: {
  readonly open: Open | undefined
  readonly integrations: readonly Integration[]
  readonly close: () => void
}) {
  if (open === undefined) return null
  if (open.kind === 'integration') return <NewIntegration close={close} />
  if (open.kind === 'endpoint') {
    return <NewEndpoint integrations={integrations} integration={open.integration} close={close} />
  }
  return <EndpointDialog action={open.action} endpoint={open.webhook} close={close} gone={close} />
}

/** A company without any: what they are for, and how to begin. */
function First({ make }: { readonly make: (() => void) | undefined }) {
  return (
    <Empty
      title="Tell other systems of every change"
      action={make !== undefined && <Button onClick={make}>Make the first endpoint</Button>}
    >
      An endpoint is an address of yours, such as https://hooks.example/waggle. Each change of a lead is sent there as
      signed JSON, within a second and in order, and again until it has arrived. You see here what was sent, and what
      came back.
    </Empty>
  )
}
