import { associations, configurationLimits, partnerTypes } from '../contract/configuration.ts'
import type { Reference } from '../contract/forms.ts'
import { BodyReader, type Read, refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTimeOrNull } from '../kernel/time.ts'
import type { TagRow } from '../storage/definitions.ts'
import type { Work } from '../storage/port.ts'
import {
  type ColouredChange,
  colouredAfter,
  isSame,
  readColors,
  readLabel,
  readPartnerType,
  type Told,
} from './read-body.ts'

export type TagCreation = Pick<TagRow, 'label' | 'association' | 'background_color' | 'text_color' | 'partner_type'>

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readTagCreation(body: unknown): Read<TagCreation> {
  const reader = new BodyReader(body)
  const label = readLabel(reader, 'needed') ?? ''
  const association = reader.oneOf('association', associations) ?? 'lead'
  if (!reader.has('association')) reader.missing('association')
  const value: TagCreation = {
    label,
    association,
    ...readColors(reader),
    partner_type: readPartnerType(reader, partnerTypes),
  }
  return { value, ignored: reader.finish(['label', 'association', 'background_color', 'text_color', 'partner_type']) }
}

/** @throws Refusal `invalid_body` when the company has as many as it may */
export const createTag = (companyId: number, tag: TagCreation): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: {},
  ids: { tags: 1 },
  changesDefinitions: true,
  decide: (_, at) => {
    refuseMoreThan(configurationLimits.tags, 'tags', at.definitions.tags.size)
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
  { wholeSeconds, ...change }: ColouredChange & Told,
): Work<ReturnType<typeof tagView>> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const before = at.definitions.tags.get(tag)
    if (before === undefined) throw new Refusal('tag_not_found')
    const set = colouredAfter(before, change, at.now)
    const key = { company_id: companyId, id: before.id }
    return {
      reply: tagView({ ...before, ...set }, wholeSeconds),
      writes: isSame(before, set) ? [] : [{ kind: 'update', table: 'tags', key, set }],
    }
  },
})

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
