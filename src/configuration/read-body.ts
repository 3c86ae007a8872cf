import { configurationLimits } from '../contract/configuration.ts'
import type { BodyReader } from '../http/body-reader.ts'

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
