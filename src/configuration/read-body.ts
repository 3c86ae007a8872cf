import { configurationLimits, defaultColors } from '../contract/configuration.ts'
import { BodyReader, type Read } from '../http/body-reader.ts'

/** How the answer tells times. */
export interface Told {
  readonly wholeSeconds: boolean
}

/** What may be changed of a tag or a tier; undefined stays. */
export interface ColouredChange {
  readonly label: string | undefined
  readonly background_color: string | undefined
  readonly text_color: string | undefined
  readonly archived: boolean | undefined
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readColouredChange(body: unknown): Read<ColouredChange> {
  const reader = new BodyReader(body)
  const value: ColouredChange = {
    label: readLabel(reader, 'when sent'),
    background_color: readColor(reader, 'background_color'),
    text_color: readColor(reader, 'text_color'),
    archived: reader.flag('archived'),
  }
  return { value, ignored: reader.finish(['label', 'background_color', 'text_color', 'archived']) }
}

/** The columns of a tag or a tier as a change leaves them. */
export function colouredAfter(
  before: { label: string; background_color: string; text_color: string; archived_at: number | null },
  change: ColouredChange,
  now: number,
) {
  return {
    label: change.label ?? before.label,
    background_color: change.background_color ?? before.background_color,
    text_color: change.text_color ?? before.text_color,
    archived_at: archivedAt(before.archived_at, change.archived, now),
  }
}

/** What is archived twice keeps its first time. */
export const archivedAt = (before: number | null, archived: boolean | undefined, now: number): number | null =>
  archived === undefined ? before : archived ? (before ?? now) : null

/** Whether a row has these columns already. */
export const isSame = <R extends object>(row: R, set: Partial<R>): boolean => {
  const entries: [string, unknown][] = Object.entries(set)
  const held = new Map<string, unknown>(Object.entries(row))
  return entries.every(([column, value]) => held.get(column) === value)
}

/** A label that is not blank; `needed` where it must be sent. */
export const readLabel = (reader: BodyReader, when: 'needed' | 'when sent'): string | undefined =>
  reader.notBlank('label', configurationLimits.label, when)

/** Both colours of a new row: grey and white when absent. */
export const readColors = (reader: BodyReader) => ({
  background_color: readColor(reader, 'background_color') ?? defaultColors.background,
  text_color: readColor(reader, 'text_color') ?? defaultColors.text,
})

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
