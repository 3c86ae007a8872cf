import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { waggle } from '../app/api.ts'
import { copied } from '../app/copied.ts'
import { curlOf } from '../app/copy-as.ts'
import { useMay } from '../app/session.ts'
import { StatusMark } from '../ui/status.tsx'
import { nameOfLead } from './change.ts'
import { firstChange, firstLead } from './first-lead.ts'
import classes from './first-steps.module.css'
import { useDefinitions } from './queries.ts'

/**
 * From nothing to a lead that changes before one's eyes: make a key, paste a command, see it here.
 *
 * @param leave called when the person goes elsewhere from here
 */
export function FirstSteps({ leave }: { readonly leave?: (() => void) | undefined }) {
  const mayMakeKeys = useMay('createKey')
  const { fields } = useDefinitions()
  const arrived = useArrived()
  const origin = window.location.origin
  return (
    <ol className={classes['steps']}>
      <StepItem title="Make a key">
        <p>Programs sign in with a key. Make one that may write, and put it in the variable of your shell:</p>
        <Code text="export WAGGLE_KEY=the-key-you-made" />
        {mayMakeKeys ? (
          <Link to="/keys" onClick={leave}>
            Make a key
          </Link>
        ) : (
          <p>Ask an administrator for it.</p>
        )}
      </StepItem>
      <StepItem title="Send a lead" isDone={arrived !== undefined}>
        <Code text={curlOf(firstLead(fields), origin)} />
      </StepItem>
      <StepItem title="See it arrive" isDone={arrived !== undefined && arrived.status !== 'new'}>
        <div role="status">
          {arrived === undefined ? (
            <p>It is shown here as soon as the server has it.</p>
          ) : (
            <p className={classes['arrived']}>
              <Link to="/leads" search={{ lead: String(arrived.id) }} onClick={leave}>
                {nameOfLead(arrived)}
              </Link>
              <StatusMark status={arrived.status} />
            </p>
          )}
        </div>
        {arrived !== undefined && (
          <>
            <p>Now change its status, and see it change above:</p>
            <Code text={curlOf(firstChange(arrived.id), origin)} />
          </>
        )}
      </StepItem>
    </ol>
  )
}

function StepItem({
  title,
  isDone = false,
  children,
}: {
  readonly title: string
  readonly isDone?: boolean
  readonly children: ReactNode
}) {
  return (
    <li className={classes['step']} data-done={isDone || undefined}>
      <h3 className={classes['title']}>
        {title}
        {isDone && <IconCheck size={15} role="img" aria-label="done" />}
      </h3>
      {children}
    </li>
  )
}

/** A command with a button that copies it. */
function Code({ text }: { readonly text: string }) {
  return (
    <div className={classes['code']}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre tabIndex={0}>{text}</pre>
      <Button variant="default" onClick={() => void copied(text, 'The command is copied.')}>
        Copy
      </Button>
    </div>
  )
}

/** The lead that has arrived since the guide was opened; undefined before. */
function useArrived() {
  const [before, setBefore] = useState<number>()
  const { data } = useQuery({
    queryKey: ['leads', 'newest'],
    queryFn: async ({ signal }) => (await waggle.leads.list({ pageSize: 1 }, { signal })).rows,
  })
  const newest = data?.[0]
  // The first answer tells what was there before.
  if (data !== undefined && before === undefined) setBefore(newest?.id ?? 0)
  return newest !== undefined && before !== undefined && newest.id > before ? newest : undefined
}
