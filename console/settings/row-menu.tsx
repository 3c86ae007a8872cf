import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { sentenceOf } from '../app/api.ts'
import { say } from '../app/say.ts'

export interface MenuItem {
  readonly label: string
  readonly run: () => unknown
  readonly danger?: boolean
}

/** What can be done with a row. A refusal is told in a toast. */
export function RowMenu({ name, items }: { readonly name: string; readonly items: readonly MenuItem[] }) {
  const take = async ({ run }: MenuItem): Promise<void> => {
    try {
      await run()
    } catch (error) {
      say(sentenceOf(error), 'failed')
    }
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`What can be done with ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map((item) => (
          <Menu.Item key={item.label} onClick={() => void take(item)} {...(item.danger && { color: 'red' })}>
            {item.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
