import { agree, holds, listOf } from './compare.ts'
import { isJson, type Json, type Lead } from './model.ts'
import type { Plan, Scene } from './request.ts'
import { agreeIgnored, carrying, draftOf, keyNameOf, never, patchHooks } from './right-leads.ts'
import { once, pick, sampleOf } from './schema.ts'
import { keyIdOf } from './world.ts'

/** An operation, with the lead that it changes or the status that it is refused with. */
interface Part {
  readonly operation: unknown
  readonly outcome: { readonly lead: Lead; readonly patch: Json } | number
}

/** Some leads, each changed once, and between them what is refused. */
export function changeLeads(scene: Scene): Plan {
  const { draw, model } = scene
  const { operation } = scene.served.get('changeLeads') ?? never()
  const atomic = once(draw, 2)
  const leads = [...model.leads.values()].filter(() => once(draw, 2))
  const parts = leads.flatMap((lead) => {
    const right = partFor(scene, lead)
    return atomic || !once(draw, 3) ? [right] : [refusedPart(scene, lead), right]
  })
  const operations = parts.map((part) => part.operation)
  const draft = carrying(scene, draftOf(scene, operation, {}), {
    operations,
    ...((atomic || once(draw, 4)) && { atomic }),
  })
  if (once(draw, 8)) draft.headers['prefer'] = 'handling=strict'
  const judge: Plan['right']['judge'] = ({ headers }, answered) => {
    const body = isJson(answered) ? answered : {}
    agreeIgnored(headers['x-waggle-ignored-fields'], [])
    agree('Idempotency-Replayed', headers['idempotency-replayed'], undefined)
    const results = listOf(body['results'], 'the results')
    agree('how many results', results.length, parts.length)
    const about = { keyId: keyIdOf(model.world, keyNameOf(scene, draft)), requestId: headers['x-request-id'] ?? null }
    for (const [index, { outcome }] of parts.entries()) {
      const result = results[index] ?? {}
      if (typeof outcome === 'number') agree('what is refused', [result['index'], result['status']], [index, outcome])
      else judgeOne(scene, outcome, { index, result, about })
    }
    const failed = parts.filter(({ outcome }) => typeof outcome === 'number').length
    agree('the counts', [body['succeeded'], body['failed']], [parts.length - failed, failed])
  }
  return { draft, right: { status: 200, judge } }
}

function judgeOne(
  { model }: Scene,
  { lead, patch }: Exclude<Part['outcome'], number>,
  { index, result, about }: { index: number; result: Json; about: { keyId: number; requestId: string | null } },
): void {
  const { next, changes } = model.patched(lead, patch)
  const changed = Object.keys(changes).length > 0
  const at = String(result['updated_at'])
  if (changed) holds(at >= (model.log.at(-1)?.at ?? ''), 'the time of a change is not before the one before it', at)
  const saved = changed ? model.commit(lead, next, { at, changes, ...about }) : lead
  agree(`the result of lead ${lead.seed.id}`, result, {
    index,
    status: 200,
    id: lead.seed.id,
    uuid: lead.seed.uuid,
    updated_at: saved.updatedAt,
    version: saved.version,
    sequence: changed ? model.sequence : null,
  })
}

function partFor(scene: Scene, lead: Lead): Part {
  const { draw, served } = scene
  const { body: schema } = served.get('updateLead') ?? never()
  const made = sampleOf(schema ?? {}, { ...scene, hooks: patchHooks(scene, lead) })
  const patch: Json = JSON.parse(JSON.stringify(isJson(made) ? made : {}))
  const { id, uuid } = lead.seed
  const names = [
    { op: 'update', by: 'id', key: id },
    { op: 'update', by: 'id', key: String(id) },
    { op: 'update', by: 'uuid', key: uuid.toUpperCase() },
    ...(lead.externalId === null ? [] : [{ op: 'update', by: 'externalId', key: ` ${lead.externalId}` }]),
  ]
  const version = once(draw, 4) ? { ifVersion: lead.version } : {}
  if (lead.externalId !== null && once(draw, 3)) {
    const { external_id: _, ...members } = patch
    const name = { op: 'upsert', by: 'externalId', key: lead.externalId }
    return { operation: { ...name, ...version, lead: members }, outcome: { lead, patch: members } }
  }
  return { operation: { ...pick(draw, names), ...version, lead: patch }, outcome: { lead, patch } }
}

function refusedPart({ draw, neighbour, model }: Scene, lead: Lead): Part {
  const by = { op: 'update', by: 'id', key: lead.seed.id }
  const foreign = pick(draw, neighbour.leads).id
  const parts: readonly Part[] = [
    { operation: { ...by, ifVersion: lead.version + 1, lead: {} }, outcome: 412 },
    {
      operation: { ...by, key: pick(draw, [foreign, model.world.archivedLead]), lead: { status: 'lost' } },
      outcome: 404,
    },
    { operation: { ...by, lead: { status: 'won' } }, outcome: 400 },
    { operation: { ...by, lead: { first_name: 'never', tags: [999_999_999] } }, outcome: 400 },
    { operation: pick(draw, [null, [], {}, { ...by, op: 'delete' }, by]), outcome: 400 },
    { operation: { op: 'upsert', by: 'externalId', key: 'nobody', ifVersion: 1, lead: {} }, outcome: 412 },
    { operation: { op: 'create', lead: { first_name: 'no required field' } }, outcome: 400 },
  ]
  return pick(draw, parts)
}
