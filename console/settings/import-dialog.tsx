import { Button, Modal, Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CustomField } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { fieldsQuery } from '../leads/queries.ts'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import classes from './import-dialog.module.css'
import { ImportProgress } from './import-progress.tsx'
import { choicesOf, guessOf, sentFile, type TableFile } from './table-file.ts'

const namings = [
  { value: 'none', label: 'Nothing: each row is a new lead' },
  { value: 'email', label: 'The e-mail address' },
  { value: 'externalId', label: 'The external id' },
  { value: 'id', label: 'The lead number' },
  { value: 'uuid', label: 'The lead uuid' },
] as const
type Naming = (typeof namings)[number]['value']

interface Props {
  readonly table: TableFile
  readonly close: () => void
}

/** From the columns of a file to an import: map them, try it without a change, then take it. */
export function ImportDialog({ table, close }: Props) {
  const { data: fields } = useQuery(fieldsQuery)
  return (
    <Modal opened onClose={close} title={`Import ${table.file.name}`} size="xl">
      {fields === undefined ? <Skeleton /> : <Mapping table={table} fields={fields} close={close} />}
    </Modal>
  )
}

function Mapping({ table, fields, close }: Props & { readonly fields: readonly CustomField[] }) {
  const guesses = Object.fromEntries(table.columns.map((column) => [column, guessOf(column, fields)]))
  const [mapping, setMapping] = useState<Readonly<Record<string, string>>>(guesses)
  const [by, setBy] = useState<Naming>(Object.values(guesses).includes('id') ? 'id' : 'none')
  const [clears, setClears] = useState(false)
  const [running, setRunning] = useState<{ readonly id: number; readonly isTrial: boolean }>()
  const { run, isBusy, fault } = useAct()
  const begin = (isTrial: boolean): Promise<boolean> =>
    run(async () => {
      const query = {
        mapping,
        name: table.file.name,
        dry_run: isTrial,
        ...(by !== 'none' && { by }),
        ...(clears && { blank: 'clear' as const }),
      }
      const { id } = await waggle.imports.create(sentFile(table), query)
      setRunning({ id, isTrial })
    })
  return (
    <div className={classes['import']}>
      {running === undefined && (
        <>
          <ColumnTable table={table} fields={fields} mapping={mapping} change={setMapping} />
          <div className={classes['choices']}>
            <Select
              label="A row is a lead that is there already by"
              data={[...namings]}
              value={by}
              onChange={(value) => setBy(namings.find((one) => one.value === value)?.value ?? 'none')}
              allowDeselect={false}
            />
            <Switch
              label="Empty cells clear what is stored"
              checked={clears}
              onChange={(event) => setClears(event.currentTarget.checked)}
              disabled={by === 'none'}
            />
          </div>
          <Fault>{fault}</Fault>
        </>
      )}
      {running !== undefined && (
        <ImportProgress
          importId={running.id}
          back={() => setRunning(undefined)}
          take={running.isTrial ? () => void begin(false) : undefined}
          close={close}
          isBusy={isBusy}
          fault={fault}
        />
      )}
      {running === undefined && (
        <div className={classes['buttons']}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button loading={isBusy} onClick={() => void begin(true)}>
            Try it without changing anything
          </Button>
        </div>
      )}
    </div>
  )
}

interface ColumnProps {
  readonly table: TableFile
  readonly fields: readonly CustomField[]
  readonly mapping: Readonly<Record<string, string>>
  readonly change: (mapping: Readonly<Record<string, string>>) => void
}

function ColumnTable({ table, fields, mapping, change }: ColumnProps) {
  const choices = choicesOf(fields)
  const taken = Object.values(mapping).filter((one) => one !== '')
  const isTwice = (value: string): boolean => value !== '' && taken.filter((one) => one === value).length > 1
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={classes['scroll']} aria-label="Columns of the file" tabIndex={0}>
      <table className={classes['columns']}>
        <thead>
          <tr>
            <th>Column</th>
            <th>First rows</th>
            <th>Becomes</th>
          </tr>
        </thead>
        <tbody>
          {table.columns.map((column, at) => (
            <tr key={column}>
              <th scope="row">{column}</th>
              <td className={classes['cells']}>
                {table.rows
                  .map((cells) => cells[at] ?? '')
                  .filter((cell) => cell !== '')
                  .slice(0, 3)
                  .join(' · ')}
              </td>
              <td>
                <Select
                  aria-label={`What ${column} becomes`}
                  data={choices}
                  value={mapping[column] ?? ''}
                  onChange={(value) => change({ ...mapping, [column]: value ?? '' })}
                  allowDeselect={false}
                  searchable
                  error={isTwice(mapping[column] ?? '') ? 'Two columns become this.' : undefined}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
