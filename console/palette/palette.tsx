import { Modal } from '@mantine/core'
import { IconChevronRight, IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { KeyNames } from '../ui/key-names.tsx'
import { useAppCommands, useGoTo } from './app-commands.tsx'
import { arranged, type Group } from './arrange.ts'
import type { Entry, Step } from './entry.ts'
import { useFoundLeads } from './found-leads.tsx'
import { useLeadCommands } from './lead-commands.tsx'
import classes from './palette.module.css'
import { recentCommands, rememberCommand } from './recent.ts'
import { useSubject } from './subject.ts'
import { useViewCommands } from './view-commands.tsx'

interface PaletteProps {
  readonly close: () => void
  readonly open: (sheet: 'shortcuts' | 'first-steps') => void
}

/** Finds leads, pages and commands by what is typed; everything is done from the keyboard. */
export function Palette({ close, open }: PaletteProps) {
  const [step, setStep] = useState<Step>()
  const [typed, setTyped] = useState('')
  const [recent] = useState(recentCommands)
  const subject = useSubject()
  const ofLead = useLeadCommands(subject)
  const goTo = useGoTo()
  const ofViews = useViewCommands()
  const ofApp = useAppCommands(open)
  const { leads, isBusy } = useFoundLeads(step === undefined ? typed : '')
  const entries = step === undefined ? [...ofLead, ...goTo, ...ofViews, ...ofApp] : step.entries(typed)
  const groups = arranged({ entries, leads, typed: step?.isFree === true ? '' : typed, recent: step ? [] : recent })
  const choose = (entry: Entry): void => {
    const next = entry.run()
    if (step === undefined && !entry.id.startsWith('lead ')) rememberCommand(entry.id)
    if (next === undefined || next instanceof Promise) close()
    else {
      setStep(next)
      setTyped('')
    }
  }
  const back = (): void => {
    setStep(undefined)
    setTyped('')
  }
  return (
    <Modal.Root
      opened
      onClose={close}
      closeOnEscape={step === undefined}
      lockScroll={false}
      size={620}
      yOffset="12vh"
      classNames={{ content: classes['palette'] ?? '' }}
    >
      <Modal.Overlay backgroundOpacity={0.3} />
      <Modal.Content aria-label={step?.title ?? 'Find or do'}>
        <Modal.Body p={0}>
          {step !== undefined && (
            <div className={classes['step']}>
              <button type="button" className={classes['back']} onClick={back}>
                All commands
              </button>
              <IconChevronRight size={13} aria-hidden />
              {step.title}
            </div>
          )}
          <Chooser
            key={step?.title ?? ''}
            typed={typed}
            setTyped={setTyped}
            placeholder={step?.placeholder ?? 'Find a lead, or type a command …'}
            groups={groups}
            isBusy={isBusy}
            isFree={step?.isFree === true}
            choose={choose}
            back={step === undefined ? undefined : back}
          />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

interface ChooserProps {
  readonly typed: string
  readonly setTyped: (typed: string) => void
  readonly placeholder: string
  readonly groups: readonly Group[]
  readonly isBusy: boolean
  /** What is typed is the answer. */
  readonly isFree: boolean
  readonly choose: (entry: Entry) => void
  readonly back: (() => void) | undefined
}

/** A text and what it finds: the focus stays in the text, the arrows move what is active. */
function Chooser({ typed, setTyped, placeholder, groups, isBusy, isFree, choose, back }: ChooserProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [active, setActive] = useState(0)
  useEffect(() => input.current?.focus(), [])
  const all = groups.flatMap(({ entries }) => entries)
  const at = Math.min(active, all.length - 1)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const next = nextActive(event.key, at, all.length)
    const entry = all[at]
    if (next !== undefined) setActive(next)
    else if (event.key === 'Enter' && entry !== undefined) choose(entry)
    else if (back !== undefined && (event.key === 'Escape' || (event.key === 'Backspace' && typed === ''))) back()
    else return
    event.preventDefault()
  }
  return (
    <>
      <div className={classes['field']}>
        <IconSearch size={16} aria-hidden />
        <input
          ref={input}
          data-autofocus
          className={classes['input']}
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          placeholder={placeholder}
          aria-label={placeholder}
          role="combobox"
          aria-expanded={all.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <List {...{ id, groups, at, choose, setActive }} withNames={back === undefined} />
      <div className={classes['none']} role="status">
        {all.length === 0 &&
          (isFree ? 'Type it, and press Enter.' : isBusy ? 'Looking …' : 'Nothing matches. Try fewer letters.')}
      </div>
    </>
  )
}

interface ListProps extends Pick<ChooserProps, 'groups' | 'choose'> {
  readonly id: string
  readonly at: number
  readonly setActive: (at: number) => void
  readonly withNames: boolean
}

function List({ id, groups, at, choose, setActive, withNames }: ListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector(`[id="${id}-${at}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [id, at])
  let place = -1
  return (
    <div className={classes['list']} id={`${id}-list`} role="listbox" aria-label="What was found" ref={list}>
      {groups.map(({ name, entries }) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
        <div key={name} role="group" aria-label={name}>
          {withNames && (
            <div className={classes['group']} aria-hidden>
              {name}
            </div>
          )}
          {entries.map((entry) => {
            place += 1
            const own = place
            return (
              <Option
                key={entry.id}
                id={`${id}-${own}`}
                entry={entry}
                isActive={own === at}
                choose={choose}
                activate={() => setActive(own)}
              />
            )
          })}
        </div>
      ))}
    </div>
  )
}

function Option({
  id,
  entry,
  isActive,
  choose,
  activate,
}: {
  readonly id: string
  readonly entry: Entry
  readonly isActive: boolean
  readonly choose: (entry: Entry) => void
  readonly activate: () => void
}) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heeded by the text, where the focus is
    <div
      id={id}
      role="option"
      tabIndex={-1}
      className={classes['option']}
      aria-selected={isActive}
      onMouseMove={isActive ? undefined : activate}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => choose(entry)}
    >
      <span className={classes['icon']}>{entry.icon}</span>
      <span className={classes['label']}>{entry.label}</span>
      {entry.detail !== undefined && <span className={classes['detail']}>{entry.detail}</span>}
      {entry.isChecked === true && (
        <span className={classes['checked']}>
          ✓<span className="visually-hidden"> chosen</span>
        </span>
      )}
      {entry.keys !== undefined && <KeyNames keys={entry.keys} />}
    </div>
  )
}

/** The entry that a key leads to, from end to end and around. */
function nextActive(key: string, at: number, length: number): number | undefined {
  if (length === 0) return undefined
  if (key === 'ArrowDown') return (at + 1) % length
  if (key === 'ArrowUp') return (at - 1 + length) % length
  if (key === 'PageDown') return Math.min(length - 1, at + 8)
  if (key === 'PageUp') return Math.max(0, at - 8)
  return undefined
}
