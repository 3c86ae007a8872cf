import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { CustomField } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import { readFieldsAgain } from './field-types.ts'
import classes from './options.module.css'

/** The options of a field: rename, take out of use, add. Each change counts at once. */
export function Options({ field }: { readonly field: CustomField }) {
  const { run, isBusy, fault } = useAct()
  const [label, setLabel] = useState('')
  const change = (task: () => Promise<unknown>): Promise<boolean> =>
    run(async () => {
      await task()
      readFieldsAgain()
    })
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (await change(() => waggle.customFields.addOption(field.id, { label }))) setLabel('')
  }
  return (
    <section className={classes['options']} aria-label="Options">
      <h3>Options</h3>
      {(field.options ?? []).map((option) => (
        <div key={option.id} className={classes['option']}>
          <TextInput
            aria-label={`Option ${option.label}`}
            defaultValue={option.label}
            key={option.label}
            maxLength={255}
            onBlur={(event) => {
              const next = event.currentTarget.value.trim()
              if (next === '' || next === option.label) return
              void change(() => waggle.customFields.updateOption(field.id, option.id, { label: next }))
            }}
          />
          <Button
            variant="subtle"
            color="gray"
            aria-label={`Archive option ${option.label}`}
            onClick={() => void change(() => waggle.customFields.updateOption(field.id, option.id, { archived: true }))}
          >
            Archive
          </Button>
        </div>
      ))}
      <form className={classes['option']} onSubmit={(event) => void add(event)}>
        <TextInput
          aria-label="New option"
          placeholder="New option"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          maxLength={255}
          required
        />
        <Button type="submit" variant="default" loading={isBusy}>
          Add
        </Button>
      </form>
      <Fault>{fault}</Fault>
    </section>
  )
}
