import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { LeadRow } from '../../sdk/index.ts'
import { type Status, StatusMark, statuses } from '../ui/status.tsx'
import classes from './board.module.css'

/** Says where a lead goes without dragging it. */
export function MoveMenu({
  lead,
  name,
  move,
  tabIndex,
}: {
  readonly lead: LeadRow
  readonly name: string
  readonly move: (lead: LeadRow, to: Status) => void
  readonly tabIndex: number
}) {
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon className={classes['menu']} size={24} tabIndex={tabIndex} aria-label={`Move ${name} to …`}>
          <IconDots size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Move to</Menu.Label>
        {statuses
          .filter((status) => status !== lead.status)
          .map((status) => (
            <Menu.Item key={status} onClick={() => move(lead, status)}>
              <StatusMark status={status} />
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
