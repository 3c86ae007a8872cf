import { Button, Select, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Integration } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { Dialog, DialogEnd } from '../ui/dialog.tsx'
import { EndpointForm, type EndpointValues } from './endpoint-form.tsx'
import classes from './forms.module.css'
import { integrationsQuery, refreshWebhooks } from './queries.ts'
import { SecretShown } from './secret-shown.tsx'

interface Made {
  readonly id: number
  readonly secret: string
  readonly integration: string
}

const another = 'another'
const blank: EndpointValues = { url: '', description: null, events: null, fields: null }

/** Makes an endpoint, and its integration with it when there is none yet; then shows the secret, once. */
export function NewEndpoint({
  integrations,
  integration,
  close,
}: {
  readonly integrations: readonly Integration[]
  /** The uuid of the one that is chosen at first. */
  readonly integration?: string | undefined
  readonly close: () => void
}) {
  const client = useQueryClient()
  const [chosen, setChosen] = useState(integration ?? integrations.at(-1)?.uuid ?? another)
  const [name, setName] = useState('')
  const [made, setMade] = useState<Made>()
  const save = async (values: EndpointValues): Promise<void> => {
    let uuid = chosen
    if (chosen === another) {
      uuid = (await waggle.integrations.create({ name: name.trim() })).uuid
      await client.invalidateQueries(integrationsQuery)
      // Should the endpoint be refused, the integration is there for the next try.
      setChosen(uuid)
    }
    const { id, secret } = await waggle.webhooks.create({ ...values, integration: uuid })
    setMade({ id, secret, integration: uuid })
    void refreshWebhooks()
  }
  if (made !== undefined) return <Done made={made} close={close} />
  return (
    <Dialog title="New endpoint" close={close} size={560}>
      <EndpointForm
        initial={blank}
        action="Make endpoint"
        save={save}
        cancel={close}
        above={(refused) => (
          <>
            {integrations.length > 0 && (
              <Select
                label="Integration"
                description="The piece of software that hears of changes."
                allowDeselect={false}
                data={[
                  ...integrations.map(({ uuid, name: label }) => ({ value: uuid, label })),
                  { value: another, label: 'A new one …' },
                ]}
                value={chosen}
                onChange={(value) => setChosen(value ?? another)}
                error={refused.integration}
              />
            )}
            {chosen === another && (
              <TextInput
                label="Name of the integration"
                description="The piece of software that hears of changes."
                placeholder="CRM connector"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                error={refused.name}
              />
            )}
          </>
        )}
      />
    </Dialog>
  )
}

function Done({ made, close }: { readonly made: Made; readonly close: () => void }) {
  const navigate = useNavigate()
  const open = (): void => {
    close()
    void navigate({ to: '/webhooks/$webhookId', params: { webhookId: String(made.id) } })
  }
  return (
    <Dialog title="The endpoint is made" close={close} size={640} isKept>
      <p className={classes['text']}>It hears of every change from now on. Messages are signed with this secret:</p>
      <SecretShown secret={made.secret} integration={made.integration} webhookId={made.id} />
      <DialogEnd>
        <Button variant="default" onClick={open}>
          Open the endpoint
        </Button>
        <Button onClick={close}>Done</Button>
      </DialogEnd>
    </Dialog>
  )
}
