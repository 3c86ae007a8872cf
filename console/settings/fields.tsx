import { Button, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CustomField } from '../../sdk/index.ts'
import { queryClient, waggle } from '../app/api.ts'
import { useMay } from '../app/session.ts'
import { offerUndo } from '../app/undo.tsx'
import type { FieldType } from '../leads/members.ts'
import { fieldsQuery } from '../leads/queries.ts'
import { Empty } from '../ui/empty.tsx'
import rows from '../ui/rows.module.css'
import { Skeleton } from '../ui/skeleton.tsx'
import { FieldDialog } from './field-dialog.tsx'
import { Head } from './head.tsx'
import classes from './page.module.css'
import { RowMenu } from './row-menu.tsx'

export const typeLabels = {
  text: 'Text, one line',
  textarea: 'Text, several lines',
  number: 'Number',
  date: 'Date',
  boolean: 'Yes or no',
  select: 'One of a list',
  multi_select: 'Several of a list',
} as const satisfies Record<FieldType, string>

export const readFieldsAgain = (): void => {
  void queryClient.invalidateQueries({ queryKey: fieldsQuery.queryKey })
  void queryClient.invalidateQueries({ queryKey: ['leads'] })
}

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
        {fields.map((field) => (
          <tr key={field.id} className={field.archived_at === null ? undefined : rows['archived']}>
            <td>{field.label}</td>
            <td className={rows['muted']}>
              {typeLabels[field.type]}
              {field.options !== null && `: ${field.options.map(({ label }) => label).join(', ')}`}
            </td>
            <td className={rows['muted']}>{field.required ? 'Yes' : 'No'}</td>
            <td className={rows['muted']}>{field.archived_at === null ? 'In use' : 'Archived'}</td>
            <td className={rows['end']}>{edit && <FieldMenu field={field} edit={() => edit(field.id)} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function FieldMenu({ field, edit }: { readonly field: CustomField; readonly edit: () => void }) {
  const isArchived = field.archived_at !== null
  const setArchived = async (archived: boolean): Promise<void> => {
    await waggle.customFields.update(field.id, { archived })
    readFieldsAgain()
  }
  const archive = async (): Promise<void> => {
    await setArchived(true)
    offerUndo(`Field “${field.label}” archived`, () => setArchived(false))
  }
  const remove = async (): Promise<void> => {
    await waggle.customFields.delete(field.id)
    readFieldsAgain()
  }
  return (
    <RowMenu
      name={field.label}
      items={[
        { label: 'Change', run: edit },
        isArchived ? { label: 'Bring back', run: () => setArchived(false) } : { label: 'Archive', run: archive },
        ...(isArchived ? [{ label: 'Delete for good', run: remove, danger: true }] : []),
      ]}
    />
  )
}
