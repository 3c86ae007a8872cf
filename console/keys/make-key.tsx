import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { useSession } from '../app/session.ts'
import { usersQuery } from '../leads/queries.ts'
import { Dialog, DialogEnd } from '../ui/dialog.tsx'
import { nameOf } from '../ui/name.ts'
import { nothingRefused, type Refused, refusedBy } from '../ui/refused.ts'
import { KeyShown } from './key-shown.tsx'
import classes from './make-key.module.css'
import { refreshKeys } from './queries.ts'

type Made = Contract['createKey']['reply']

const controls = ['label', 'user_id', 'expires_at', 'read_access'] as const
type Control = (typeof controls)[number]

const rights = [
  { name: 'read_access', label: 'Read', description: 'See leads, tags, fields, users and the feed of changes.' },
  { name: 'write_access', label: 'Write', description: 'Make, change and delete leads, one by one or many at once.' },
  {
    name: 'admin_access',
    label: 'Administer',
    description: 'Keys, webhooks, users, tags and fields. Give it to few.',
  },
] as const
type Right = (typeof rights)[number]['name']

const blank = { label: '', rights: ['read_access', 'write_access'] as readonly string[], user: '', end: '' }

/** Makes a key and shows it, once. */
export function MakeKey({ close }: { readonly close: () => void }) {
  const { user: me } = useSession()
  const [values, setValues] = useState({ ...blank, user: String(me.id) })
  const [refused, setRefused] = useState<Refused<Control>>(nothingRefused)
  const [isBusy, setBusy] = useState(false)
  const [made, setMade] = useState<Made>()
  const submit = async (): Promise<void> => {
    const of = missing(values)
    if (Object.keys(of).length > 0) return setRefused({ of, other: undefined })
    setBusy(true)
    setRefused(nothingRefused)
    try {
      setMade(await waggle.keys.create(bodyOf(values)))
      void refreshKeys()
    } catch (error) {
      setRefused(refusedBy(error, controls))
      setBusy(false)
    }
  }
  if (made !== undefined) return <KeyShown made={made} title="The key is made" close={close} />
  return (
    <Dialog title="New key" close={close}>
      <form
        className={classes['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Controls
          values={values}
          set={(changed) => setValues((held) => ({ ...held, ...changed }))}
          refused={refused.of}
        />
        <DialogEnd why={refused.other}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Make key
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  )
}

type Values = typeof blank

const has = (values: Values, right: Right): boolean => values.rights.includes(right)

const missing = (values: Values): Refused<Control>['of'] => ({
  ...(values.label.trim() === '' && { label: 'Say what it is for.' }),
  ...(values.rights.length === 0 && { read_access: 'A key that may do nothing is of no use.' }),
})

const bodyOf = (values: Values): Parameters<typeof waggle.keys.create>[0] => ({
  label: values.label.trim(),
  read_access: has(values, 'read_access'),
  write_access: has(values, 'write_access'),
  admin_access: has(values, 'admin_access'),
  ...(values.user !== '' && { user_id: Number(values.user) }),
  // The day that is chosen counts whole, in the viewer's zone.
  ...(values.end !== '' && { expires_at: new Date(`${values.end}T23:59:59`).toISOString() }),
})

function Controls({
  values,
  set,
  refused,
}: {
  readonly values: Values
  readonly set: (changed: Partial<Values>) => void
  readonly refused: Refused<Control>['of']
}) {
  const { permissions, user: me } = useSession()
  const { data: users = [] } = useQuery(usersQuery)
  const people = users.filter(({ role, disabled_at }) => role !== 'indirect' && disabled_at === null)
  const known = people.some(({ id }) => id === me.id) ? people : [me, ...people]
  return (
    <>
      <TextInput
        label="Label"
        description="What it is for; the history tells it with each change."
        placeholder="CRM sync"
        value={values.label}
        onChange={(event) => set({ label: event.currentTarget.value })}
        error={refused.label}
        data-autofocus
      />
      <Checkbox.Group
        label="What it may do"
        value={[...values.rights]}
        onChange={(chosen) => set({ rights: chosen })}
        error={refused.read_access}
      >
        <div className={classes['rights']}>
          {rights.map(({ name, label, description }) => (
            <Checkbox
              key={name}
              value={name}
              label={label}
              description={description}
              disabled={name === 'admin_access' && !permissions.admin}
            />
          ))}
        </div>
      </Checkbox.Group>
      <Select
        label="Acts for"
        description="Its changes are told as this person’s."
        searchable
        allowDeselect={false}
        data={known.map((user) => ({ value: String(user.id), label: nameOf(user) }))}
        value={values.user}
        onChange={(value) => set({ user: value ?? '' })}
        error={refused.user_id}
      />
      <TextInput
        label="Last day"
        description="Leave it empty for a key that does not end by itself."
        type="date"
        value={values.end}
        onChange={(event) => set({ end: event.currentTarget.value })}
        error={refused.expires_at}
      />
    </>
  )
}
