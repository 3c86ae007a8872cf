import { Tooltip } from '@mantine/core'
import { IconMail, IconPhone } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useHighlight } from '../app/highlight.ts'
import { type Outcome, useChangeLead } from './change.ts'
import { MemberEditor, MemberText } from './editor.tsx'
import type { LeftBy } from './editors/pick-list.tsx'
import {
  type Definitions,
  fieldOf,
  heldValue,
  labelOf,
  type Member,
  type MemberValue,
  type ShownLead,
} from './members.ts'
import classes from './panel.module.css'

/** Which member is edited, and where the focus goes when an edit has ended. One at a time. */
export interface Editing {
  readonly member: Member | undefined
  readonly focused: Member | undefined
  readonly begin: (member: Member) => void
  readonly end: (member: Member, by: LeftBy | 'cancel') => void
}

/** @param members in their order on screen: Tab goes on to the next, Shift Tab back */
export function useEditing(members: readonly Member[]): Editing {
  const [{ member, focused }, set] = useState<{ member?: Member; focused?: Member }>({})
  return {
    member,
    focused,
    begin: (wanted) => set({ member: wanted }),
    end: (ended, by) => {
      const step = { tab: 1, 'shift-tab': -1, enter: 0, cancel: 0, blur: 0 }[by]
      const next = step === 0 ? undefined : members[members.indexOf(ended) + step]
      if (next !== undefined) set({ member: next })
      // Whoever has gone elsewhere has perhaps begun another edit there.
      else if (by === 'blur') set((now) => (now.member === ended ? {} : now))
      else set({ focused: ended })
    },
  }
}

interface FieldProps {
  readonly member: Member
  readonly lead: ShownLead
  readonly definitions: Definitions
  readonly editing: Editing
  readonly mayEdit: boolean
}

/** A member of the lead with its label: read, and edited where it stands. */
export function Field({ member, lead, definitions, editing, mayEdit }: FieldProps) {
  const change = useChangeLead()
  const [refusal, setRefusal] = useState<string>()
  const isMarked = useHighlight(lead.id, member)
  const id = useId()
  const isEdited = editing.member === member
  const label = labelOf(member, definitions)
  const save = async (to: MemberValue, { from, by }: { from: MemberValue; by: LeftBy }): Promise<void> => {
    editing.end(member, by)
    setRefusal(undefined)
    setRefusal(whyRefused(await change(lead.id, [{ member, from, to }])))
  }
  return (
    <div className={classes['field']} data-marked={isMarked}>
      <Label id={`${id}-label`} member={member} definitions={definitions} />
      <div className={classes['held']}>
        {isEdited ? (
          <MemberEditor
            member={member}
            value={heldValue(lead, member)}
            definitions={definitions}
            label={label}
            onSave={(to, edit) => void save(to, edit)}
            onCancel={() => editing.end(member, 'cancel')}
          />
        ) : (
          <Held
            id={id}
            isFocused={editing.focused === member}
            begin={mayEdit ? () => editing.begin(member) : undefined}
            isLong={fieldOf(member, definitions)?.type === 'textarea'}
          >
            <MemberText member={member} lead={lead} definitions={definitions} whole />
          </Held>
        )}
        {!isEdited && <Reach member={member} value={heldValue(lead, member)} />}
        {refusal !== undefined && !isEdited && (
          <div role="alert" className={classes['refusal']}>
            {refusal}
          </div>
        )}
      </div>
    </div>
  )
}

/** Begins a mail or a call, by the program that the person has for it. */
function Reach({ member, value }: { readonly member: Member; readonly value: MemberValue }) {
  if (typeof value !== 'string' || (member !== 'email' && member !== 'phone_number')) return null
  const isMail = member === 'email'
  const label = isMail ? 'Write a mail' : 'Call'
  const Icon = isMail ? IconMail : IconPhone
  const number = value.replaceAll(/[^\d+]/g, '')
  if (!isMail && number === '') return null
  return (
    <Tooltip label={label}>
      <a
        className={classes['reach']}
        href={isMail ? `mailto:${encodeURIComponent(value).replace('%40', '@')}` : `tel:${number}`}
        aria-label={`${label}: ${value}`}
      >
        <Icon size={15} aria-hidden />
      </a>
    </Tooltip>
  )
}

const whyRefused = (outcome: Outcome): string | undefined =>
  outcome.kind === 'refused' ? `Not saved. ${outcome.why}` : undefined

function Label({ id, member, definitions }: { id: string; member: Member; definitions: Definitions }) {
  const field = fieldOf(member, definitions)
  return (
    <div id={id} className={classes['label']}>
      {labelOf(member, definitions)}
      {field?.required === true && <span className={classes['aside']}> (required)</span>}
      {typeof field?.archived_at === 'string' && <span className={classes['aside']}> (archived)</span>}
    </div>
  )
}

interface HeldProps {
  readonly id: string
  readonly isFocused: boolean
  readonly isLong: boolean
  /** Undefined for whoever may only read. */
  readonly begin: (() => void) | undefined
  readonly children: ReactNode
}

function Held({ id, isFocused, isLong, begin, children }: HeldProps) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isFocused) button.current?.focus()
  }, [isFocused])
  const value = (
    <span id={`${id}-value`} className={classes['value']} data-long={isLong}>
      {children}
    </span>
  )
  if (begin === undefined) return <div className={classes['read']}>{value}</div>
  return (
    <button
      ref={button}
      type="button"
      className={classes['edit']}
      aria-labelledby={`${id}-label ${id}-value`}
      onClick={begin}
    >
      {value}
    </button>
  )
}
