import { NumberInput, Radio, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sentenceOf, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { Confirm } from '../ui/dialog.tsx'
import { shownNumber } from '../ui/number.ts'
import { type Endpoint, hostOf } from './actions.ts'
import classes from './forms.module.css'
import { localMinute } from './local-time.ts'
import { firstSequenceSince, refreshWebhooks } from './queries.ts'

const dayMs = 86_400_000

/** Sends everything again from a time or a number on, after saying how many events that are. */
export function ReplaySince({ endpoint, close }: { readonly endpoint: Endpoint; readonly close: () => void }) {
  const last = endpoint.sequence + endpoint.backlog
  const [by, setBy] = useState<'time' | 'number'>('time')
  const [time, setTime] = useState(() => localMinute(Date.now() - dayMs))
  const [number, setNumber] = useState<number | string>(last)
  const since = useFrom(by === 'time' ? time : Number(number), last)
  const from = since.data ?? undefined
  const count = from === undefined ? 0 : last - from + 1
  const run = async (): Promise<void> => {
    if (from === undefined) return
    const { events } = await waggle.webhooks.replay(endpoint.id, { since: from })
    say(`${shownNumber(events)} events are sent again to ${hostOf(endpoint)}.`)
    await refreshWebhooks()
  }
  return (
    <Confirm
      title="Send again from then on"
      action={count === 0 ? 'Send again' : `Send ${shownNumber(count)} again`}
      isOff={count === 0}
      run={run}
      close={close}
    >
      <Radio.Group label="Begin" value={by} onChange={(value) => setBy(value === 'number' ? 'number' : 'time')}>
        <div className={classes['choices']}>
          <Radio size="xs" value="time" label="with the first event at or after a time" />
          <Radio size="xs" value="number" label="with the event of a number" />
        </div>
      </Radio.Group>
      {by === 'time' ? (
        <TextInput
          label="Time, in your zone"
          type="datetime-local"
          value={time}
          onChange={(event) => setTime(event.currentTarget.value)}
        />
      ) : (
        <NumberInput label="Number" min={1} max={last} allowDecimal={false} value={number} onChange={setNumber} />
      )}
      <p role="status">
        {since.error !== null
          ? sentenceOf(since.error)
          : since.isPending
            ? 'Counting …'
            : count === 0
              ? 'There is no event from then on.'
              : `These are ${shownNumber(count)} events, from number ${from} to ${last}.`}
      </p>
      <p className={classes['hint']}>
        Those it does not hear of are left out. They go in order, with the same webhook-id as before; what is newer
        follows behind.
      </p>
    </Confirm>
  )
}

/**
 * The number of the first event to send; null when there is none.
 *
 * @param begin a time in the viewer's zone, or a number
 */
function useFrom(begin: string | number, last: number) {
  const [asked] = useDebouncedValue(begin, 250)
  return useQuery({
    queryKey: ['webhooks', 'since', asked, last],
    queryFn: async () => {
      if (typeof asked === 'number') return asked >= 1 && asked <= last ? asked : null
      const since = Date.parse(asked)
      return Number.isNaN(since) ? null : ((await firstSequenceSince(since, last)) ?? null)
    },
    gcTime: 0,
  })
}
