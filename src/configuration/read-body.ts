import { configurationLimits } from '../contract/configuration.ts'
import type { BodyReader } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'

/** A label that is not blank; `needed` where it must be sent. */
export function readLabel(reader: BodyReader, when: 'needed' | 'when sent'): string | undefined {
  const label = reader.text('label', configurationLimits.label)
  if (label === null || (label === undefined && when === 'needed')) reader.missing('label')
  return label ?? undefined
}

/** `#RRGGBB`; null is as absent. */
export function readColor(reader: BodyReader, member: string): string | undefined {
  const sent = reader.get(member) ?? undefined
  if (sent === undefined) return undefined
  if (typeof sent === 'string' && /^#[0-9a-f]{6}$/i.test(sent)) return sent
  return reader.fault(member, `Invalid ${member}`, 'a colour such as #EF4444')
}

export function readPartnerType<T extends string>(reader: BodyReader, options: readonly T[]): T | null {
  return reader.get('partner_type') === null ? null : (reader.oneOf('partner_type', options) ?? null)
}

/** @throws Refusal `invalid_body` when there are as many as may be */
export function refuseMore(present: number, max: number, who: string, noun: string): void {
  if (present < max) return
  throw new Refusal('invalid_body', { faults: [{ path: '', message: `${who} ${max} ${noun}` }] })
}
