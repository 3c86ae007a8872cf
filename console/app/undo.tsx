import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { sentenceOf } from './api.ts'
import { CopyAsMenu } from './copy-as-menu.tsx'
import type { ChangeRequest } from './requests.ts'
import { say } from './say.ts'

/** For how long a change can be taken back, in ms. */
const offeredMs = 10_000

interface Offer {
  readonly id: string
  readonly undo: () => Promise<unknown>
}

let count = 0
const offers: Offer[] = []

/**
 * Tells that something was done and offers to take it back, in the toast and by ⌘Z.
 *
 * @param request the change as the API knows it: offered to be copied
 */
export function offerUndo(sentence: string, undo: () => Promise<unknown>, request?: ChangeRequest): void {
  count += 1
  const offer: Offer = { id: `undo-${count}`, undo }
  offers.push(offer)
  notifications.show({
    id: offer.id,
    autoClose: offeredMs,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    withBorder: true,
    message: (
      <span style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
        <span style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>{sentence}</span>
        {request !== undefined && <CopyAsMenu request={request} />}
        <Button variant="subtle" onClick={() => take(offer)}>
          Undo
        </Button>
      </span>
    ),
    onClose: () => forget(offer),
  })
}

/** Takes back what was done last, if that was not long ago. */
export function undoLast(): void {
  const offer = offers.at(-1)
  if (offer === undefined) say('Nothing to undo.')
  else take(offer)
}

function take(offer: Offer): void {
  forget(offer)
  notifications.hide(offer.id)
  offer.undo().catch((error: unknown) => say(sentenceOf(error), 'failed'))
}

function forget(offer: Offer): void {
  const at = offers.indexOf(offer)
  if (at >= 0) offers.splice(at, 1)
}
