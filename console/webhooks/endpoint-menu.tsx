import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { Action, Endpoint } from './actions.ts'

interface Item {
  readonly action: Action
  readonly label: string
}

/** All that can be done with an endpoint. */
export function EndpointMenu({
  endpoint,
  open,
  isWhole = true,
}: {
  readonly endpoint: Endpoint
  readonly open: (action: Action) => void
  /** With what stands as buttons on the endpoint's own page. */
  readonly isWhole?: boolean
}) {
  const standing: readonly Item[] = [
    { action: 'test', label: 'Send a test …' },
    endpoint.state === 'active' ? { action: 'pause', label: 'Pause' } : { action: 'resume', label: 'Resume …' },
  ]
  const groups: readonly (readonly Item[])[] = [
    [
      ...(isWhole ? standing : []),
      { action: 'edit', label: 'Edit …' },
      { action: 'preview', label: 'Show what is sent …' },
    ],
    [
      { action: 'failed', label: 'Send again all that failed …' },
      { action: 'since', label: 'Send again from a time or a number …' },
    ],
    [
      { action: 'rotate', label: 'New secret …' },
      { action: 'delete', label: 'Delete …' },
    ],
  ]
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${endpoint.url}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map((items, at) => [
          at > 0 && <Menu.Divider key={`line ${items[0]?.action}`} />,
          ...items.map(({ action, label }) => (
            <Menu.Item key={action} onClick={() => open(action)}>
              {label}
            </Menu.Item>
          )),
        ])}
      </Menu.Dropdown>
    </Menu>
  )
}
