import type { Reference } from '../contract/forms.ts'
import type { Pipeline } from '../contract/stages.ts'
import { Refusal } from '../kernel/refusal.ts'
import { transactAsRead } from '../storage/as-read.ts'
import type { Definitions } from '../storage/definitions.ts'
import type { Database, Idempotency, Outcome, Work, Write } from '../storage/port.ts'
import { countUses, type Used } from '../storage/uses.ts'

/** What is to be removed for good, as the path names it. */
export type Named =
  | { readonly kind: 'tag' | 'tier' | 'category' | 'field'; readonly reference: Reference | undefined }
  | { readonly kind: 'option'; readonly field: Reference | undefined; readonly option: number | undefined }
  | { readonly kind: 'stage'; readonly pipeline: Pipeline; readonly reference: Reference | undefined }

interface Removable {
  readonly archived_at: number | null
  /** What leads use of it; undefined where no lead can. */
  readonly used: Used | undefined
  readonly writes: readonly Write[]
}

/**
 * Removes for good what is archived and used by no lead. Nothing can begin to use it meanwhile: what is archived is taken
 * by no lead anew, and a restored one is a change of definitions, after which all is looked at again.
 *
 * @throws Refusal `tag_not_found` and so on; `not_archived`, `in_use`
 * @see docs/behaviour.md §16 What a company defines
 */
export async function removeForGood(
  database: Database,
  companyId: number,
  named: Named,
  once: Idempotency | undefined,
): Promise<Outcome<null>> {
  const prepare = async (definitions: Definitions): Promise<Work<null>> => {
    const found = removable(definitions, named)
    const used = found?.archived_at === null ? undefined : found?.used
    return remove(companyId, named, used === undefined ? 0 : await countUses(database, companyId, used))
  }
  return transactAsRead(database, companyId, prepare, once)
}

/** @param uses how many leads use it, looked at while it was archived */
const remove = (companyId: number, named: Named, uses: number): Work<null> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, { definitions }) => {
    const found = removable(definitions, named)
    if (found === undefined) throw new Refusal(notFound[named.kind])
    if (found.archived_at === null) throw new Refusal('not_archived')
    if (uses > 0) {
      const says = `In use by ${uses} ${uses === 1 ? 'lead' : 'leads'}, deleted ones included`
      throw new Refusal('in_use', { says })
    }
    return { reply: null, writes: found.writes }
  },
})

const notFound = {
  tag: 'tag_not_found',
  field: 'field_not_found',
  option: 'option_not_found',
  tier: 'tier_not_found',
  category: 'category_not_found',
  stage: 'stage_not_found',
} as const

/** @throws Refusal `field_not_found` when an option's field is not there */
function removable(definitions: Definitions, named: Named): Removable | undefined {
  switch (named.kind) {
    case 'tag': {
      const tag = definitions.tags.get(named.reference)
      return tag && { ...tag, used: { kind: 'tag', id: tag.id }, writes: [removal('tags', tag)] }
    }
    case 'field':
      return removableField(definitions, named.reference)
    case 'option':
      return removableOption(definitions, named)
    case 'tier': {
      const tier = definitions.tiers.get(named.reference)
      return tier && { ...tier, used: undefined, writes: [removal('tiers', tier)] }
    }
    case 'category': {
      const category = definitions.categories.get(named.reference)
      return category && { ...category, used: undefined, writes: [removal('categories', category)] }
    }
    case 'stage': {
      const stage = definitions.stages.get(named.reference)
      if (stage?.pipeline !== named.pipeline) return undefined
      return { ...stage, used: undefined, writes: [removal('stages', stage)] }
    }
  }
}

function removableField({ fields }: Definitions, reference: Reference | undefined): Removable | undefined {
  const field = fields.get(reference)
  if (field === undefined) return undefined
  const options = [...field.options.values()].map(optionRemoval)
  const { id, archived_at } = field
  return {
    archived_at,
    used: { kind: 'field', id },
    writes: [removal('custom_fields', field), ...options],
  }
}

function removableOption({ fields }: Definitions, named: Extract<Named, { kind: 'option' }>): Removable | undefined {
  const field = fields.get(named.field)
  if (field === undefined) throw new Refusal('field_not_found')
  const option = field.options.get(named.option ?? 0)
  if (option === undefined) return undefined
  const used = { kind: 'option', fieldId: field.id, id: option.id } as const
  return { archived_at: option.archived_at, used, writes: [optionRemoval(option)] }
}

const removal = (
  table: 'tags' | 'custom_fields' | 'tiers' | 'categories' | 'stages',
  { company_id, id }: { readonly company_id: number; readonly id: number },
): Write => ({ kind: 'delete', table, key: { company_id, id } })

const optionRemoval = ({
  company_id,
  custom_field_id,
  id,
}: {
  readonly company_id: number
  readonly custom_field_id: number
  readonly id: number
}): Write => ({ kind: 'delete', table: 'custom_field_options', key: { company_id, custom_field_id, id } })
