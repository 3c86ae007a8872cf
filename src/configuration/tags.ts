import { associations, configurationLimits, defaultColors, partnerTypes } from '../contract/configuration.ts'
import type { Reference } from '../contract/forms.ts'
import { BodyReader, refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTimeOrNull } from '../kernel/time.ts'
import type { TagRow } from '../storage/definitions.ts'
import type { Work } from '../storage/port.ts'
import { readColor, readLabel, readPartnerType } from './read-body.ts'

export type TagCreation = Pick<TagRow, 'label' | 'association' | 'background_color' | 'text_color' | 'partner_type'>

export interface TagChange {
  readonly label: string | undefined
  readonly background_color: string | undefined
  readonly text_color: string | undefined
  readonly archived: boolean | undefined
}

/** What a read of a body gives, and the members of it that are not known. */
export interface Read<T> {
  readonly value: T
  readonly ignored: readonly string[]
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readTagCreation(body: unknown): Read<TagCreation> {
  const reader = new BodyReader(body)
  const label = readLabel(reader, 'needed') ?? ''
  const association = reader.oneOf('association', associations) ?? 'lead'
  if (!reader.has('association')) reader.missing('association')
  const value: TagCreation = {
    label,
    association,
    background_color: readColor(reader, 'background_color') ?? defaultColors.background,
    text_color: readColor(reader, 'text_color') ?? defaultColors.text,
    partner_type: readPartnerType(reader, partnerTypes),
  }
  return { value, ignored: reader.finish(['label', 'association', 'background_color', 'text_color', 'partner_type']) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readTagChange(body: unknown): Read<TagChange> {
  const reader = new BodyReader(body)
  const value: TagChange = {
    label: readLabel(reader, 'when sent'),
    background_color: readColor(reader, 'background_color'),
    text_color: readColor(reader, 'text_color'),
    archived: reader.flag('archived'),
  }
  return { value, ignored: reader.finish(['label', 'background_color', 'text_color', 'archived']) }
}

/** @throws Refusal `invalid_body` when the company has as many as it may */
export const createTag = (companyId: number, tag: TagCreation): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: {},
  ids: { tags: 1 },
  changesDefinitions: true,
  decide: (_, at) => {
    refuseMoreThan(configurationLimits.tags, 'tags', [...at.definitions.tags.all()].length)
    const row = {
      ...tag,
      company_id: companyId,
      id: at.nextId('tags'),
      uuid: at.uuid(),
      created_at: at.now,
      archived_at: null,
    }
    return { reply: { id: row.id, uuid: row.uuid }, writes: [{ kind: 'insert', table: 'tags', row }] }
  },
})

/** @throws Refusal `tag_not_found` */
export const changeTag = (
  companyId: number,
  tag: Reference | undefined,
  change: TagChange & { readonly wholeSeconds: boolean },
): Work<ReturnType<typeof tagView>> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const before = tag === undefined ? undefined : at.definitions.tags.get(tag)
    if (before === undefined) throw new Refusal('tag_not_found')
    const after: TagRow = {
      ...before,
      label: change.label ?? before.label,
      background_color: change.background_color ?? before.background_color,
      text_color: change.text_color ?? before.text_color,
      archived_at: archivedAt(before.archived_at, change.archived, at.now),
    }
    const { label, background_color, text_color, archived_at } = after
    const isSame =
      label === before.label &&
      background_color === before.background_color &&
      text_color === before.text_color &&
      archived_at === before.archived_at
    const key = { company_id: companyId, id: before.id }
    const set = { label, background_color, text_color, archived_at }
    return {
      reply: tagView(after, change.wholeSeconds),
      writes: isSame ? [] : [{ kind: 'update', table: 'tags', key, set }],
    }
  },
})

/** What is archived twice keeps its first time. */
export const archivedAt = (before: number | null, archived: boolean | undefined, now: number): number | null =>
  archived === undefined ? before : archived ? (before ?? now) : null

/** A tag as lists answer it. */
export const tagView = (tag: TagRow, wholeSeconds: boolean) => ({
  id: tag.id,
  uuid: tag.uuid,
  label: tag.label,
  background_color: tag.background_color,
  text_color: tag.text_color,
  association: tag.association,
  partner_type: tag.partner_type,
  company_id: tag.company_id,
  archived_at: wireTimeOrNull(tag.archived_at, wholeSeconds),
})
