import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconCode } from '@tabler/icons-react'
import { copyRequest, requestForms } from './copied.ts'
import type { ChangeRequest } from './requests.ts'

/** The ways to make a change again by a program, for a menu. */
export const CopyAsItems = ({ request }: { readonly request: ChangeRequest }) =>
  requestForms.map(({ form, label }) => (
    <Menu.Item key={form} onClick={() => void copyRequest(request, form)}>
      {label}
    </Menu.Item>
  ))

/** A button with that menu, where something has just been changed. */
export function CopyAsMenu({ request }: { readonly request: ChangeRequest }) {
  return (
    <Menu position="top-end">
      <Menu.Target>
        <Tooltip label="Copy as curl or code">
          <ActionIcon aria-label="Copy this change as curl or code">
            <IconCode size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <CopyAsItems request={request} />
      </Menu.Dropdown>
    </Menu>
  )
}
