import { configurationLimits, partnerTypes } from '../contract/configuration.ts'
import type { Reference } from '../contract/forms.ts'
import { BodyReader, type Read, refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime, wireTimeOrNull } from '../kernel/time.ts'
import type { CategoryRow } from '../storage/definitions.ts'
import type { Work } from '../storage/port.ts'
import { archivedAt, isSame, readLabel, readPartnerType, type Told } from './read-body.ts'

export type CategoryCreation = Pick<CategoryRow, 'label' | 'partner_type'>

export interface CategoryChange {
  readonly label: string | undefined
  readonly archived: boolean | undefined
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readCategoryCreation(body: unknown): Read<CategoryCreation> {
  const reader = new BodyReader(body)
  const label = readLabel(reader, 'needed') ?? ''
  const value: CategoryCreation = { label, partner_type: readPartnerType(reader, partnerTypes) }
  return { value, ignored: reader.finish(['label', 'partner_type']) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readCategoryChange(body: unknown): Read<CategoryChange> {
  const reader = new BodyReader(body)
  const value: CategoryChange = { label: readLabel(reader, 'when sent'), archived: reader.flag('archived') }
  return { value, ignored: reader.finish(['label', 'archived']) }
}

/** @throws Refusal `invalid_body` when the company has as many as it may */
export const createCategory = (companyId: number, category: CategoryCreation): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: {},
  ids: { categories: 1 },
  changesDefinitions: true,
  decide: (_, at) => {
    refuseMoreThan(configurationLimits.categories, 'categories', at.definitions.categories.size)
    const [id, uuid] = [at.nextId('categories'), at.uuid()]
    const times = { created_at: at.now, updated_at: at.now, archived_at: null }
    const row: CategoryRow = { ...category, company_id: companyId, id, uuid, ...times }
    return { reply: { id, uuid }, writes: [{ kind: 'insert', table: 'categories', row }] }
  },
})

/** @throws Refusal `category_not_found` */
export const changeCategory = (
  companyId: number,
  category: Reference | undefined,
  change: CategoryChange & Told,
): Work<ReturnType<typeof categoryView>> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const before = at.definitions.categories.get(category)
    if (before === undefined) throw new Refusal('category_not_found')
    const said = {
      label: change.label ?? before.label,
      archived_at: archivedAt(before.archived_at, change.archived, at.now),
    }
    if (isSame(before, said)) return { reply: categoryView(before, change.wholeSeconds), writes: [] }
    const set = { ...said, updated_at: at.now }
    const key = { company_id: companyId, id: before.id }
    return {
      reply: categoryView({ ...before, ...set }, change.wholeSeconds),
      writes: [{ kind: 'update', table: 'categories', key, set }],
    }
  },
})

/** A category as lists answer it. */
export const categoryView = (category: CategoryRow, wholeSeconds: boolean) => ({
  id: category.id,
  uuid: category.uuid,
  label: category.label,
  partner_type: category.partner_type,
  company_id: category.company_id,
  created_at: wireTime(category.created_at, wholeSeconds),
  updated_at: wireTime(category.updated_at, wholeSeconds),
  archived_at: wireTimeOrNull(category.archived_at, wholeSeconds),
})
