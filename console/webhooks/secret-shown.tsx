import { Tabs } from '@mantine/core'
import { Code } from '../ui/code.tsx'
import { Secret } from '../ui/secret.tsx'
import classes from './forms.module.css'
import { receivers } from './receivers.ts'
import { TestNow } from './test-now.tsx'

/** A signing secret, how a receiver checks with it, and a message to try it with. */
export function SecretShown({
  secret,
  integration,
  webhookId,
}: {
  readonly secret: string
  /** The integration's uuid, which signs the tokens. */
  readonly integration: string
  readonly webhookId: number
}) {
  return (
    <>
      <Secret label="Signing secret" text={secret} />
      <p className={classes['hint']}>
        Each message carries <code>webhook-signature</code> over its body, as Standard Webhooks says. A receiver checks
        it:
      </p>
      <Tabs defaultValue={receivers[0]?.name ?? null}>
        <Tabs.List>
          {receivers.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {receivers.map(({ name, text }) => (
          <Tabs.Panel key={name} value={name} pt={10}>
            <Code label={`the receiver in ${name}`} text={text({ secret, integration })} heightMax={220} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <TestNow webhookId={webhookId} />
    </>
  )
}
