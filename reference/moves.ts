// Stands before the page's element, which reads the address as soon as it is there and listens to each change of it.
import { firstAddress, isPlain, namedBy } from './address.ts'

/** What the address named when the page was opened. */
export const openedWith = namedBy(location.hash)

if (!isPlain(location.hash)) history.replaceState(null, '', firstAddress)

let go: ((named: string) => void) | undefined

/** Has a listener told what the address names whenever it changes; the element is not told. */
export function whenMoved(listener: (named: string) => void): void {
  go = listener
}

window.addEventListener(
  'hashchange',
  (event) => {
    event.stopImmediatePropagation()
    go?.(namedBy(location.hash))
  },
  true,
)
