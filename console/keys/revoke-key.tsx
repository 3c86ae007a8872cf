import type { Key } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { Confirm } from '../ui/dialog.tsx'
import { Time } from '../ui/time.tsx'
import { isLastAdmin, refreshKeys } from './queries.ts'

/** Ends a key for good, after saying when it was used last. */
export function RevokeKey({
  held,
  keys,
  close,
}: {
  readonly held: Key
  readonly keys: readonly Key[]
  readonly close: () => void
}) {
  const isLast = isLastAdmin(held, keys, Date.now())
  const run = async (): Promise<void> => {
    await waggle.keys.revoke(held.id)
    say(`${held.label} is revoked.`)
    await refreshKeys()
  }
  return (
    <Confirm title={`Revoke ${held.label}`} action="Revoke key" isDanger isOff={isLast} run={run} close={close}>
      {isLast ? (
        <p>
          It is the last key that may administer, and the company keeps one. Make another with that right first, then
          revoke this one.
        </p>
      ) : (
        <>
          <p>
            {held.last_used_at === null ? (
              'It was never used.'
            ) : (
              <>
                It was used last <Time at={held.last_used_at} />.
              </>
            )}{' '}
            Whoever sends <code>{held.prefix}…</code> is refused within a second.
          </p>
          <p>This cannot be taken back. To change a program without a stop, rotate the key.</p>
        </>
      )}
    </Confirm>
  )
}
