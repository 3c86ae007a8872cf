import { Popover } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import classes from './editors.module.css'
import { type LeftBy, PickList, type PickListProps } from './pick-list.tsx'
import type { Reading } from './reading.ts'

/** An edit under way, as a control sees it. */
export interface Edit {
  readonly label: string
  /** Called once: what comes after the end is passed over. */
  readonly save: (reading: Reading, by: LeftBy) => void
  readonly cancel: () => void
  /** Why what was typed, or sent, cannot stand. */
  readonly fault: string | undefined
  /** Told below the control, such as that somebody else has changed the value meanwhile. */
  readonly hint: string | undefined
  readonly clearFault: () => void
  readonly autoFocus: boolean
}

interface TextProps {
  readonly edit: Edit
  readonly start: string
  readonly read: (text: string) => Reading
}

const incomplete: Reading = { why: 'The date is not complete.' }

/** A line of text, a number, a day or a point in time. */
export function Line({
  edit,
  start,
  read,
  type = 'text',
  inputMode,
}: TextProps & {
  readonly type?: 'text' | 'date' | 'datetime-local'
  readonly inputMode?: 'decimal' | 'email' | 'tel'
}) {
  const [text, setText] = useState(start)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useFocus(input, edit.autoFocus)
  const save = (by: LeftBy): void => {
    const isIncomplete = text === '' && input.current?.validity.badInput === true
    edit.save(isIncomplete ? incomplete : read(text), by)
  }
  return (
    <Noted edit={edit} id={id}>
      <input
        ref={input}
        className={classes['line']}
        type={type}
        inputMode={inputMode}
        {...(type === 'text' ? {} : { min: minOf[type], max: maxOf[type], step: type === 'date' ? undefined : 'any' })}
        aria-label={edit.label}
        aria-invalid={edit.fault !== undefined}
        aria-describedby={id}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          edit.clearFault()
        }}
        onKeyDown={(event) => onKey(event, { save, cancel: edit.cancel, isLong: false })}
        onBlur={() => save('blur')}
      />
    </Noted>
  )
}

const minOf = { date: '0001-01-01', 'datetime-local': '0001-01-01T00:00' } as const
const maxOf = { date: '9999-12-31', 'datetime-local': '9999-12-31T23:59' } as const

/** A text of many lines, over the place of the value. */
export const LongText = (props: TextProps) => (
  <Over label={props.edit.label} width={400} target={<span className={classes['cut']}>{props.start}</span>}>
    <Lines {...props} />
  </Over>
)

function Lines({ edit, start, read }: TextProps) {
  const [text, setText] = useState(start)
  const area = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  useFocus(area, edit.autoFocus)
  const save = (by: LeftBy): void => edit.save(read(text), by)
  return (
    <>
      <textarea
        ref={area}
        className={classes['long']}
        rows={8}
        aria-label={edit.label}
        aria-invalid={edit.fault !== undefined}
        aria-describedby={id}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          edit.clearFault()
        }}
        onKeyDown={(event) => onKey(event, { save, cancel: edit.cancel, isLong: true })}
        onBlur={() => save('blur')}
      />
      <Notes edit={edit} id={id} />
      <div className={classes['keys']}>
        <kbd>Enter</kbd> saves · <kbd>Shift Enter</kbd> new line · <kbd>Esc</kbd> restores
      </div>
    </>
  )
}

interface PicksProps<Key extends string | number> extends Pick<PickListProps<Key>, 'choices' | 'look' | 'create'> {
  readonly edit: Edit
  readonly start: readonly Key[]
  readonly many: boolean
  /** How the picks are shown in the place of the value. */
  readonly shown: (picked: readonly Key[]) => ReactNode
  readonly read: (picked: readonly Key[]) => Reading
}

/** One or several things out of a list. One that is picked is saved at once; several when the list is left. */
export function Picks<Key extends string | number>({ edit, start, many, shown, read, ...list }: PicksProps<Key>) {
  const [picked, setPicked] = useState(start)
  const id = useId()
  const pick = (next: readonly Key[]): void => {
    setPicked(next)
    edit.clearFault()
    if (!many) edit.save(read(next), 'enter')
  }
  return (
    <Over label={edit.label} width={260} target={shown(picked)}>
      <PickList
        {...list}
        label={edit.label}
        many={many}
        picked={picked}
        autoFocus={edit.autoFocus}
        onPick={pick}
        onDone={(by) => edit.save(read(picked), by)}
        onCancel={edit.cancel}
      />
      <Notes edit={edit} id={id} />
    </Over>
  )
}

function onKey(
  event: KeyboardEvent<HTMLElement>,
  { save, cancel, isLong }: { save: (by: LeftBy) => void; cancel: () => void; isLong: boolean },
): void {
  if (event.nativeEvent.isComposing) return
  if (!event.metaKey && !event.ctrlKey) event.stopPropagation()
  if (event.key === 'Enter' && !(isLong && event.shiftKey)) save('enter')
  else if (event.key === 'Tab') save(event.shiftKey ? 'shift-tab' : 'tab')
  else if (event.key === 'Escape') cancel()
  else return
  event.preventDefault()
}

function useFocus(ref: { readonly current: HTMLInputElement | HTMLTextAreaElement | null }, wanted: boolean): void {
  useEffect(() => {
    if (!wanted || ref.current === null) return
    ref.current.focus({ preventScroll: true })
    if (/^(?:text|textarea)$/.test(ref.current.type)) ref.current.select()
  }, [ref, wanted])
}

const still = { duration: 0 } as const

interface OverProps {
  readonly label: string
  readonly width: number
  /** What stands in the place of the value. */
  readonly target: ReactNode
  readonly children: ReactNode
}

/** What floats at the place of the value, as there is more than fits. */
function Over({ label, width, target, children }: OverProps) {
  return (
    <Popover
      opened
      width={width}
      withRoles={false}
      position="bottom-start"
      offset={2}
      closeOnEscape={false}
      closeOnClickOutside={false}
      transitionProps={still}
    >
      <Popover.Target>
        <span className={classes['picked']}>{target}</span>
      </Popover.Target>
      <Popover.Dropdown className={classes['over']} role="dialog" aria-label={label}>
        {children}
      </Popover.Dropdown>
    </Popover>
  )
}

/** A line, and below it what there is to be said. */
function Noted({ edit, id, children }: { readonly edit: Edit; readonly id: string; readonly children: ReactNode }) {
  const isSaid = edit.fault !== undefined || edit.hint !== undefined
  return (
    <Popover
      opened={isSaid}
      withRoles={false}
      position="bottom-start"
      offset={4}
      closeOnEscape={false}
      closeOnClickOutside={false}
      transitionProps={still}
    >
      <Popover.Target>
        <span className={classes['target']}>{children}</span>
      </Popover.Target>
      <Popover.Dropdown className={classes['bubble']}>
        <Notes edit={edit} id={id} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Notes({ edit, id }: { readonly edit: Edit; readonly id: string }) {
  return (
    <div id={id}>
      {edit.fault !== undefined && (
        <div role="alert" className={classes['fault']}>
          {edit.fault}
        </div>
      )}
      {edit.hint !== undefined && (
        <div role="status" className={classes['hint']}>
          {edit.hint}
        </div>
      )}
    </div>
  )
}
