import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMay } from '../app/session.ts'
import { shownNumber } from '../ui/time.tsx'
import classes from './bulk.module.css'
import type { Member } from './members.ts'
import type { Rows } from './rows.ts'
import { countOf, type Selection, useChosen } from './selection.ts'

/** What is done to all chosen leads: a member of theirs, some other member, or deletion. */
export type BulkTask = Member | 'other' | 'delete'

interface BulkBarProps {
  readonly rows: Rows
  readonly selection: Selection
  readonly start: (task: BulkTask) => void
}

const tasks = [
  { task: 'status', label: 'Status', keys: 'S' },
  { task: 'assignedUsers', label: 'Assign', keys: 'A' },
  { task: 'tags', label: 'Tag', keys: 'L' },
  { task: 'other', label: 'Other field' },
] as const

/** What can be done with the leads that are chosen. */
export function BulkBar({ rows, selection, start }: BulkBarProps) {
  const chosen = useChosen(selection)
  const mayChange = useMay('changeLeads')
  const mayDelete = useMay('deleteLead')
  const total = rows.total ?? 0
  const count = countOf(chosen, total)
  if (count === 0) return null
  return (
    <div className={classes['bar']} role="toolbar" aria-label="Selected leads">
      <span className={classes['count']} role="status">
        {shownNumber(count)} selected
      </span>
      {mayChange &&
        tasks.map((one) => (
          <Button key={one.task} variant="default" onClick={() => start(one.task)}>
            {one.label}
            {'keys' in one && <kbd className={classes['key']}>{one.keys}</kbd>}
          </Button>
        ))}
      {mayDelete && (
        <Button variant="default" className={classes['danger']} onClick={() => start('delete')}>
          Delete
        </Button>
      )}
      {count < total && (
        <Button variant="subtle" onClick={selection.all}>
          Select all {shownNumber(total)}
        </Button>
      )}
      <ActionIcon className={classes['clear']} aria-label="Select nothing" onClick={selection.clear}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  )
}
