import { type Reference, referenceFromJson } from '../contract/forms.ts'
import { keyLimits, overlapSecondsDefault } from '../contract/keys.ts'
import { BodyReader, type Read } from '../http/body-reader.ts'
import { timeFrom } from '../kernel/time.ts'
import type { NewKey } from './make.ts'

/** A key to be made, as a body tells it; without `user` it acts for the user who makes it. */
export type SentKey = Omit<NewKey, 'companyId' | 'key' | 'user'> & { readonly user: Reference | undefined }

const switches = ['read_access', 'write_access', 'admin_access'] as const

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readNewKey(body: unknown): Read<SentKey> {
  const reader = new BodyReader(body)
  const label = reader.notBlank('label', keyLimits.label, 'needed') ?? ''
  const user = readUser(reader)
  const mayRead = reader.flag('read_access') ?? false
  const mayWrite = reader.flag('write_access') ?? false
  const mayAdminister = reader.flag('admin_access') ?? false
  const expiresAt = readEnd(reader)
  if (reader.faults.length === 0 && !mayRead && !mayWrite && !mayAdminister) {
    reader.faults.push({ path: '', message: 'A key needs read_access, write_access or admin_access' })
  }
  const value: SentKey = { label, user, mayRead, mayWrite, mayAdminister, expiresAt }
  return { value, ignored: reader.finish(['label', 'user_id', ...switches, 'expires_at']) }
}

function readUser(reader: BodyReader): Reference | undefined {
  const sent = reader.get('user_id') ?? undefined
  const user = referenceFromJson(sent)
  if (sent !== undefined && user === undefined) reader.fault('user_id', 'user_id must be a number or a uuid')
  return user
}

function readEnd(reader: BodyReader): number | null {
  const sent = reader.get('expires_at') ?? null
  const time = typeof sent === 'string' ? timeFrom(sent) : undefined
  if (sent !== null && time === undefined) {
    reader.fault('expires_at', 'expires_at must be a time', 'YYYY-MM-DD, or an ISO 8601 time with Z or an offset')
  }
  return time ?? null
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readKeyChange(body: unknown): Read<string | undefined> {
  const reader = new BodyReader(body)
  const label = reader.notBlank('label', keyLimits.label, 'when sent')
  return { value: label, ignored: reader.finish(['label']) }
}

/**
 * @returns for how many ms the old key still opens
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readRotation(body: unknown): Read<number> {
  const reader = new BodyReader(body)
  const seconds = reader.integer('overlap_seconds', { min: 0, max: keyLimits.overlapSeconds })
  return { value: (seconds ?? overlapSecondsDefault) * 1_000, ignored: reader.finish(['overlap_seconds']) }
}
