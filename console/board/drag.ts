import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { type RefObject, useEffect, useState } from 'react'
import type { LeadRow } from '../../sdk/index.ts'
import type { Status } from '../ui/status.tsx'

/** The lead whose card is under way, or was last. */
let dragged: LeadRow | undefined

/** Lets a card be dragged with the mouse. @returns whether it is under way */
export function useDraggable(ref: RefObject<HTMLElement | null>, lead: LeadRow, isAllowed: boolean): boolean {
  const [isDragged, setDragged] = useState(false)
  useEffect(() => {
    if (ref.current === null || !isAllowed) return undefined
    return draggable({
      element: ref.current,
      onDragStart: () => {
        dragged = lead
        setDragged(true)
      },
      // Before the column is told, which still has to know what was dropped.
      onDrop: () => setDragged(false),
    })
  }, [ref, lead, isAllowed])
  return isDragged
}

/** Takes cards of other columns. @returns whether one is over this one */
export function useDropTarget(
  ref: RefObject<HTMLElement | null>,
  status: Status,
  move: ((lead: LeadRow, to: Status) => void) | undefined,
): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    if (ref.current === null || move === undefined) return undefined
    return dropTargetForElements({
      element: ref.current,
      canDrop: () => dragged !== undefined && dragged.status !== status,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => {
        setOver(false)
        if (dragged !== undefined) move(dragged, status)
      },
    })
  }, [ref, status, move])
  return isOver
}
