import { Button, Select, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { User } from '../../sdk/index.ts'
import { queryClient, waggle } from '../app/api.ts'
import { useSession } from '../app/session.ts'
import { usersQuery } from '../leads/queries.ts'
import { useAct } from '../ui/act.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { nameOf } from '../ui/name.ts'
import rows from '../ui/rows.module.css'
import { Skeleton } from '../ui/skeleton.tsx'
import { EndUserSessions } from './end-user-sessions.tsx'
import { EraseUser, isErased } from './erase-user.tsx'
import { FormEnd } from './form-end.tsx'
import { Head } from './head.tsx'
import classes from './page.module.css'
import { RowMenu } from './row-menu.tsx'
import { SignInLink } from './sign-in-link.tsx'

const roles = [
  { value: 'admin', label: 'Admin', about: 'Everything: users, company, keys, webhooks and leads.' },
  { value: 'partnerships', label: 'Partnerships', about: 'Leads, what the company defines, keys and webhooks.' },
  { value: 'partner', label: 'Partner', about: 'Leads.' },
] as const
type Role = (typeof roles)[number]['value']
const roleOf = (value: string | null): Role => roles.find((one) => one.value === value)?.value ?? 'partner'

const readAgain = (): void => void queryClient.invalidateQueries({ queryKey: usersQuery.queryKey })

/** Who belongs to the company, what they may do, and how they get in. */
export function Users() {
  const { data } = useQuery(usersQuery)
  const [withDisabled, setWithDisabled] = useState(false)
  const [edited, setEdited] = useState<User | 'new'>()
  const [linked, setLinked] = useState<number>()
  const [ended, setEnded] = useState<User>()
  const [erased, setErased] = useState<User>()
  const shown = data?.filter((user) => user.role !== 'indirect' && (withDisabled || user.disabled_at === null))
  const person = data?.find(({ id }) => id === linked)
  return (
    <>
      <Head title="Users" actions={<Button onClick={() => setEdited('new')}>Invite</Button>}>
        People of your company. A disabled user cannot sign in and is given no more leads; those they have stay theirs.
      </Head>
      <div className={classes['pad']}>
        <Switch
          label="Disabled too"
          checked={withDisabled}
          onChange={(event) => setWithDisabled(event.currentTarget.checked)}
        />
      </div>
      {shown === undefined ? (
        <Skeleton />
      ) : (
        <div className={rows['scroll']}>
          <UserTable users={shown} edit={setEdited} link={setLinked} end={setEnded} erase={setErased} />
        </div>
      )}
      {edited !== undefined && (
        <UserDialog user={edited === 'new' ? undefined : edited} close={() => setEdited(undefined)} made={setLinked} />
      )}
      {ended !== undefined && <EndUserSessions user={ended} close={() => setEnded(undefined)} />}
      {erased !== undefined && <EraseUser user={erased} done={readAgain} close={() => setErased(undefined)} />}
      {person !== undefined && <SignInLink user={person} close={() => setLinked(undefined)} />}
    </>
  )
}

interface TableProps {
  readonly users: readonly User[]
  readonly edit: (user: User) => void
  readonly link: (id: number) => void
  readonly end: (user: User) => void
  readonly erase: (user: User) => void
}

function UserTable({ users, edit, link, end, erase }: TableProps) {
  const { user: me } = useSession()
  const setDisabled = async (id: number, disabled: boolean): Promise<void> => {
    await waggle.users.update(id, { disabled })
    readAgain()
  }
  return (
    <table className={rows['rows']}>
      <thead>
        <tr>
          <th>Name</th>
          <th>E-mail</th>
          <th>Role</th>
          <th className={rows['end']}>
            <span className="visually-hidden">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id} className={user.disabled_at === null ? undefined : rows['archived']}>
            <td>
              <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
                <Avatar user={user} size={22} />
                {nameOf(user)}
                {user.id === me.id && <span className={rows['muted']}>you</span>}
              </span>
            </td>
            <td className={rows['muted']}>{user.email}</td>
            <td className={rows['muted']}>
              {roles.find(({ value }) => value === user.role)?.label ?? user.role}
              {user.disabled_at !== null && ', disabled'}
            </td>
            <td className={rows['end']}>
              {!isErased(user) && (
                <RowMenu
                  name={nameOf(user)}
                  items={[
                    { label: 'Change', run: () => edit(user) },
                    { label: 'Link to sign in', run: () => link(user.id) },
                    { label: 'End sessions…', run: () => end(user), danger: true },
                    user.disabled_at === null
                      ? { label: 'Disable', run: () => setDisabled(user.id, true), danger: true }
                      : { label: 'Take back', run: () => setDisabled(user.id, false) },
                    { label: 'Erase…', run: () => erase(user), danger: true },
                  ].filter(({ danger }) => user.id !== me.id || danger !== true)}
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface DialogProps {
  /** Undefined invites a new one. */
  readonly user: User | undefined
  readonly close: () => void
  readonly made: (id: number) => void
}

function UserDialog({ user, close, made }: DialogProps) {
  const [role, setRole] = useState<Role>(roleOf(user?.role ?? null))
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string): string => String(form.get(name) ?? '')
    const sent = {
      email: text('email'),
      first_name: text('first'),
      last_name: text('last'),
      position: text('position'),
      role,
    }
    let id: number | undefined
    const isDone = await run(async () => {
      if (user === undefined) id = (await waggle.users.create(sent)).id
      else await waggle.users.update(user.id, sent)
      await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey })
    })
    if (!isDone) return
    close()
    if (id !== undefined) made(id)
  }
  return (
    <Dialog title={user === undefined ? 'Invite somebody' : `Change ${nameOf(user)}`} close={close}>
      <form className={classes['form']} onSubmit={(event) => void submit(event)}>
        <TextInput label="E-mail" name="email" type="email" defaultValue={user?.email} required data-autofocus />
        <TextInput label="First name" name="first" defaultValue={user?.first_name ?? ''} />
        <TextInput label="Last name" name="last" defaultValue={user?.last_name ?? ''} />
        <TextInput label="Position" name="position" defaultValue={user?.position ?? ''} />
        <Select
          label="Role"
          description={roles.find(({ value }) => value === role)?.about}
          data={[...roles]}
          value={role}
          onChange={(value) => setRole(roleOf(value))}
          allowDeselect={false}
        />
        <FormEnd fault={fault} isBusy={isBusy} close={close} action={user === undefined ? 'Invite' : 'Save'} />
      </form>
    </Dialog>
  )
}
