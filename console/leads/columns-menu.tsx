import { ActionIcon, Button, Checkbox, Popover } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { type Column, usualColumns } from './columns.ts'
import type { ColumnChoice } from './columns-choice.ts'
import classes from './columns-menu.module.css'

const still = { duration: 0 } as const

/** Which columns there are, and in which order. The first always stands. */
export function ColumnsMenu({ choice, all }: { readonly choice: ColumnChoice; readonly all: readonly Column[] }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      trapFocus
      returnFocus
      transitionProps={still}
      width={280}
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconColumns3 size={14} aria-hidden />}
          aria-label="Columns"
          className={classes['button']}
          onClick={() => setOpen(!isOpen)}
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes['menu']} aria-label="Columns">
        <Choices choice={choice} all={all} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Choices({
  choice: { columns, choose },
  all,
}: {
  readonly choice: ColumnChoice
  readonly all: readonly Column[]
}) {
  const ids = columns.map(({ id }) => id)
  const [first, ...shown] = columns
  const changed = useRef<string>(undefined)
  // A column that is chosen stands elsewhere from now on; the focus goes with it.
  useEffect(() => {
    if (changed.current !== undefined) document.getElementById(changed.current)?.focus()
    changed.current = undefined
  })
  const hidden = all.filter(({ id }) => !ids.includes(id))
  const turn = (id: string, next: readonly string[]): void => {
    changed.current = `column-${id}`
    choose(next)
  }
  const move = (at: number, by: number): void => {
    const next = [...ids]
    const [moved] = next.splice(at, 1)
    if (moved !== undefined) next.splice(at + by, 0, moved)
    choose(next)
  }
  return (
    <>
      <ul className={classes['list']} aria-label="Shown">
        {first !== undefined && (
          <li className={classes['item']}>
            <Checkbox checked disabled label={first.label} readOnly />
          </li>
        )}
        {shown.map(({ id, label }, at) => (
          <li key={id} className={classes['item']}>
            <Checkbox
              id={`column-${id}`}
              checked
              label={label}
              onChange={() =>
                turn(
                  id,
                  ids.filter((one) => one !== id),
                )
              }
            />
            <span className={classes['moves']}>
              <ActionIcon aria-label={`Move ${label} forward`} disabled={at === 0} onClick={() => move(at + 1, -1)}>
                <IconArrowUp size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                aria-label={`Move ${label} back`}
                disabled={at === shown.length - 1}
                onClick={() => move(at + 1, 1)}
              >
                <IconArrowDown size={14} aria-hidden />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ul>
      {hidden.length > 0 && (
        <ul className={classes['list']} aria-label="Hidden">
          {hidden.map(({ id, label }) => (
            <li key={id} className={classes['item']}>
              <Checkbox id={`column-${id}`} checked={false} label={label} onChange={() => turn(id, [...ids, id])} />
            </li>
          ))}
        </ul>
      )}
      <div className={classes['foot']}>
        <Button variant="subtle" color="gray" onClick={() => choose(usualColumns)}>
          Usual columns
        </Button>
      </div>
    </>
  )
}
