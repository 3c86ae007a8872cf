import type { User } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { Confirm } from '../ui/dialog.tsx'
import { nameOf } from '../ui/name.ts'

/** Asks before somebody is signed out everywhere. */
export function EndUserSessions({ user, close }: { readonly user: User; readonly close: () => void }) {
  const name = nameOf(user)
  const run = async (): Promise<void> => {
    await waggle.users.endSessions(user.id)
    say(`${name} is signed out everywhere.`)
  }
  return (
    <Confirm title={`End all sessions of ${name}?`} action="End sessions" isDanger run={run} close={close}>
      <p>{name} is signed out in every browser, at once, and can sign in again. To keep somebody out, disable them.</p>
    </Confirm>
  )
}
