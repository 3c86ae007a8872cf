import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { waggle } from '../app/api.ts'
import { useMay } from '../app/session.ts'
import { StatusMark, statuses, statusLabels } from '../ui/status.tsx'
import { optionChoices, tagChoices, userChoices } from './editors/choices.ts'
import { type Edit, Line, LongText, Picks } from './editors/controls.tsx'
import { isDay, localDraft } from './editors/dates.ts'
import type { LeftBy } from './editors/pick-list.tsx'
import { numbers, type Reading, readContact, readDate, readNumber, readText } from './editors/reading.ts'
import { ValueText, wordsOf } from './editors/value.tsx'
import {
  type Definitions,
  type FieldType,
  fieldOf,
  heldValue,
  isSame,
  type Member,
  type MemberValue,
  type ShownLead,
} from './members.ts'
import { tagsQuery } from './queries.ts'

interface MemberTextProps {
  readonly member: Member
  readonly lead: ShownLead
  readonly definitions: Definitions
  /** Shows all of it, on as many lines as it needs; else it is cut at one. */
  readonly whole?: boolean
}

/** How a member of a lead is read; nothing when it is empty. */
export const MemberText = ({ member, lead, ...more }: MemberTextProps): ReactNode => (
  <ValueText member={member} value={heldValue(lead, member)} named={lead} {...more} />
)

export interface MemberEditorProps {
  readonly member: Member
  /** What is stored. It may change while it is edited: what was typed stays, and the new value is told. */
  readonly value: MemberValue
  readonly definitions: Definitions
  readonly label: string
  /**
   * Called once, when the edit has ended with something that can be sent; also when nothing is changed.
   *
   * @param edit `from` is what the person saw when they began, for the conflict; `by` tells where the focus should go
   */
  readonly onSave: (to: MemberValue, edit: { readonly from: MemberValue; readonly by: LeftBy }) => void
  /** Esc: the stored value stays. */
  readonly onCancel: () => void
  readonly autoFocus?: boolean
  /** Why what was sent before was refused, where the edit goes on. */
  readonly refusal?: string | undefined
}

/**
 * The control for a member where it stands: Enter saves, Esc restores, Tab saves and the owner goes on, blur saves.
 *
 * What cannot be sent is told below the control, and the edit goes on.
 */
export function MemberEditor({ member, value, definitions, label, ...owner }: MemberEditorProps): ReactNode {
  const [from] = useState(value)
  const [fault, setFault] = useState(owner.refusal)
  const isOver = useRef(false)
  const end = (act: () => void): void => {
    if (isOver.current) return
    isOver.current = true
    act()
  }
  const edit: Edit = {
    label,
    fault,
    hint: isSame(from, value) ? undefined : meanwhile(wordsOf(member, value, definitions)),
    clearFault: () => setFault(undefined),
    autoFocus: owner.autoFocus ?? true,
    cancel: () => end(owner.onCancel),
    save: (reading, by) => {
      if ('why' in reading) setFault(reading.why)
      else end(() => owner.onSave(reading.to, { from, by }))
    },
  }
  const field = fieldOf(member, definitions)
  const props: ControlProps = { member, from, definitions, edit }
  if (field !== undefined) {
    const Control = fieldControls[field.type]
    return <Control {...props} field={field} />
  }
  if (member === 'status') return <StatusControl {...props} />
  if (member === 'tags') return <TagsControl {...props} />
  if (member === 'assignedUsers') return <UsersControl {...props} />
  return <ContactControl {...props} />
}

const meanwhile = (words: string): string =>
  words === '' ? 'Meanwhile this was emptied.' : `Meanwhile this was changed to “${words.slice(0, 200)}”.`

interface ControlProps {
  readonly member: Member
  readonly from: MemberValue
  readonly definitions: Definitions
  readonly edit: Edit
}
interface FieldControlProps extends ControlProps {
  readonly field: Definitions['fields'][number]
}

/** The control of each type of field: the compiler asks for that of a new one. */
const fieldControls = {
  text: ({ edit, from, field }) => <Line edit={edit} start={textOf(from)} read={(text) => readText(field, text)} />,
  textarea: ({ edit, from, field }) => (
    <LongText edit={edit} start={textOf(from)} read={(text) => readText(field, text)} />
  ),
  number: ({ edit, from, field }) => (
    <Line
      edit={edit}
      inputMode="decimal"
      start={typeof from === 'number' ? numbers.draft(from) : ''}
      read={(text) => readNumber(field, text)}
    />
  ),
  date: DateControl,
  boolean: FlagControl,
  select: OptionsControl,
  multi_select: OptionsControl,
} as const satisfies Record<FieldType, (props: FieldControlProps) => ReactNode>

const textOf = (value: MemberValue): string => (typeof value === 'string' ? value : '')
const idsOf = (value: MemberValue): readonly number[] =>
  typeof value === 'number' ? [value] : typeof value === 'object' && value !== null ? value : []

function ContactControl({ member, edit, from }: ControlProps) {
  const name = contactNames.find((one) => one === member)
  const mode = member === 'email' ? 'email' : member === 'phone_number' ? 'tel' : undefined
  if (name === undefined) return null
  return (
    <Line
      edit={edit}
      start={textOf(from)}
      read={(text) => readContact(name, text)}
      {...(mode !== undefined && { inputMode: mode })}
    />
  )
}

const contactNames = ['company_name', 'first_name', 'last_name', 'email', 'phone_number', 'external_id'] as const

/** A day is edited as a day, a point in time as one; what is left as it was is kept to the letter. */
function DateControl({ edit, from, field }: FieldControlProps) {
  const stored = textOf(from)
  const isTime = stored !== '' && !isDay(stored)
  const start = isTime ? localDraft(stored) : stored
  const read = (draft: string): Reading => (draft === start ? { to: from } : readDate(field, draft, isTime))
  return <Line edit={edit} type={isTime ? 'datetime-local' : 'date'} start={start} read={read} />
}

const nothing = { key: '', label: 'No value' } as const

function FlagControl({ edit, member, from, field, definitions }: FieldControlProps) {
  const choices = [{ key: 'yes', label: 'Yes' }, { key: 'no', label: 'No' }, ...(field.required ? [] : [nothing])]
  const flagOf = (key: string | undefined): MemberValue => (key === 'yes' ? true : key === 'no' ? false : null)
  return (
    <Picks
      edit={edit}
      many={false}
      choices={choices}
      start={from === null ? [] : [from === true ? 'yes' : 'no']}
      shown={([key]) => <ValueText member={member} value={flagOf(key)} definitions={definitions} />}
      read={([key]) => ({ to: flagOf(key) })}
    />
  )
}

function OptionsControl({ edit, member, from, field, definitions }: FieldControlProps) {
  const many = field.type === 'multi_select'
  const held = idsOf(from)
  const none = many || field.required || held.length === 0 ? [] : [{ key: 0, label: nothing.label }]
  const optionsOf = ([first, ...more]: readonly number[]): MemberValue =>
    first === undefined || first === 0 ? null : many ? [first, ...more] : first
  return (
    <Picks
      edit={edit}
      many={many}
      choices={[...optionChoices(field, held), ...none]}
      start={held}
      shown={(ids) => <ValueText member={member} value={optionsOf(ids)} definitions={definitions} />}
      read={(ids) =>
        field.required && optionsOf(ids) === null ? { why: 'This field must have a value.' } : { to: optionsOf(ids) }
      }
    />
  )
}

function StatusControl({ edit, from }: ControlProps) {
  const look = (key: string): ReactNode => {
    const status = statuses.find((one) => one === key)
    return status === undefined ? null : <StatusMark status={status} />
  }
  return (
    <Picks
      edit={edit}
      many={false}
      choices={statuses.map((key) => ({ key: String(key), label: statusLabels[key] }))}
      start={[textOf(from)]}
      look={look}
      shown={([key = '']) => look(key)}
      read={([key = null]) => ({ to: key })}
    />
  )
}

function TagsControl({ edit, member, from, definitions }: ControlProps) {
  const mayCreate = useMay('createTag')
  const queries = useQueryClient()
  const create = async (label: string): Promise<number> => {
    const { id } = await waggle.tags.create({ label, association: 'lead' })
    await queries.fetchQuery({ ...tagsQuery, staleTime: 0 })
    return id
  }
  const look = (ids: readonly number[]) => <ValueText member={member} value={ids} definitions={definitions} whole />
  return (
    <Picks
      edit={edit}
      many
      choices={tagChoices(definitions, idsOf(from))}
      start={idsOf(from)}
      look={(id) => look([id])}
      shown={look}
      read={(ids) => ({ to: ids })}
      create={mayCreate ? create : undefined}
    />
  )
}

function UsersControl({ edit, member, from, definitions }: ControlProps) {
  const look = (ids: readonly number[]) => <ValueText member={member} value={ids} definitions={definitions} whole />
  return (
    <Picks
      edit={edit}
      many
      choices={userChoices(definitions, idsOf(from))}
      start={idsOf(from)}
      look={(id) => look([id])}
      shown={look}
      read={(ids) => ({ to: ids })}
    />
  )
}
