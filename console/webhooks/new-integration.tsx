import { Button, PasswordInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { Dialog, DialogEnd } from '../ui/dialog.tsx'
import { nothingRefused, type Refused, refusedBy } from '../ui/refused.ts'
import classes from './forms.module.css'
import { refreshWebhooks } from './queries.ts'

const controls = ['name', 'apiKey', 'configuration', 'externalSettings'] as const
type Control = (typeof controls)[number]

type Body = Parameters<typeof waggle.integrations.create>[0]

const blank: Readonly<Record<Control, string>> = { name: '', apiKey: '', configuration: '', externalSettings: '' }

/** Makes an integration. It cannot be changed afterwards, as its settings are sealed. */
export function NewIntegration({ close }: { readonly close: () => void }) {
  const [values, setValues] = useState(blank)
  const [refused, setRefused] = useState<Refused<Control>>(nothingRefused)
  const [isBusy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    const read = bodyOf(values)
    if ('of' in read) return setRefused(read)
    setBusy(true)
    setRefused(nothingRefused)
    try {
      await waggle.integrations.create(read.body)
      await refreshWebhooks()
      say(`Integration ${values.name.trim()} is made. Give it an endpoint.`)
      close()
    } catch (error) {
      setRefused(refusedBy(error, controls))
      setBusy(false)
    }
  }
  const control = (name: Control) => ({
    value: values[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setValues((held) => ({ ...held, [name]: value }))
    },
    error: refused.of[name],
  })
  return (
    <Dialog title="New integration" close={close} size={520}>
      <form
        className={classes['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <p className={classes['hint']}>
          A piece of software that hears of changes: a CRM, a data warehouse, a script. What is set here stays so.
        </p>
        <TextInput label="Name" placeholder="CRM connector" data-autofocus {...control('name')} />
        <Settings control={control} />
        <DialogEnd why={refused.other}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Make integration
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  )
}

interface Controlled {
  readonly value: string
  readonly onChange: (event: { currentTarget: { value: string } }) => void
  readonly error: string | undefined
}

/** What most integrations do without. */
function Settings({ control }: { readonly control: (name: Control) => Controlled }) {
  const input = classes['json'] ?? ''
  const json = { autosize: true, minRows: 2, maxRows: 8, spellCheck: false, classNames: { input } } as const
  return (
    <details className={classes['more']}>
      <summary>Settings that are sent along</summary>
      <div>
        <PasswordInput
          label="Its own API key"
          description="Travels inside the token alone, and is kept sealed."
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
          {...control('apiKey')}
        />
        <Textarea
          label="Configuration"
          description="A list in JSON, sent in the body of every message."
          placeholder={'[{"id": "lead_integration_settings", "selected": []}]'}
          {...json}
          {...control('configuration')}
        />
        <Textarea
          label="External settings"
          description="An object in JSON. Travels inside the token alone, and is kept sealed."
          placeholder={'{"authorisation": [{"id": "api_key", "value": "…"}]}'}
          {...json}
          {...control('externalSettings')}
        />
      </div>
    </details>
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is sent, or what of the form cannot be. */
function bodyOf({ name, apiKey, configuration, externalSettings }: typeof blank): { body: Body } | Refused<Control> {
  const list = jsonOf(configuration)
  const settings = jsonOf(externalSettings)
  const isList = Array.isArray(list) && list.every(isObject)
  const of = {
    ...(name.trim() === '' && { name: 'Give it a name.' }),
    ...(list !== undefined && !isList && { configuration: 'This is not a list of objects in JSON.' }),
    ...(settings !== undefined && !isObject(settings) && { externalSettings: 'This is not an object in JSON.' }),
  }
  if (Object.keys(of).length > 0) return { of, other: undefined }
  return {
    body: {
      name: name.trim(),
      ...(apiKey !== '' && { apiKey }),
      ...(isList && { configuration: list }),
      ...(isObject(settings) && { externalSettings: settings }),
    },
  }
}

/** The value of a JSON text; undefined when there is none, and null when it is no JSON. */
function jsonOf(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
