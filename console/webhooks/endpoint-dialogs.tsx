import { Button, Radio } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sentenceOf, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { offerUndo } from '../app/undo.tsx'
import { useAct } from '../ui/act.ts'
import { Confirm, Dialog, DialogEnd } from '../ui/dialog.tsx'
import { shownNumber } from '../ui/number.ts'
import { type Action, type Endpoint, hasMissed, hostOf, pause, resume } from './actions.ts'
import { EndpointForm, type EndpointValues } from './endpoint-form.tsx'
import classes from './forms.module.css'
import { waitingText } from './health.ts'
import { Preview } from './preview.tsx'
import { countFailed, refreshWebhooks } from './queries.ts'
import { ReplaySince } from './replay-since.tsx'
import { SecretShown } from './secret-shown.tsx'
import { TestNow } from './test-now.tsx'

interface Parts {
  readonly endpoint: Endpoint
  readonly close: () => void
}

/**
 * Begins an action on an endpoint: what needs no question is done at once, else its dialog is to be shown.
 *
 * @returns the action whose dialog is to be shown
 */
export function begin(action: Action, endpoint: Endpoint): Action | undefined {
  if (action === 'pause') {
    void pause(endpoint)
    return undefined
  }
  if (action === 'resume' && !hasMissed(endpoint)) {
    resume(endpoint, 'continue').catch((error: unknown) => say(sentenceOf(error), 'failed'))
    return undefined
  }
  return action
}

/** The dialog of an action. */
export function EndpointDialog({
  action,
  gone,
  ...parts
}: Parts & { readonly action: Action; readonly gone: () => void }) {
  if (action === 'test') return <Test {...parts} />
  if (action === 'edit') return <Edit {...parts} />
  if (action === 'preview') return <Preview {...parts} />
  if (action === 'resume') return <Resume {...parts} />
  if (action === 'since') return <ReplaySince {...parts} />
  if (action === 'failed') return <ReplayFailed {...parts} />
  if (action === 'rotate') return <Rotate {...parts} />
  if (action === 'delete') return <Delete {...parts} gone={gone} />
  return null
}

function Test({ endpoint, close }: Parts) {
  return (
    <Dialog title="Send a test" close={close} size={520}>
      <p className={classes['text']}>
        Sends a made-up lead to {hostOf(endpoint)} once, whatever the state of the endpoint. It carries{' '}
        <code>X-Waggle-Test: true</code>, and is not tried again.
      </p>
      <TestNow webhookId={endpoint.id} />
    </Dialog>
  )
}

function Edit({ endpoint, close }: Parts) {
  const change = async (body: Partial<EndpointValues>): Promise<void> => {
    await waggle.webhooks.update(endpoint.id, body)
    await refreshWebhooks()
  }
  const save = async (values: EndpointValues): Promise<void> => {
    // The address is shown without its password: unchanged it is not sent, or the stars would be kept.
    const { url, ...others } = values
    const isMoved = url !== endpoint.url
    await change({ ...others, ...(isMoved && { url }) })
    const { events, fields, description } = endpoint
    const saved = 'Saved. It counts from the next change on.'
    if (isMoved && endpoint.url.includes(':***@')) say(saved)
    else offerUndo(saved, () => change({ events, fields, description, ...(isMoved && { url: endpoint.url }) }))
    close()
  }
  return (
    <Dialog title={`Edit ${hostOf(endpoint)}`} close={close} size={560}>
      <EndpointForm initial={endpoint} action="Save" save={save} cancel={close} />
    </Dialog>
  )
}

function Resume({ endpoint, close }: Parts) {
  const [how, setHow] = useState<'continue' | 'skip'>('continue')
  return (
    <Confirm title={`Resume ${hostOf(endpoint)}`} action="Resume" run={() => resume(endpoint, how)} close={close}>
      <Radio.Group
        label={`${waitingText(endpoint)} wait for it`}
        value={how}
        onChange={(value) => setHow(value === 'skip' ? 'skip' : 'continue')}
      >
        <div className={classes['choices']}>
          <Radio size="xs" value="continue" label="Send them, the oldest first" />
          <Radio
            size="xs"
            value="skip"
            label="Give them up, and begin with the next change"
            description="They can still be sent again by their number or time."
          />
        </div>
      </Radio.Group>
    </Confirm>
  )
}

function ReplayFailed({ endpoint, close }: Parts) {
  const { data, error } = useQuery({
    queryKey: ['webhooks', 'failed', endpoint.id],
    queryFn: () => countFailed(String(endpoint.id)),
    gcTime: 0,
  })
  const run = async (): Promise<void> => {
    const { deliveries, more } = await waggle.webhooks.replayFailed(endpoint.id)
    say(`${shownNumber(deliveries)} are sent again${more ? '; others are left for another time' : ''}.`)
    await refreshWebhooks()
  }
  return (
    <Confirm
      title="Send again all that failed"
      action={data === undefined || data.count === 0 ? 'Send again' : `Send ${amountOf(data)} again`}
      isOff={data === undefined || data.count === 0}
      run={run}
      close={close}
    >
      <p role="status">
        {error !== null && sentenceOf(error)}
        {data === undefined && error === null && 'Counting …'}
        {data?.count === 0 && 'Nothing has failed: there is nothing to send again.'}
        {data !== undefined && data.count > 0 && `${amountOf(data)} deliveries to ${hostOf(endpoint)} have failed.`}
      </p>
      {data !== undefined && data.count > 0 && (
        <p className={classes['hint']}>
          Each is sent once more now, with the same body and the same webhook-id, beside the order of the log. A
          receiver that keeps ids drops what it has worked on already.
        </p>
      )}
    </Confirm>
  )
}

const amountOf = ({ count, isMore }: { count: number; isMore: boolean }): string =>
  isMore ? `more than ${shownNumber(count)}` : shownNumber(count)

function Rotate({ endpoint, close }: Parts) {
  const [secret, setSecret] = useState<string>()
  if (secret !== undefined) {
    return (
      <Dialog title="The new secret" close={close} size={640} isKept>
        <p className={classes['text']}>
          For 24 hours messages carry both signatures. Give the receiver this one within that time:
        </p>
        <SecretShown secret={secret} integration={endpoint.integration} webhookId={endpoint.id} />
        <DialogEnd>
          <Button onClick={close}>Done</Button>
        </DialogEnd>
      </Dialog>
    )
  }
  return <AskRotate endpoint={endpoint} close={close} show={setSecret} />
}

function AskRotate({ endpoint, close, show }: Parts & { readonly show: (secret: string) => void }) {
  const { run, isBusy, fault } = useAct()
  const rotate = (): Promise<boolean> =>
    run(async () => {
      const { secret } = await waggle.webhooks.rotateSecret(endpoint.id)
      show(secret)
      void refreshWebhooks()
    })
  return (
    <Dialog title="New secret" close={close} size={440}>
      <p className={classes['text']}>
        {hostOf(endpoint)} gets a new signing secret, shown once. For 24 hours the old one signs as well, so that no
        message is missed while you change the receiver.
      </p>
      <p className={classes['hint']}>An older one that was still signing along ends now.</p>
      <DialogEnd why={fault}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={isBusy} onClick={() => void rotate()} data-autofocus>
          Make a new secret
        </Button>
      </DialogEnd>
    </Dialog>
  )
}

function Delete({ endpoint, close, gone }: Parts & { readonly gone: () => void }) {
  const run = async (): Promise<void> => {
    await waggle.webhooks.delete(endpoint.id)
    say(`${hostOf(endpoint)} is deleted.`)
    gone()
    await refreshWebhooks()
  }
  return (
    <Confirm title={`Delete ${hostOf(endpoint)}`} action="Delete endpoint" isDanger run={run} close={close}>
      <p>
        Nothing is sent to <strong>{endpoint.url}</strong> any more
        {hasMissed(endpoint) && `, nor are the ${waitingText(endpoint)} that wait`}. Its deliveries cannot be seen any
        longer, and its secret is of no use.
      </p>
      <p>This cannot be taken back. To stop it for a while, pause it: then changes wait.</p>
    </Confirm>
  )
}
