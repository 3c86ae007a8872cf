import { Select, Switch, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { CustomField } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import type { FieldType } from '../leads/members.ts'
import { useAct } from '../ui/act.ts'
import { Dialog } from '../ui/dialog.tsx'
import { readFieldsAgain, typeLabels } from './field-types.ts'
import { FormEnd } from './form-end.tsx'
import { Options } from './options.tsx'
import classes from './page.module.css'

const types = Object.entries(typeLabels).map(([value, label]) => ({ value, label }))
const hasOptions = (type: FieldType): boolean => type === 'select' || type === 'multi_select'
const typeOf = (value: string | null): FieldType =>
  Object.keys(typeLabels).find((one): one is FieldType => one === value) ?? 'text'

interface Props {
  /** Undefined makes a new one. */
  readonly field: CustomField | undefined
  readonly close: () => void
}

/** A field's name, whether it is required, and its options; of a new one its type, which stays. */
export function FieldDialog({ field, close }: Props) {
  const [label, setLabel] = useState(field?.label ?? '')
  const [type, setType] = useState<FieldType>(field?.type ?? 'text')
  const [required, setRequired] = useState(field?.required ?? false)
  const [lines, setLines] = useState('')
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const isDone = await run(async () => {
      if (field !== undefined) await waggle.customFields.update(field.id, { label, required })
      else
        await waggle.customFields.create({
          label,
          type,
          required,
          category: 'lead',
          ...(hasOptions(type) && { options: optionsIn(lines) }),
        })
      readFieldsAgain()
    })
    if (isDone) close()
  }
  return (
    <Dialog title={field === undefined ? 'New field' : `Change “${field.label}”`} close={close}>
      <form className={classes['form']} onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Name"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          maxLength={255}
          required
          data-autofocus
        />
        <Select
          label="Type"
          description={field === undefined ? 'It cannot be changed later.' : 'The type of a field stays as it is.'}
          data={types}
          value={type}
          onChange={(value) => setType(typeOf(value))}
          disabled={field !== undefined}
          allowDeselect={false}
        />
        {field === undefined && hasOptions(type) && (
          <Textarea
            label="Options"
            description="One a line, in the order in which they are offered."
            autosize
            minRows={3}
            maxRows={10}
            value={lines}
            onChange={(event) => setLines(event.currentTarget.value)}
          />
        )}
        <Switch
          label="Required"
          description="A lead must have a value when it is made, and it cannot be cleared."
          checked={required}
          onChange={(event) => setRequired(event.currentTarget.checked)}
        />
        <FormEnd fault={fault} isBusy={isBusy} close={close} action={field === undefined ? 'Make field' : 'Save'} />
      </form>
      {field?.options != null && <Options field={field} />}
    </Dialog>
  )
}

const optionsIn = (lines: string): { label: string }[] =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((label) => ({ label }))
