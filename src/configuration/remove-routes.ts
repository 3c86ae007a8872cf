import * as contract from '../contract/deletions.ts'
import { digitsAsId, referenceFromText } from '../contract/forms.ts'
import { answerOf } from '../http/conditions.ts'
import { type Call, type Server, serve } from '../http/serve.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Database } from '../storage/port.ts'
import { type Named, removeForGood } from './remove.ts'

/** Every DELETE of what a company defines. */
export function removalRoutes(server: Server, database: Database): void {
  const remove =
    (named: (params: Call['params']) => Named) =>
    async ({ actor, params, conditions }: Call & { readonly actor: Actor }) => {
      return answerOf(await removeForGood(database, actor.companyId, named(params), conditions.once))
    }
  const by = (params: Call['params'], name: string) => referenceFromText(params[name] ?? '')

  serve(
    server,
    contract.deleteTag,
    remove((params) => ({ kind: 'tag', reference: by(params, 'tagId') })),
  )
  serve(
    server,
    contract.deleteField,
    remove((params) => ({ kind: 'field', reference: by(params, 'fieldId') })),
  )
  serve(
    server,
    contract.deleteOption,
    remove((params) => ({
      kind: 'option',
      field: by(params, 'fieldId'),
      option: digitsAsId(params['optionId'] ?? ''),
    })),
  )
  serve(
    server,
    contract.deleteTier,
    remove((params) => ({ kind: 'tier', reference: by(params, 'tierId') })),
  )
  serve(
    server,
    contract.deleteCategory,
    remove((params) => ({ kind: 'category', reference: by(params, 'categoryId') })),
  )
  serve(
    server,
    contract.deletePartnerStage,
    remove((params) => ({ kind: 'stage', pipeline: 'partner', reference: by(params, 'stageId') })),
  )
  serve(
    server,
    contract.deleteLeadDealStage,
    remove((params) => ({ kind: 'stage', pipeline: 'lead_deal', reference: by(params, 'stageId') })),
  )
}
