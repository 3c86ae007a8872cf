import { wireTime, wireTimeOrNull } from '../kernel/time.ts'
import type { UserRow } from '../storage/definitions.ts'

/** Disabled and indirect users are told only to those who ask for them. */
export const isListed = ({ disabled_at, role }: UserRow): boolean => disabled_at === null && role !== 'indirect'

/** A user as lists answer it. */
export const userView = (user: UserRow, wholeSeconds: boolean) => ({
  id: user.id,
  uuid: user.uuid,
  created_at: wireTime(user.created_at, wholeSeconds),
  email: user.email,
  first_name: user.first_name,
  last_name: user.last_name,
  role: user.role,
  position: user.position,
  email_verified: wireTimeOrNull(user.email_verified, wholeSeconds),
  disabled_at: wireTimeOrNull(user.disabled_at, wholeSeconds),
  color: user.color,
  profile_image_id: null,
  profile_image_uuid: null,
  country_id: null,
  country_label: null,
  country_code: null,
})
