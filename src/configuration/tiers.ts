import { configurationLimits, partnerTypes } from '../contract/configuration.ts'
import type { Reference } from '../contract/forms.ts'
import { BodyReader, type Read, refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTimeOrNull } from '../kernel/time.ts'
import type { TierRow } from '../storage/definitions.ts'
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

export type TierCreation = Pick<TierRow, 'label' | 'background_color' | 'text_color' | 'partner_type'>

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readTierCreation(body: unknown): Read<TierCreation> {
  const reader = new BodyReader(body)
  const value: TierCreation = {
    label: readLabel(reader, 'needed') ?? '',
    ...readColors(reader),
    partner_type: readPartnerType(reader, partnerTypes),
  }
  return { value, ignored: reader.finish(['label', 'background_color', 'text_color', 'partner_type']) }
}

/** @throws Refusal `invalid_body` when the company has as many as it may */
export const createTier = (companyId: number, tier: TierCreation): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: {},
  ids: { tiers: 1 },
  changesDefinitions: true,
  decide: (_, at) => {
    refuseMoreThan(configurationLimits.tiers, 'tiers', at.definitions.tiers.size)
    const [id, uuid] = [at.nextId('tiers'), at.uuid()]
    const row: TierRow = { ...tier, company_id: companyId, id, uuid, created_at: at.now, archived_at: null }
    return { reply: { id, uuid }, writes: [{ kind: 'insert', table: 'tiers', row }] }
  },
})

/** @throws Refusal `tier_not_found` */
export const changeTier = (
  companyId: number,
  tier: Reference | undefined,
  { wholeSeconds, ...change }: ColouredChange & Told,
): Work<ReturnType<typeof tierView>> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const before = at.definitions.tiers.get(tier)
    if (before === undefined) throw new Refusal('tier_not_found')
    const set = colouredAfter(before, change, at.now)
    const key = { company_id: companyId, id: before.id }
    return {
      reply: tierView({ ...before, ...set }, wholeSeconds),
      writes: isSame(before, set) ? [] : [{ kind: 'update', table: 'tiers', key, set }],
    }
  },
})

/** A tier as lists answer it. */
export const tierView = (tier: TierRow, wholeSeconds: boolean) => ({
  id: tier.id,
  uuid: tier.uuid,
  label: tier.label,
  background_color: tier.background_color,
  text_color: tier.text_color,
  partner_type: tier.partner_type,
  company_id: tier.company_id,
  archived_at: wireTimeOrNull(tier.archived_at, wholeSeconds),
})
