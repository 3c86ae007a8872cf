import { Select } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { EventName } from '../../sdk/index.ts'
import { sentenceOf } from '../app/api.ts'
import { Json } from '../ui/code.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import type { Endpoint } from './actions.ts'
import classes from './forms.module.css'
import { Headers } from './headers.tsx'
import { previewQuery } from './queries.ts'
import { eventLabels, namesOf, subscriptionSentence } from './words.ts'

const events = namesOf(eventLabels).map((value) => ({ value, label: eventLabels[value] }))

/** What the endpoint would be sent of a made-up lead. Nothing is sent. */
export function Preview({ endpoint, close }: { readonly endpoint: Endpoint; readonly close: () => void }) {
  const [event, setEvent] = useState<EventName>()
  const { data, error } = useQuery({ ...previewQuery(String(endpoint.id), event), placeholderData: keepPreviousData })
  return (
    <Dialog title="What is sent" close={close} size={720}>
      <p className={classes['hint']}>
        A made-up lead, as this endpoint would be told of it. Nothing is sent. It hears of:{' '}
        {subscriptionSentence(endpoint)}.
      </p>
      <Select
        label="Event"
        data={events}
        allowDeselect={false}
        value={event ?? data?.event ?? null}
        onChange={(value) => setEvent(events.find((one) => one.value === value)?.value)}
        error={data?.is_heard === false && 'This endpoint does not hear of this event.'}
      />
      {error !== null && <p role="alert">{sentenceOf(error)}</p>}
      {data === undefined && error === null && <Skeleton />}
      {data !== undefined && (
        <>
          <Headers url={data.request.url} headers={data.request.headers} />
          <Json label="the body" text={data.request.body} heightMax={380} />
        </>
      )}
    </Dialog>
  )
}
