import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, type Ref, useRef, useState } from 'react'
import type { Key, User } from '../../sdk/index.ts'
import { useMay } from '../app/session.ts'
import { usersQuery } from '../leads/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import cards from '../ui/cards.module.css'
import { nameOf } from '../ui/name.ts'
import { Time } from '../ui/time.tsx'
import { KeyName } from './key-name.tsx'
import classes from './key-table.module.css'
import { isInForce } from './queries.ts'

/** The dialog that is open over the table. */
export type Open =
  | { readonly kind: 'make' }
  | { readonly kind: 'rotate'; readonly key: Key }
  | { readonly kind: 'revoke'; readonly key: Key }

interface Parts {
  readonly open: (open: Open) => void
}

/** Every key: what it is called, what it may do, and whether it is still used. */
export function KeyTable({ keys, open }: Parts & { readonly keys: readonly Key[] }) {
  const { data: users = [] } = useQuery(usersQuery)
  return (
    <table className={`${cards['table']} ${classes['table']}`}>
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Begins with</th>
          <th scope="col">May</th>
          <th scope="col">Acts for</th>
          <th scope="col">Made</th>
          <th scope="col">Last used</th>
          <th scope="col">State</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <Row key={key.id} held={key} user={users.find(({ id }) => id === key.user_id)} open={open} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ held, user, open }: Parts & { readonly held: Key; readonly user: User | undefined }) {
  const [isNamed, setNamed] = useState(false)
  const menu = useRef<HTMLButtonElement>(null)
  const endName = (isByKey: boolean): void => {
    setNamed(false)
    if (isByKey) menu.current?.focus()
  }
  const isUsable = isInForce(held, Date.now())
  return (
    <tr className={classes['row']} data-ended={!isUsable || undefined}>
      <th scope="row" className={classes['name']}>
        <KeyName held={held} isEdited={isNamed} end={endName} />
      </th>
      <td>
        <code>{held.prefix}…</code>
      </td>
      <td>
        <Rights held={held} />
      </td>
      <td>
        {user !== undefined && (
          <span className={classes['person']}>
            <Avatar user={user} />
            <span aria-hidden>{nameOf(user)}</span>
          </span>
        )}
      </td>
      <td data-label="made">
        <Time at={held.created_at} form="day" />
      </td>
      <td data-label="last used">{held.last_used_at === null ? 'never' : <Time at={held.last_used_at} />}</td>
      <td>
        <State held={held} isUsable={isUsable} />
      </td>
      <td className={classes['menu']}>
        <KeyMenu held={held} isUsable={isUsable} open={open} rename={() => setNamed(true)} button={menu} />
      </td>
    </tr>
  )
}

/** The switches that are on, as words; administration stands out, as it opens the most. */
function Rights({ held: { read_access, write_access, admin_access } }: { readonly held: Key }) {
  return (
    <span className={classes['rights']}>
      {read_access && <span>Read</span>}
      {write_access && <span>Write</span>}
      {admin_access && <span data-right="admin">Administer</span>}
    </span>
  )
}

function State({
  held: { revoked_at, expires_at },
  isUsable,
}: {
  readonly held: Key
  readonly isUsable: boolean
}): ReactNode {
  if (revoked_at !== null) {
    return (
      <>
        Revoked <Time at={revoked_at} />
      </>
    )
  }
  if (expires_at === null) return 'In force'
  return (
    <>
      {isUsable ? 'Ends' : 'Ended'} <Time at={expires_at} />
    </>
  )
}

function KeyMenu({
  held,
  isUsable,
  open,
  rename,
  button,
}: Parts & {
  readonly held: Key
  readonly isUsable: boolean
  readonly rename: () => void
  readonly button: Ref<HTMLButtonElement>
}) {
  const [mayRename, mayRotate, mayRevoke] = [useMay('changeKey'), useMay('rotateKey'), useMay('revokeKey')]
  const items = [
    ...(mayRename ? [{ label: 'Rename', run: rename }] : []),
    ...(mayRotate && isUsable ? [{ label: 'Rotate …', run: () => open({ kind: 'rotate', key: held }) }] : []),
    ...(mayRevoke && isUsable ? [{ label: 'Revoke …', run: () => open({ kind: 'revoke', key: held }) }] : []),
  ]
  if (items.length === 0) return null
  return (
    <Menu position="bottom-end" width={160} returnFocus={false}>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${held.label}`} ref={button}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ label, run }) => (
          <Menu.Item key={label} onClick={run}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
