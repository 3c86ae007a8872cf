import { Button, TextInput } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queryClient, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { sessionQuery } from '../app/session.ts'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { shownNumber, Time } from '../ui/time.tsx'
import { Head } from './head.tsx'
import dialog from './import-dialog.module.css'
import classes from './page.module.css'

const companyQuery = queryOptions({
  queryKey: ['company'],
  queryFn: ({ signal }) => waggle.company.get({ signal }),
})

/** What the company is called, and how much it has. */
export function Company() {
  const { data } = useQuery(companyQuery)
  return (
    <>
      <Head title="Company">The name stands in webhooks and is what partners see.</Head>
      {data === undefined ? (
        <Skeleton lines={3} />
      ) : (
        <div className={`${classes['pad']} ${classes['form']}`} style={{ maxWidth: 420 }}>
          <Name name={data.name} key={data.name} />
          <dl className={dialog['counts']}>
            <div>
              <dt>Leads</dt>
              <dd>{shownNumber(data.leads)}</dd>
            </div>
            <div>
              <dt>Users</dt>
              <dd>{shownNumber(data.users)}</dd>
            </div>
          </dl>
          <p style={{ margin: 0, color: 'var(--muted)' }}>
            Number {data.id} in the API, made on <Time at={data.created_at} form="day" />.
          </p>
        </div>
      )}
    </>
  )
}

function Name({ name }: { readonly name: string }) {
  const [next, setNext] = useState(name)
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const isDone = await run(async () => {
      await waggle.company.update({ name: next })
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: companyQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ])
    })
    if (isDone) say('The company has its new name.')
  }
  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name"
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
        maxLength={255}
        required
      />
      <Fault>{fault}</Fault>
      <div>
        <Button type="submit" loading={isBusy} disabled={next.trim() === name}>
          Save
        </Button>
      </div>
    </form>
  )
}
