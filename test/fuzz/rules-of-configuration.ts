import type { FailureName } from '../../src/contract/failures.ts'
import { pathOf } from './request.ts'
import { type Rule, refused } from './rules.ts'
import { pick } from './schema.ts'
import { keyIdOf, type World } from './world.ts'

/** What a path names, how it is refused, and what another company has of it. */
const named: Readonly<Record<string, readonly [failure: FailureName, idsOf: (world: World) => readonly number[]]>> = {
  tagId: ['tag_not_found', ({ rows }) => rows.tags.map(({ id }) => id)],
  fieldId: ['field_not_found', ({ rows }) => rows.fields.map(({ id }) => id)],
  tierId: ['tier_not_found', ({ rows }) => rows.tiers.map(({ id }) => id)],
  categoryId: ['category_not_found', ({ rows }) => rows.categories.map(({ id }) => id)],
  stageId: ['stage_not_found', ({ rows }) => rows.stages.map(({ id }) => id)],
  userId: ['user_not_found', ({ rows }) => rows.users.map(({ id }) => id)],
  keyId: ['key_not_found', (world) => [keyIdOf(world, 'full'), keyIdOf(world, 'admin')]],
}

const nameIn = (template: string): string | undefined =>
  template.includes(':leadId') ? undefined : Object.keys(named).find((name) => template.includes(`:${name}`))

/** Rules of what a company defines, its users and its keys. They are of requests that nobody foresees, too. */
export const rulesOfConfiguration: readonly Rule[] = [
  {
    name: 'what a path names is the company’s',
    fits: ({ template = '' }) => nameIn(template) !== undefined,
    breakIn: (draft, { neighbour, draw }) => {
      const { template = '' } = draft
      const name = nameIn(template) ?? ''
      const [failure, idsOf] = named[name] ?? []
      if (failure === undefined || idsOf === undefined) return undefined
      draft.path = pathOf(template, { [name]: String(pick(draw, idsOf(neighbour))) })
      return refused(failure)
    },
  },
]
