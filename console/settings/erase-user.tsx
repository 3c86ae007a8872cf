import type { User } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { nameOf } from '../ui/name.ts'
import { TypedConfirm } from '../ui/typed-confirm.tsx'

/** How the server calls a user who was erased. */
export const isErased = ({ id, email }: User): boolean => email === `user-${id}@erased.invalid`

/** Asks before somebody is erased who works here. */
export function EraseUser({
  user,
  done,
  close,
}: {
  readonly user: User
  readonly done: () => void
  readonly close: () => void
}) {
  const erase = async (): Promise<void> => {
    await waggle.users.erase(user.id)
    done()
    say('The user is erased.')
  }
  return (
    <TypedConfirm
      title={`Erase ${nameOf(user)}?`}
      wanted={user.email}
      action="Erase for good"
      run={erase}
      close={close}
    >
      <p>
        Name and address are removed, also from the history of leads, and the user is disabled. Nobody can bring them
        back. Leads keep that somebody was assigned.
      </p>
    </TypedConfirm>
  )
}
