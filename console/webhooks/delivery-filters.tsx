import { Button, Popover, SegmentedControl, Select, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import classes from './delivery-filters.module.css'
import { localOf, utcOf } from './local-time.ts'
import type { DeliveryFilter } from './queries.ts'
import { eventLabels, namesOf } from './words.ts'

/** What most people look for; the states are those of the API. */
const looks = [
  { label: 'All', value: '' },
  { label: 'Failed', value: 'retrying,parked' },
  { label: 'Given up', value: 'parked' },
  { label: 'Waiting', value: 'pending' },
  { label: 'Arrived', value: 'delivered' },
] as const

type Name = 'state' | 'event' | 'lead' | 'since' | 'until'

interface Parts {
  readonly filter: DeliveryFilter
  readonly set: (values: Readonly<Partial<Record<Name, string | undefined>>>) => void
}

/** Chooses deliveries. Each choice goes into the address at once. */
export function DeliveryFilters({ filter, set }: Parts) {
  const state = filter.state.join(',')
  const look = looks.find(({ value }) => [...value.split(',')].sort().join() === [...state.split(',')].sort().join())
  const isFiltered =
    state !== '' || Object.entries(filter).some(([name, value]) => name !== 'state' && value !== undefined)
  return (
    <search className={classes['filters']}>
      <SegmentedControl
        size="xs"
        aria-label="Outcome"
        data={looks.map((one) => ({ ...one }))}
        value={look?.value ?? ''}
        onChange={(value) => set({ state: value })}
      />
      <Select
        aria-label="Event"
        placeholder="Any event"
        clearable
        clearButtonProps={{ 'aria-label': 'Any event' }}
        className={classes['event'] ?? ''}
        data={namesOf(eventLabels).map((value) => ({ value, label: eventLabels[value] }))}
        value={filter.event ?? null}
        onChange={(value) => set({ event: value ?? undefined })}
      />
      <LeadFilter lead={filter.lead ?? ''} set={(lead) => set({ lead })} />
      <TimeFilter filter={filter} set={set} />
      {isFiltered && (
        <Button
          variant="subtle"
          color="gray"
          onClick={() =>
            set({ state: undefined, event: undefined, lead: undefined, since: undefined, until: undefined })
          }
        >
          Clear
        </Button>
      )}
    </search>
  )
}

const hourMs = 3_600_000
const spans = [
  { label: 'Last hour', ms: hourMs },
  { label: 'Last 24 hours', ms: 24 * hourMs },
  { label: 'Last 7 days', ms: 168 * hourMs },
] as const

const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' })
/** The text itself where it is no time: an address may hold anything. */
const shortTime = (text: string): string => {
  const at = Date.parse(text)
  return Number.isNaN(at) ? text : short.format(at)
}

function spanText({ since, until }: DeliveryFilter): string {
  if (since !== undefined && until !== undefined) return `${shortTime(since)} to ${shortTime(until)}`
  if (since !== undefined) return `From ${shortTime(since)}`
  return until === undefined ? 'Any time' : `Until ${shortTime(until)}`
}

/** When the event was: a usual span, or from and until. */
function TimeFilter({ filter, set }: Parts) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus position="bottom-start" withRoles>
      <Popover.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={13} aria-hidden />}
          className={classes['time'] ?? ''}
          onClick={() => setOpen(!isOpen)}
        >
          {spanText(filter)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="When the event was">
        <div className={classes['span']}>
          <div className={classes['spans']}>
            {spans.map(({ label, ms }) => (
              <Button
                key={label}
                variant="default"
                size="compact-xs"
                onClick={() => {
                  set({ since: new Date(Date.now() - ms).toISOString(), until: undefined })
                  setOpen(false)
                }}
              >
                {label}
              </Button>
            ))}
          </div>
          <TextInput
            type="datetime-local"
            label="From, in your zone"
            value={localOf(filter.since)}
            onChange={(event) => set({ since: utcOf(event.currentTarget.value) })}
          />
          <TextInput
            type="datetime-local"
            label="Until"
            value={localOf(filter.until)}
            onChange={(event) => set({ until: utcOf(event.currentTarget.value) })}
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

const pauseMs = 300

/** The lead's number or uuid, heeded when the typing pauses. */
function LeadFilter({ lead, set }: { readonly lead: string; readonly set: (lead: string) => void }) {
  const [text, setText] = useState(lead)
  useEffect(() => setText(lead), [lead])
  useEffect(() => {
    if (text.trim() === lead) return
    const timer = setTimeout(() => set(text.trim()), pauseMs)
    return () => clearTimeout(timer)
  })
  return (
    <TextInput
      aria-label="Lead, by its number or uuid"
      placeholder="Any lead"
      leftSection="#"
      className={classes['lead'] ?? ''}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}
