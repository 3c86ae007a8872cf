import { useShortcuts } from '../app/shortcuts.tsx'

/** Puts the focus on the card at the same height in the next column with cards on that side; stays at the edge. */
export function focusBeside(card: HTMLElement, side: 'ArrowLeft' | 'ArrowRight'): void {
  const own = card.closest('section')
  const columns = [...(own?.parentElement?.children ?? [])]
  const at = own === null ? -1 : columns.indexOf(own)
  const others = side === 'ArrowLeft' ? columns.slice(0, at).reverse() : columns.slice(at + 1)
  const { top } = card.getBoundingClientRect()
  for (const column of others) {
    const links = [...column.querySelectorAll<HTMLElement>('[data-lead] a')]
    const far = (link: HTMLElement): number => Math.abs((link.closest('li') ?? link).getBoundingClientRect().top - top)
    const nearest = links.sort((one, other) => far(one) - far(other))[0]
    if (nearest !== undefined) {
      nearest.focus()
      return
    }
  }
}

/** The card that an element is in, or is. */
export const cardOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof HTMLElement ? target.closest<HTMLElement>('[data-lead]') : null

const focusedCard = (): HTMLElement | null => cardOf(document.activeElement)

/** Steps to the card below or above the one that has the focus; to the first one when none has it. */
function step(by: 1 | -1): void {
  const card = focusedCard()
  const place = Number(card?.dataset['index']) + by
  const next =
    card === null
      ? document.querySelector<HTMLElement>('[data-lead] a')
      : card.parentElement?.querySelector<HTMLElement>(`[data-index="${place}"] a`)
  next?.focus()
}

/** The keys of the board. Arrows are heeded by the column, on the card that has the focus. */
export function useBoardKeys(mayMove: boolean): void {
  useShortcuts('Board', [
    { keys: 'j', label: 'Next lead', run: () => step(1) },
    { keys: 'k', label: 'Previous lead', run: () => step(-1) },
    { keys: '← ↑ → ↓', label: 'Go to the lead beside' },
    { keys: 'Enter', label: 'Open the lead' },
    ...(mayMove
      ? [
          { keys: 's', label: 'Move to another status …', run: () => focusedCard()?.querySelector('button')?.click() },
          { keys: 'shift+← →', label: 'Move to the status beside' },
        ]
      : []),
  ])
}
