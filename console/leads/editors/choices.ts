import type { CustomField, Tag, User } from '../../../sdk/index.ts'
import { nameOf } from '../../ui/name.ts'

/** One of the things that may be picked. */
export interface Choice<Key extends string | number> {
  readonly key: Key
  readonly label: string
  /** Told behind the label, such as that it is archived. */
  readonly note?: string | undefined
}

type TagFacts = Pick<Tag, 'id' | 'label' | 'association' | 'archived_at'>
type UserFacts = Pick<User, 'id' | 'email' | 'first_name' | 'last_name' | 'role' | 'disabled_at'>

const byLabel = (one: { label: string }, other: { label: string }): number => one.label.localeCompare(other.label)

/** Tags that a lead may get, and those it has. */
export const tagChoices = (
  { tags }: { readonly tags: readonly TagFacts[] },
  held: readonly number[],
): Choice<number>[] =>
  tags
    .filter(({ id, association, archived_at }) => held.includes(id) || (association === 'lead' && archived_at === null))
    .map(({ id, label, archived_at }) => ({ key: id, label, note: archived_at === null ? undefined : 'archived' }))
    .sort(byLabel)

/** People who may be assigned, and those who are. */
export const userChoices = (
  { users }: { readonly users: readonly UserFacts[] },
  held: readonly number[],
): Choice<number>[] =>
  users
    .filter(({ id, role, disabled_at }) => held.includes(id) || (role !== 'indirect' && disabled_at === null))
    .map((user) => ({
      key: user.id,
      label: nameOf(user),
      note: user.disabled_at === null ? undefined : 'disabled',
    }))
    .sort(byLabel)

/** What an option is called; one that is archived is not told of any more. */
export const optionLabel = ({ options }: Pick<CustomField, 'options'>, id: number): string =>
  options?.find((option) => option.id === id)?.label ?? `Option ${id}`

/** Options in their order; archived ones that are held stand last. */
export function optionChoices(field: Pick<CustomField, 'options'>, held: readonly number[]): Choice<number>[] {
  const offered = field.options ?? []
  const archived = held.filter((id) => !offered.some((option) => option.id === id))
  return [
    ...offered.map(({ id, label }) => ({ key: id, label })),
    ...archived.map((id) => ({ key: id, label: optionLabel(field, id), note: 'archived' })),
  ]
}

const plain = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase()

/** Choices whose label holds what was typed, whatever the case and accents; those that begin so stand first. */
export function found<C extends { readonly label: string }>(choices: readonly C[], typed: string): readonly C[] {
  const wanted = plain(typed.trim())
  if (wanted === '') return choices
  const hits = choices.map((choice) => ({ choice, at: placeOf(plain(choice.label), wanted) }))
  return hits
    .filter(({ at }) => at < 3)
    .sort((one, other) => one.at - other.at)
    .map(({ choice }) => choice)
}

const placeOf = (label: string, wanted: string): number =>
  label.startsWith(wanted) ? 0 : label.includes(` ${wanted}`) ? 1 : label.includes(wanted) ? 2 : 3
