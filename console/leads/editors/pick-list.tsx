import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { sentenceOf } from '../../app/api.ts'
import { type Choice, found } from './choices.ts'
import classes from './editors.module.css'

/** How an edit was ended. The editor does not move the focus: where it goes next is known to its owner. */
export type LeftBy = 'enter' | 'tab' | 'shift-tab' | 'blur'

export interface PickListProps<Key extends string | number> {
  /** What is picked, such as `Tags`: names the field and the list. */
  readonly label: string
  readonly choices: readonly Choice<Key>[]
  readonly picked: readonly Key[]
  /** Several may be picked; they are all told each time. */
  readonly many?: boolean | undefined
  readonly onPick: (picked: readonly Key[]) => void
  /** Enter on nothing new, Tab, or the focus has gone. */
  readonly onDone: (by: LeftBy) => void
  readonly onCancel: () => void
  /** How a choice is shown; its label when absent. */
  readonly look?: ((key: Key) => ReactNode) | undefined
  /** Makes a choice of what was typed, where that is allowed. @throws why it could not */
  readonly create?: ((label: string) => Promise<Key>) | undefined
  readonly autoFocus?: boolean | undefined
}

/** So many are shown; the others are found by typing. */
const shownMax = 100

type Row<Key extends string | number> =
  | { readonly kind: 'choice'; readonly choice: Choice<Key> }
  | { readonly kind: 'create'; readonly label: string }

/**
 * A field to type in and a list to pick from: one, or several.
 *
 * ↑ and ↓ mark, Enter picks what is marked. Where several may be picked, Enter on nothing marked is the end.
 */
export function PickList<Key extends string | number>(props: PickListProps<Key>) {
  const { label, many = false, picked, onDone, look } = props
  const list = usePicking(props)
  const { rows, marked, typed } = list
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const shouldFocus = props.autoFocus ?? true
  useEffect(() => {
    if (shouldFocus) input.current?.focus({ preventScroll: true })
  }, [shouldFocus])
  useEffect(() => {
    if (marked >= 0) document.getElementById(`${id}-${marked}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, marked])
  return (
    <div className={classes['pick']}>
      <input
        ref={input}
        className={classes['find']}
        role="combobox"
        data-autofocus={shouldFocus || undefined}
        aria-label={label}
        aria-expanded
        aria-autocomplete="list"
        aria-controls={id}
        aria-activedescendant={marked >= 0 ? `${id}-${marked}` : undefined}
        placeholder={many ? `Find, Enter picks …` : 'Find …'}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => list.type(event.target.value)}
        onKeyDown={list.onKeyDown}
        onBlur={() => onDone('blur')}
      />
      <div id={id} role="listbox" aria-label={label} aria-multiselectable={many} className={classes['options']}>
        {rows.map((row, at) => (
          <Option
            key={row.kind === 'choice' ? row.choice.key : ''}
            id={`${id}-${at}`}
            isMarked={at === marked}
            isPicked={row.kind === 'choice' && picked.includes(row.choice.key)}
            pick={() => list.pick(row)}
          >
            {row.kind === 'create' ? `Create “${row.label}”` : (look?.(row.choice.key) ?? row.choice.label)}
            {row.kind === 'choice' && row.choice.note !== undefined && (
              <span className={classes['note']}>{row.choice.note}</span>
            )}
          </Option>
        ))}
      </div>
      <div className={classes['told']} role="status">
        {list.told}
      </div>
    </div>
  )
}

interface OptionProps {
  readonly id: string
  readonly isMarked: boolean
  readonly isPicked: boolean
  readonly pick: () => void
  readonly children: ReactNode
}

function Option({ id, isMarked, isPicked, pick, children }: OptionProps) {
  return (
    // The keys are those of the field above, which keeps the focus.
    // biome-ignore lint/a11y/useKeyWithClickEvents: as said
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isPicked}
      data-marked={isMarked}
      className={classes['option']}
      onMouseDown={(event) => event.preventDefault()}
      onClick={pick}
    >
      <span className={classes['look']}>{children}</span>
      <span className={classes['tick']} aria-hidden>
        {isPicked ? '✓' : ''}
      </span>
    </div>
  )
}

function usePicking<Key extends string | number>(props: PickListProps<Key>) {
  const { label, choices, picked, many = false, onPick, onDone, onCancel, create } = props
  const [typed, setTyped] = useState('')
  const [trouble, setTrouble] = useState<string>()
  const hits = found(choices, typed)
  const shown = hits.slice(0, shownMax)
  const isNew = typed.trim() !== '' && !choices.some((one) => one.label.toLowerCase() === typed.trim().toLowerCase())
  const rows: readonly Row<Key>[] = [
    ...shown.map((choice): Row<Key> => ({ kind: 'choice', choice })),
    ...(create !== undefined && isNew ? [{ kind: 'create' as const, label: typed.trim() }] : []),
  ]
  const [marked, setMarked] = useState(() => (many ? -1 : choices.findIndex(({ key }) => picked.includes(key))))
  const type = (text: string): void => {
    setTyped(text)
    setTrouble(undefined)
    setMarked(text.trim() === '' ? -1 : 0)
  }
  const take = (key: Key): void => {
    if (many) type('')
    if (!many) onPick([key])
    else onPick(picked.includes(key) ? picked.filter((one) => one !== key) : [...picked, key])
  }
  const pick = (row: Row<Key>): void => {
    if (row.kind === 'choice') take(row.choice.key)
    else create?.(row.label).then(take, (error: unknown) => setTrouble(sentenceOf(error)))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return
    const row = rows[marked]
    if (!event.metaKey && !event.ctrlKey) event.stopPropagation()
    if (event.key === 'ArrowDown') setMarked(marked + 1 < rows.length ? marked + 1 : 0)
    else if (event.key === 'ArrowUp') setMarked(marked > 0 ? marked - 1 : rows.length - 1)
    else if (event.key === 'Enter' && row !== undefined) pick(row)
    else if (event.key === 'Enter') onDone('enter')
    else if (event.key === ' ' && many && typed === '' && row !== undefined) pick(row)
    else if (event.key === 'Tab') onDone(event.shiftKey ? 'shift-tab' : 'tab')
    else if (event.key === 'Escape') onCancel()
    else if (event.key === 'Backspace' && many && typed === '') onPick(picked.slice(0, -1))
    else return
    event.preventDefault()
  }
  const more = hits.length - shown.length
  const none = rows.length === 0 ? `Nothing is called so in ${label}.` : undefined
  return {
    rows,
    marked: Math.min(marked, rows.length - 1),
    typed,
    type,
    pick,
    onKeyDown,
    told: trouble ?? none ?? (more > 0 ? `${more.toLocaleString()} more: type to find them.` : ''),
  }
}
