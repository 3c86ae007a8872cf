import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'

/** For how long a change can be taken back, in ms. */
const offeredMs = 10_000

interface Offer {
  readonly id: string
  readonly undo: () => Promise<unknown>
}

const offers: Offer[] = []

/** Tells that something was done and offers to take it back, in the toast and by ⌘Z. */
export function offerUndo(sentence: string, undo: () => Promise<unknown>): void {
  const offer: Offer = { id: crypto.randomUUID(), undo }
  offers.push(offer)
  notifications.show({
    id: offer.id,
    autoClose: offeredMs,
    withBorder: true,
    message: (
      <span style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
        <span style={{ flex: 1 }}>{sentence}</span>
        <Button variant="subtle" onClick={() => take(offer)}>
          Undo
        </Button>
      </span>
    ),
    onClose: () => forget(offer),
  })
}

/** Says something in a toast that nothing can be done about. */
export function say(message: string, kind: 'told' | 'failed' = 'told'): void {
  notifications.show({ message, withBorder: true, ...(kind === 'failed' && { color: 'red', role: 'alert' }) })
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
  void offer.undo()
}

function forget(offer: Offer): void {
  const at = offers.indexOf(offer)
  if (at >= 0) offers.splice(at, 1)
}
