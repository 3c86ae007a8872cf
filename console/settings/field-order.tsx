import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { CustomField } from '../../sdk/index.ts'
import { queryClient, sentenceOf, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { fieldsQuery } from '../leads/queries.ts'
import rows from '../ui/rows.module.css'
import { readFieldsAgain } from './field-types.ts'

/** Puts the field at one place of the list at another: shown at once, and only fields whose place changes are sent. */
export async function moveField(shown: readonly CustomField[], from: number, to: number): Promise<void> {
  const moved = shown[from]
  if (moved === undefined || to < 0 || to >= shown.length || from === to) return
  const others = shown.filter((_field, at) => at !== from)
  const ordered = [...others.slice(0, to), moved, ...others.slice(to)]
  const placed = ordered.map((field, at) => ({ ...field, position: at + 1 }))
  const changed = placed.filter(({ id, position }) => shown.find((one) => one.id === id)?.position !== position)
  queryClient.setQueryData(fieldsQuery.queryKey, (held) => {
    const hidden = (held ?? []).filter(({ id }) => !placed.some((one) => one.id === id))
    return [...placed, ...hidden]
  })
  try {
    for (const { id, position } of changed) await waggle.customFields.update(id, { position })
    say(`${moved.label} is now number ${to + 1}.`)
  } catch (error) {
    say(sentenceOf(error), 'failed')
  } finally {
    readFieldsAgain()
  }
}

interface Props {
  readonly field: CustomField
  readonly at: number
  /** Undefined where the order may not be changed. */
  readonly move: ((from: number, to: number) => unknown) | undefined
  readonly children: ReactNode
}

/** A field's row, which can be dragged to another place. */
export function FieldRow({ field, at, move, children }: Props) {
  const element = useRef<HTMLTableRowElement>(null)
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const row = element.current
    if (row === null || move === undefined) return
    return combine(
      draggable({ element: row, getInitialData: () => ({ at }) }),
      dropTargetForElements({
        element: row,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false)
          move(Number(source.data['at']), at)
        },
      }),
    )
  }, [at, move])
  return (
    <tr
      ref={element}
      className={field.archived_at === null ? undefined : rows['archived']}
      data-over={isOver || undefined}
    >
      {children}
    </tr>
  )
}
