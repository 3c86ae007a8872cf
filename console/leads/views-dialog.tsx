import { Button, Group, Modal, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { sentenceOf } from '../app/api.ts'

interface NameDialogProps {
  readonly title: string
  readonly name?: string
  readonly canShare?: boolean
  readonly save: (named: { readonly name: string; readonly shared: boolean }) => Promise<void>
  readonly close: () => void
}

/** Asks what a view is called. */
export function NameDialog({ title, name = '', canShare = false, save, close }: NameDialogProps) {
  const [text, setText] = useState(name)
  const [shared, setShared] = useState(false)
  const [fault, setFault] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (text.trim() === '') return setFault('A view needs a name.')
    setBusy(true)
    try {
      await save({ name: text.trim(), shared })
      close()
    } catch (error) {
      setFault(sentenceOf(error))
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={close} title={title} size="sm">
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Name"
          data-autofocus
          maxLength={100}
          value={text}
          error={fault}
          onChange={(event) => {
            setText(event.target.value)
            setFault(undefined)
          }}
        />
        {canShare && (
          <Switch
            mt="md"
            label="Share with everybody in the company"
            checked={shared}
            onChange={(event) => setShared(event.target.checked)}
          />
        )}
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
