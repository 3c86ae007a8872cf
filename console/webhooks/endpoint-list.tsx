import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import type { Integration, Webhook } from '../../sdk/index.ts'
import { useShortcuts } from '../app/shortcuts.tsx'
import cards from '../ui/cards.module.css'
import { CopyIcon } from '../ui/copy-icon.tsx'
import { Time } from '../ui/time.tsx'
import type { Action } from './actions.ts'
import classes from './endpoint-list.module.css'
import { EndpointMenu } from './endpoint-menu.tsx'
import { percentile, shownMs, waitingText } from './health.ts'
import { StateMark } from './state-mark.tsx'
import { Strip } from './strip.tsx'
import { subscriptionSentence } from './words.ts'

interface Parts {
  readonly endpoints: readonly Webhook[]
  readonly integrations: readonly Integration[]
  /** Makes an endpoint of an integration; undefined for those who may not. */
  readonly make: ((integration: string) => void) | undefined
  readonly act: ((action: Action, webhook: Webhook) => void) | undefined
}

const moreKeys = [
  { keys: 'j', label: 'Next endpoint', by: 1 },
  { keys: 'k', label: 'Endpoint before', by: -1 },
] as const

/** A table of endpoints; on a narrow screen each is a block of lines. */
export function EndpointList({ endpoints, integrations, make, act }: Parts) {
  const table = useRef<HTMLTableElement>(null)
  const move = (by: number): void => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>('a[data-endpoint]') ?? [])]
    const at = links.findIndex((link) => link.matches(':focus'))
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus()
  }
  useShortcuts(
    'Endpoints',
    moreKeys.map(({ keys, label, by }) => ({ keys, label, run: () => move(by) })),
  )
  return (
    <table className={`${cards['table']} ${classes['table']}`} ref={table}>
      <thead>
        <tr>
          <th scope="col">Endpoint</th>
          <th scope="col">State</th>
          <th scope="col">Last 50</th>
          <th scope="col" className={classes['number']}>
            Half within
          </th>
          <th scope="col" className={classes['number']}>
            99 % within
          </th>
          <th scope="col" className={classes['number']}>
            Waiting
          </th>
          <th scope="col">Last arrived</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      {integrations.map((integration) => {
        const own = endpoints.filter(({ integration: uuid }) => uuid === integration.uuid)
        return (
          <tbody key={integration.id}>
            <Heading integration={integration} isBare={own.length === 0} make={make} />
            {own.map((endpoint) => (
              <Row key={endpoint.id} endpoint={endpoint} act={act} />
            ))}
          </tbody>
        )
      })}
    </table>
  )
}

function Heading({
  integration: { uuid, name, has_api_key, has_external_settings },
  isBare,
  make,
}: { readonly integration: Integration; readonly isBare: boolean } & Pick<Parts, 'make'>) {
  const sealed = [has_api_key && 'its own key', has_external_settings && 'external settings'].filter(Boolean)
  return (
    <tr className={classes['heading']}>
      <th scope="colgroup" colSpan={8}>
        <span className={classes['line']}>
          <span className={classes['name']}>{name}</span>
          <CopyIcon text={uuid} label="Copy the uuid, which signs its tokens: treat it as a secret" />
          <span className={classes['note']}>
            {isBare && 'No endpoint yet: it hears of nothing.'}
            {sealed.length > 0 && ` Sealed: ${sealed.join(', ')}.`}
          </span>
          {make !== undefined && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              onClick={() => make(uuid)}
              aria-label={`Add endpoint to ${name}`}
            >
              Add endpoint
            </Button>
          )}
        </span>
      </th>
    </tr>
  )
}

function Row({ endpoint, act }: { readonly endpoint: Webhook } & Pick<Parts, 'act'>) {
  const { recent = [], url, description, failing_since, last_delivered_at } = endpoint
  const [half, most] = [percentile(recent, 0.5), percentile(recent, 0.99)]
  return (
    <tr className={classes['row']}>
      <td className={classes['what']}>
        <Link
          to="/webhooks/$webhookId"
          params={{ webhookId: String(endpoint.id) }}
          className={classes['url']}
          data-endpoint
          title={url}
        >
          {url}
        </Link>
        <span className={classes['note']}>{description ?? subscriptionSentence(endpoint)}</span>
      </td>
      <td className={classes['state']}>
        <StateMark {...endpoint} />
        {failing_since !== null && (
          <span className={classes['note']}>
            since <Time at={failing_since} />
          </span>
        )}
      </td>
      <td className={classes['strip']}>
        <Strip recent={recent} />
      </td>
      <td className={classes['number']} data-label="half within">
        {half === undefined ? '–' : shownMs(half)}
      </td>
      <td className={classes['number']} data-label="99 % within">
        {most === undefined ? '–' : shownMs(most)}
      </td>
      <td className={classes['number']} data-label="waiting">
        {waitingText(endpoint)}
      </td>
      <td data-label="last arrived">{last_delivered_at === null ? 'never' : <Time at={last_delivered_at} />}</td>
      <td className={classes['menu']}>
        {act !== undefined && <EndpointMenu endpoint={endpoint} open={(action) => act(action, endpoint)} />}
      </td>
    </tr>
  )
}
