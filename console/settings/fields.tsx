import { Button, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CustomField } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { useMay } from '../app/session.ts'
import { fieldsQuery } from '../leads/queries.ts'
import { Empty } from '../ui/empty.tsx'
import rows from '../ui/rows.module.css'
import { Skeleton } from '../ui/skeleton.tsx'
import { ArchiveMenu } from './archive-menu.tsx'
import { FieldDialog } from './field-dialog.tsx'
import { FieldRow, moveField } from './field-order.tsx'
import { readFieldsAgain, typeLabels } from './field-types.ts'
import { Head } from './head.tsx'
import classes from './page.module.css'

/** The custom fields of leads: make, rename, require, archive, delete; and their options. */
export function Fields() {
  const { data } = useQuery(fieldsQuery)
  const [withArchived, setWithArchived] = useState(false)
  const [edited, setEdited] = useState<number | 'new'>()
  const [mayMake, mayChange] = [useMay('createCustomField'), useMay('changeCustomField')]
  const ofLeads = data?.filter(({ category }) => category === 'lead')
  const shown = ofLeads?.filter((field) => withArchived || field.archived_at === null)
  const field = ofLeads?.find(({ id }) => id === edited)
  return (
    <>
      <Head title="Custom fields" actions={mayMake && <Button onClick={() => setEdited('new')}>New field</Button>}>
        What you keep of a lead beside its contact. Each value is checked against the type of its field, whoever sends
        it.
      </Head>
      <div className={classes['pad']}>
        <Switch
          label="Archived too"
          checked={withArchived}
          onChange={(event) => setWithArchived(event.currentTarget.checked)}
        />
      </div>
      {shown === undefined && <Skeleton />}
      {shown?.length === 0 && <Empty title="No custom fields yet">A field such as “Seats” or “Renewal date”.</Empty>}
      {shown !== undefined && shown.length > 0 && (
        <div className={rows['scroll']}>
          <FieldTable fields={shown} edit={mayChange ? setEdited : undefined} />
          {mayChange && (
            <p className={rows['note']}>Drag a field, or use its menu, to change the order in which leads show them.</p>
          )}
        </div>
      )}
      {edited !== undefined && <FieldDialog field={field} close={() => setEdited(undefined)} />}
    </>
  )
}

interface TableProps {
  readonly fields: readonly CustomField[]
  readonly edit: ((id: number) => void) | undefined
}

function FieldTable({ fields, edit }: TableProps) {
  const move = (from: number, to: number): Promise<void> => moveField(fields, from, to)
  return (
    <table className={rows['rows']}>
      <thead>
        <tr>
          <th>Field</th>
          <th>Type</th>
          <th>Required</th>
          <th>State</th>
          <th className={rows['end']}>
            <span className="visually-hidden">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field, at) => (
          <FieldRow key={field.id} field={field} at={at} move={edit && move}>
            <td>{field.label}</td>
            <td className={rows['muted']}>
              {typeLabels[field.type]}
              {field.options !== null && `: ${field.options.map(({ label }) => label).join(', ')}`}
            </td>
            <td className={rows['muted']}>{field.required ? 'Yes' : 'No'}</td>
            <td className={rows['muted']}>{field.archived_at === null ? 'In use' : 'Archived'}</td>
            <td className={rows['end']}>
              {edit && <FieldMenu field={field} edit={() => edit(field.id)} move={(by) => move(at, at + by)} />}
            </td>
          </FieldRow>
        ))}
      </tbody>
    </table>
  )
}

interface MenuProps {
  readonly field: CustomField
  readonly edit: () => void
  readonly move: (by: number) => Promise<void>
}

function FieldMenu({ field, edit, move }: MenuProps) {
  return (
    <ArchiveMenu
      noun="Field"
      row={field}
      client={waggle.customFields}
      readAgain={readFieldsAgain}
      items={[
        { label: 'Change', run: edit },
        { label: 'Move up', run: () => move(-1) },
        { label: 'Move down', run: () => move(1) },
      ]}
    />
  )
}
