import type { ReactNode } from 'react'
import { Avatar, type Person } from '../../ui/avatar.tsx'
import { nameOf } from '../../ui/name.ts'
import { StatusMark, statuses, statusLabels } from '../../ui/status.tsx'
import { Tag } from '../../ui/tag.tsx'
import { shownDate } from '../../ui/time.tsx'
import {
  type Definitions,
  type FieldType,
  fieldIdOf,
  fieldOf,
  type Member,
  type MemberValue,
  type ShownLead,
} from '../members.ts'
import { optionLabel } from './choices.ts'
import { isDay, shownMoment } from './dates.ts'
import classes from './editors.module.css'
import { numbers } from './reading.ts'

type Field = Definitions['fields'][number]

const isList = (value: MemberValue): value is readonly number[] => Array.isArray(value)
const idsOf = (value: MemberValue): readonly number[] => (isList(value) ? value : [])

/** What ids stand for, told beside them: by a lead, before the definitions are there; by its history, as it was then. */
export interface Named {
  readonly tags: readonly Pick<ShownLead['tags'][number], 'id' | 'label' | 'background_color'>[]
  readonly assigned_users: readonly Person[]
  readonly options?: NamedOptions | undefined
}

/** Options by the id of their field. */
type NamedOptions = ReadonlyMap<number, readonly { readonly id: number; readonly label: string }[]>

/** What was told beside the ids, and then what is defined. */
const knownOf = ({ tags, users }: Definitions, named?: Named): Omit<Named, 'options'> => ({
  tags: [...(named?.tags ?? []), ...tags],
  assigned_users: [...(named?.assigned_users ?? []), ...users],
})

/** A custom value in words, for each type of field. */
const words = {
  text: String,
  textarea: String,
  number: (value) => (typeof value === 'number' ? numbers.shown(value) : String(value)),
  date: (value) => (isDay(String(value)) ? shownDate(String(value)) : shownMoment(String(value))),
  boolean: (value) => (value === true ? 'Yes' : 'No'),
  select: (value, field) => optionLabel(field, Number(value)),
  multi_select: (value, field) =>
    idsOf(value)
      .map((id) => optionLabel(field, id))
      .join(', '),
} as const satisfies Record<FieldType, (value: MemberValue, field: Pick<Field, 'options'>) => string>

/** What a member holds, in words; empty when it holds nothing. */
export function wordsOf(member: Member, value: MemberValue, definitions: Definitions, named?: Named): string {
  if (value === null) return ''
  const known = knownOf(definitions, named)
  if (member === 'status') return statuses.map((one) => (one === value ? statusLabels[one] : '')).join('')
  if (member === 'tags') return labels(value, known.tags, ({ label }) => label)
  if (member === 'assignedUsers') return labels(value, known.assigned_users, nameOf)
  const field = fieldOf(member, definitions)
  const options = named?.options?.get(fieldIdOf(member) ?? 0) ?? []
  if (field !== undefined) return words[field.type](value, { options: [...options, ...(field.options ?? [])] })
  const ids = isList(value) ? value : options.length > 0 ? [Number(value)] : []
  return ids.length > 0 ? words.multi_select(ids, { options: [...options] }) : String(value)
}

const labels = <Row extends { readonly id: number }>(
  value: MemberValue,
  rows: readonly Row[],
  label: (row: Row) => string,
): string =>
  idsOf(value)
    .map((id) => {
      const row = rows.find((one) => one.id === id)
      return row === undefined ? `no. ${id}` : label(row)
    })
    .join(', ')

interface ValueTextProps {
  readonly member: Member
  readonly value: MemberValue
  readonly definitions: Definitions
  readonly named?: Named | undefined
  /** Shows all of it, on as many lines as it needs; else it is cut at one. */
  readonly whole?: boolean | undefined
}

/** How a value is read: a mark, tags, people, numbers and days as the viewer writes them; nothing when it is empty. */
export function ValueText({ member, value, definitions, named, whole = false }: ValueTextProps): ReactNode {
  if (value === null || (isList(value) && value.length === 0)) return null
  if (member === 'status') {
    const status = statuses.find((one) => one === value)
    return status === undefined ? null : <StatusMark status={status} />
  }
  const known = knownOf(definitions, named)
  const list = whole ? `${classes['list']} ${classes['whole']}` : classes['list']
  if (member === 'tags') return <span className={list}>{idsOf(value).map((id) => tagOf(id, known))}</span>
  if (member === 'assignedUsers') {
    const isNamed = whole || idsOf(value).length === 1
    return <span className={list}>{idsOf(value).map((id) => personOf(id, known, isNamed))}</span>
  }
  const field = fieldOf(member, definitions)
  const text = wordsOf(member, value, definitions, named)
  if (field?.type === 'number') return <span className={classes['number']}>{text}</span>
  return whole ? (
    <span className={classes['text']}>{text}</span>
  ) : (
    <span className={classes['cut']} title={text.length > 24 ? text.slice(0, 500) : undefined}>
      {text}
    </span>
  )
}

function tagOf(id: number, { tags }: Pick<Named, 'tags'>): ReactNode {
  const tag = tags.find((one) => one.id === id)
  return tag === undefined ? null : <Tag key={id} tag={tag} />
}

function personOf(id: number, { assigned_users: users }: Pick<Named, 'assigned_users'>, isNamed: boolean): ReactNode {
  const user = users.find((one) => one.id === id)
  if (user === undefined) return null
  if (!isNamed) return <Avatar key={id} user={user} />
  return (
    <span key={id} className={classes['person']}>
      <span className={classes['face']} aria-hidden>
        <Avatar user={user} size={18} />
      </span>
      <span className={classes['cut']}>{nameOf(user)}</span>
    </span>
  )
}
