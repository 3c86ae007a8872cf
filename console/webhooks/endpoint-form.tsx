import { Button, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Webhook } from '../../sdk/index.ts'
import { DialogEnd } from '../ui/dialog.tsx'
import { nothingRefused, type Refused, refusedBy } from '../ui/refused.ts'
import classes from './forms.module.css'
import { choiceOf, type Missing, SubscriptionForm, subscriptionOf } from './subscription.tsx'

/** What a person may say of an endpoint. */
export type EndpointValues = Pick<Webhook, 'url' | 'description' | 'events' | 'fields'>

const controls = ['url', 'description', 'integration', 'name', 'events', 'fields'] as const
type Control = (typeof controls)[number]

/** Address, subscription and description of an endpoint, for a new one and for one that is there. */
export function EndpointForm({
  initial,
  action,
  above,
  save,
  cancel,
}: {
  readonly initial: EndpointValues
  readonly action: string
  /** Controls before the others, told what of them was refused. */
  readonly above?: (refused: Refused<Control>['of']) => ReactNode
  readonly save: (values: EndpointValues) => Promise<void>
  readonly cancel: () => void
}) {
  const [url, setUrl] = useState(initial.url)
  const [description, setDescription] = useState(initial.description ?? '')
  const [choice, setChoice] = useState(() => choiceOf(initial))
  const [missing, setMissing] = useState<Missing>({})
  const [refused, setRefused] = useState<Refused<Control>>(nothingRefused)
  const [isBusy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    const subscription = subscriptionOf(choice)
    setMissing('why' in subscription ? subscription.why : {})
    if ('why' in subscription) return
    setBusy(true)
    setRefused(nothingRefused)
    try {
      await save({ url: url.trim(), description: description.trim() || null, ...subscription.value })
    } catch (error) {
      setRefused(refusedBy(error, controls))
      setBusy(false)
    }
  }
  return (
    <form
      className={classes['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {above?.(refused.of)}
      <TextInput
        label="Address"
        description="Changes are sent here by POST."
        placeholder="https://hooks.example/waggle"
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={refused.of.url}
        data-autofocus
      />
      <SubscriptionForm choice={choice} set={setChoice} missing={missing} />
      <Textarea
        label="Description"
        placeholder="What it is for, and whom to ask"
        autosize
        maxRows={4}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        error={refused.of.description}
      />
      <DialogEnd why={refused.other ?? refused.of.events ?? refused.of.fields}>
        <Button variant="default" onClick={cancel}>
          Cancel
        </Button>
        <Button type="submit" loading={isBusy}>
          {action}
        </Button>
      </DialogEnd>
    </form>
  )
}
