import { Checkbox, Radio } from '@mantine/core'
import type { EventName, Webhook } from '../../sdk/index.ts'
import classes from './forms.module.css'
import { eventLabels, type Field, fieldLabels, hearsUpdates, namesOf, type Subscription } from './words.ts'

/** What the form holds: the chosen ones are kept while "every" is on, so that nothing is lost by a look. */
export interface Choice {
  readonly isEvery: boolean
  readonly events: readonly EventName[]
  readonly isAnyField: boolean
  readonly fields: readonly Field[]
}

const usual: readonly EventName[] = ['lead_created', 'lead_updated', 'lead_deleted']

export const choiceOf = ({ events, fields }: Subscription): Choice => ({
  isEvery: events === null,
  events: events ?? usual,
  isAnyField: fields === null,
  fields: fields ?? [],
})

/** The choice as the API takes it; or what is missing, by the part of the form. */
export function subscriptionOf(choice: Choice): { value: Pick<Webhook, 'events' | 'fields'> } | { why: Missing } {
  const events = choice.isEvery ? null : [...choice.events]
  if (events?.length === 0) return { why: { events: 'Choose one event at least.' } }
  const fields = choice.isAnyField ? null : [...choice.fields]
  if (fields?.length === 0 && hearsUpdates(events)) return { why: { fields: 'Choose one member at least.' } }
  return { value: { events, fields: fields?.length === 0 ? null : fields } }
}

export interface Missing {
  readonly events?: string
  readonly fields?: string
}

interface Parts {
  readonly choice: Choice
  readonly set: (choice: Choice) => void
  readonly missing: Missing
}

/** Which events an endpoint hears of, and of updates which. */
export function SubscriptionForm(parts: Parts) {
  const { choice, set, missing } = parts
  const isUpdatesHeard = hearsUpdates(choice.isEvery ? null : [...choice.events])
  return (
    <>
      <Radio.Group
        label="What it hears of"
        value={choice.isEvery ? 'every' : 'some'}
        onChange={(value) => set({ ...choice, isEvery: value === 'every' })}
        error={missing.events}
      >
        <div className={classes['choices']}>
          <Radio size="xs" value="every" label="Every event, also those that later versions bring" />
          <Radio size="xs" value="some" label="Only these:" />
        </div>
      </Radio.Group>
      {!choice.isEvery && <Events {...parts} />}
      {isUpdatesHeard && (
        <Radio.Group
          label="Of changes of a lead"
          value={choice.isAnyField ? 'any' : 'some'}
          onChange={(value) => set({ ...choice, isAnyField: value === 'any' })}
          error={missing.fields}
        >
          <div className={classes['choices']}>
            <Radio size="xs" value="any" label="All of them" />
            <Radio size="xs" value="some" label="Only those that touch one of these:" />
          </div>
        </Radio.Group>
      )}
      {isUpdatesHeard && !choice.isAnyField && <Fields {...parts} />}
    </>
  )
}

const later = namesOf(eventLabels).filter((event) => !usual.includes(event))

function Events({ choice, set }: Parts) {
  const choose = (events: readonly string[]): void =>
    set({ ...choice, events: namesOf(eventLabels).filter((event) => events.includes(event)) })
  return (
    <Checkbox.Group value={[...choice.events]} onChange={choose} aria-label="Events">
      <div className={classes['boxes']}>
        {usual.map((event) => (
          <Checkbox key={event} value={event} label={eventLabels[event]} />
        ))}
      </div>
      <details className={classes['later']} open={later.some((event) => choice.events.includes(event))}>
        <summary>Events that are not sent yet, and will be</summary>
        <div className={classes['boxes']}>
          {later.map((event) => (
            <Checkbox key={event} value={event} label={eventLabels[event]} />
          ))}
        </div>
      </details>
    </Checkbox.Group>
  )
}

function Fields({ choice, set }: Parts) {
  const choose = (fields: readonly string[]): void =>
    set({ ...choice, fields: namesOf(fieldLabels).filter((field) => fields.includes(field)) })
  return (
    <Checkbox.Group value={[...choice.fields]} onChange={choose} aria-label="Members">
      <div className={classes['boxes']}>
        {namesOf(fieldLabels).map((field) => (
          <Checkbox key={field} value={field} label={fieldLabels[field]} />
        ))}
      </div>
    </Checkbox.Group>
  )
}
