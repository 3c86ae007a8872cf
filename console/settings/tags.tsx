import { Button, ColorInput, SegmentedControl, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Tag as TagRow } from '../../sdk/index.ts'
import { queryClient, waggle } from '../app/api.ts'
import { useMay } from '../app/session.ts'
import { tagsQuery } from '../leads/queries.ts'
import { useAct } from '../ui/act.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import rows from '../ui/rows.module.css'
import { Skeleton } from '../ui/skeleton.tsx'
import { Tag } from '../ui/tag.tsx'
import { ArchiveMenu } from './archive-menu.tsx'
import { FormEnd } from './form-end.tsx'
import { Head } from './head.tsx'
import classes from './page.module.css'

const associations = [
  { value: 'lead', label: 'Leads' },
  { value: 'lead_deal', label: 'Deals' },
  { value: 'partner', label: 'Partners' },
] as const
type Association = (typeof associations)[number]['value']

const swatches = ['#EF4444', '#F59E0B', '#84CC16', '#10B981', '#06B6D4', '#3B82F6', '#8B5CF6', '#EC4899', '#6B7280']

const readAgain = (): void => {
  void queryClient.invalidateQueries({ queryKey: tagsQuery.queryKey })
  void queryClient.invalidateQueries({ queryKey: ['leads'] })
}

/** The tags of the company: make, rename, recolour, archive, delete. */
export function Tags() {
  const { data } = useQuery(tagsQuery)
  const [association, setAssociation] = useState<Association>('lead')
  const [withArchived, setWithArchived] = useState(false)
  const [edited, setEdited] = useState<TagRow | 'new'>()
  const [mayMake, mayChange] = [useMay('createTag'), useMay('changeTag')]
  const shown = data?.filter((tag) => tag.association === association && (withArchived || tag.archived_at === null))
  return (
    <>
      <Head title="Tags" actions={mayMake && <Button onClick={() => setEdited('new')}>New tag</Button>}>
        Words that leads are sorted by. An archived tag stays where it is and is given to no other lead.
      </Head>
      <div className={classes['pad']} style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
        <SegmentedControl
          size="xs"
          aria-label="What the tags are for"
          data={[...associations]}
          value={association}
          onChange={(value) => setAssociation(associations.find((one) => one.value === value)?.value ?? 'lead')}
        />
        <Switch
          label="Archived too"
          checked={withArchived}
          onChange={(event) => setWithArchived(event.currentTarget.checked)}
        />
      </div>
      {shown === undefined && <Skeleton />}
      {shown?.length === 0 && <Empty title="No tags yet">A tag such as “Hot” makes leads easy to find again.</Empty>}
      {shown !== undefined && shown.length > 0 && (
        <table className={rows['rows']}>
          <thead>
            <tr>
              <th>Tag</th>
              <th>State</th>
              <th className={rows['end']}>
                <span className="visually-hidden">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((tag) => (
              <tr key={tag.id} className={tag.archived_at === null ? undefined : rows['archived']}>
                <td>
                  <Tag tag={tag} />
                </td>
                <td className={rows['muted']}>{tag.archived_at === null ? 'In use' : 'Archived'}</td>
                <td className={rows['end']}>
                  {mayChange && (
                    <ArchiveMenu
                      noun="Tag"
                      row={tag}
                      client={waggle.tags}
                      readAgain={readAgain}
                      items={[{ label: 'Rename or recolour', run: () => setEdited(tag) }]}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {edited !== undefined && (
        <TagDialog
          tag={edited === 'new' ? undefined : edited}
          association={association}
          close={() => setEdited(undefined)}
        />
      )}
    </>
  )
}

interface TagDialogProps {
  readonly tag: TagRow | undefined
  readonly association: Association
  readonly close: () => void
}

function TagDialog({ tag, association, close }: TagDialogProps) {
  const [label, setLabel] = useState(tag?.label ?? '')
  const [color, setColor] = useState(tag?.background_color ?? swatches[0] ?? '')
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const isDone = await run(async () => {
      if (tag === undefined) await waggle.tags.create({ label, association, background_color: color })
      else await waggle.tags.update(tag.id, { label, background_color: color })
      readAgain()
    })
    if (isDone) close()
  }
  return (
    <Dialog title={tag === undefined ? 'New tag' : `Change “${tag.label}”`} close={close}>
      <form className={classes['form']} onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Word"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          maxLength={255}
          required
          data-autofocus
        />
        <ColorInput
          label="Colour"
          size="xs"
          value={color}
          onChange={setColor}
          swatches={swatches}
          format="hex"
          required
        />
        <FormEnd fault={fault} isBusy={isBusy} close={close} action={tag === undefined ? 'Make tag' : 'Save'} />
      </form>
    </Dialog>
  )
}
