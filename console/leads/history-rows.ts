import type { HistoryRow } from '../../sdk/index.ts'
import { nameOf } from '../ui/name.ts'
import {
  type Definitions,
  fieldIdOf,
  fieldMember,
  fieldOf,
  isSame,
  labelOf,
  type Member,
  type MemberChange,
  type MemberValue,
  memberLabels,
  plainMembers,
} from './members.ts'

/** What an event of a lead's log was. */
export type Told = 'created' | 'changed' | 'deleted' | 'restored' | 'emptied'

/** An event as a person reads it. */
export interface Entry {
  readonly row: HistoryRow
  readonly told: Told
  readonly changes: readonly MemberChange[]
}

/** Reads a row of the history. Members that the console does not know are left out. */
export function entryOf(row: HistoryRow): Entry {
  const changes = changesIn(row)
  if (row.event === 'lead_created') return { row, told: 'created', changes }
  if (row.event === 'lead_deleted') return { row, told: 'deleted', changes }
  const archived = row.changes['archived']
  if (archived !== undefined) return { row, told: archived.new === true ? 'deleted' : 'restored', changes }
  return { row, told: changes.length === 0 ? 'emptied' : 'changed', changes }
}

function changesIn({ changes }: HistoryRow): MemberChange[] {
  const plain = plainMembers.flatMap((member): MemberChange[] => {
    const change = changes[member]
    return change === undefined ? [] : [{ member, from: valueIn(change.old), to: valueIn(change.new) }]
  })
  const custom = changes['customFields']
  const [old, now] = [valuesById(custom?.old), valuesById(custom?.new)]
  const fields = [...new Set([...old.keys(), ...now.keys()])].map(
    (id): MemberChange => ({ member: fieldMember(id), from: old.get(id) ?? null, to: now.get(id) ?? null }),
  )
  return [...plain, ...fields]
}

/** `[{customFieldId: 5, value: {number: 1}}]` → 5 holds 1. */
function valuesById(told: unknown): Map<number, MemberValue> {
  const rows: readonly unknown[] = Array.isArray(told) ? told : []
  return new Map(
    rows.flatMap((row): [number, MemberValue][] => {
      if (!isObject(row) || typeof row['customFieldId'] !== 'number') return []
      const value = isObject(row['value']) ? Object.values(row['value'])[0] : null
      return [[row['customFieldId'], valueIn(value)]]
    }),
  )
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function valueIn(value: unknown): MemberValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) ? value.map(Number) : null
}

/** Who made a change; a key without a user, and the server itself, have no name. */
export function whoOf({ actor }: Pick<HistoryRow, 'actor'>): string {
  if (actor.user !== null) return nameOf(actor.user)
  return actor.user_uuid === null ? (actor.key === null ? 'The server' : 'A key') : 'Somebody'
}

/** What the ids in a change stood for at its time. */
export const namedThen = ({ names }: Pick<HistoryRow, 'names'>) => ({
  tags: names.tags,
  assigned_users: names.users,
  options: new Map(names.customFields.map(({ id, options }) => [id, options])),
})

/** What a member is called: as it is today, and where it is gone as it was then. */
export function labelIn(member: Member, { names }: Pick<HistoryRow, 'names'>, definitions: Definitions): string {
  const isGone = fieldIdOf(member) !== undefined && fieldOf(member, definitions) === undefined
  const then = isGone ? names.customFields.find(({ id }) => id === fieldIdOf(member)) : undefined
  return then?.label ?? labelOf(member, definitions)
}

/** Entries of one day of the viewer's, newest first. */
export interface Day {
  /** `2026-03-02`, in the viewer's zone. */
  readonly day: string
  readonly entries: readonly Entry[]
}

export function byDay(entries: readonly Entry[]): Day[] {
  const days = new Map<string, Entry[]>()
  for (const entry of entries) {
    const day = dayOf(new Date(entry.row.at))
    days.set(day, [...(days.get(day) ?? []), entry])
  }
  return [...days].map(([day, of]) => ({ day, entries: of }))
}

const dayOf = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-')

const writtenDay = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'long' })
const writtenDayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })

/** `Today`, `Yesterday`, `Mon 2 March`, and with the year when it was another. */
export function shownDay(day: string, now = new Date()): string {
  const at = new Date(`${day}T12:00:00`)
  if (day === dayOf(now)) return 'Today'
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (day === dayOf(yesterday)) return 'Yesterday'
  return (at.getFullYear() === now.getFullYear() ? writtenDay : writtenDayOfYear).format(at)
}

/** What the log calls a member: it tells custom fields together. */
export const loggedMember = (member: Member): string => (fieldIdOf(member) === undefined ? member : 'customFields')

/** The entries that changed a member, each with that change alone. */
export const onlyOf = (entries: readonly Entry[], member: Member | undefined): readonly Entry[] =>
  member === undefined
    ? entries
    : entries.flatMap((entry) => {
        const changes = entry.changes.filter((change) => change.member === member)
        return changes.length === 0 ? [] : [{ ...entry, changes }]
      })

/** What a set has gained and lost; undefined of what is no set. */
export function setChange({ from, to }: MemberChange): { added: number[]; removed: number[] } | undefined {
  const [old, now] = [listIn(from), listIn(to)]
  if (old === undefined || now === undefined || (from === null && to === null)) return undefined
  return { added: now.filter((id) => !old.includes(id)), removed: old.filter((id) => !now.includes(id)) }
}

const listIn = (value: MemberValue): readonly number[] | undefined =>
  value === null ? [] : typeof value === 'object' ? value : undefined

/** The changes that take an entry back, where something is left to be taken back. */
export const backOf = ({ changes }: Entry): readonly MemberChange[] =>
  changes.filter(({ from, to }) => !isSame(from, to)).map(({ member, from, to }) => ({ member, from: to, to: from }))

/** Members that the history can be asked for. */
export const plainFilters = plainMembers.map((member) => ({ member, label: memberLabels[member] }))
