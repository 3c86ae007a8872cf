import { type FocusEvent, type RefObject, useEffect, useRef } from 'react'
import { cardOf } from './keys.ts'

interface CardFocus {
  readonly scroller: RefObject<HTMLElement | null>
  readonly scrollTo: (place: number) => void
  /** The card that has the focus, or had it last; -1 when there is none. */
  readonly place: number
  readonly setPlace: (place: number) => void
}

/** The focus in a column whose cards come and go as it is scrolled, and as leads are moved. */
export function useCardFocus({ scroller, scrollTo, place, setPlace }: CardFocus) {
  const wanted = useRef<number>(undefined)
  const hasFocus = useRef(false)
  const tryWanted = (): void => {
    const link = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] a`)
    if (link == null) return
    wanted.current = undefined
    link.focus()
  }
  /** Puts the focus on a card, as soon as it is there. */
  const goTo = (next: number): void => {
    wanted.current = next
    scrollTo(next)
    tryWanted()
  }
  useEffect(() => {
    tryWanted()
    // The card that had the focus has left: the one in its place has it now.
    if (!hasFocus.current || document.activeElement !== document.body) return
    hasFocus.current = false
    if (place >= 0) goTo(place)
  })
  return {
    goTo,
    onFocus: ({ target }: FocusEvent): void => {
      hasFocus.current = true
      setPlace(Number(cardOf(target)?.dataset['index'] ?? 0))
    },
    onBlur: ({ target }: FocusEvent): void => {
      // A card that is taken away is told of as if it were left, and before it is gone.
      queueMicrotask(() => {
        if (target.isConnected) hasFocus.current = false
      })
    },
  }
}
