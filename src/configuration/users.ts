import { configurationLimits } from '../contract/configuration.ts'
import { emailHint, isEmail, type Reference } from '../contract/forms.ts'
import { givenRoles, userLimits } from '../contract/users.ts'
import { BodyReader, type Read, refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime, wireTimeOrNull } from '../kernel/time.ts'
import type { Definitions, UserRow } from '../storage/definitions.ts'
import type { Work } from '../storage/port.ts'
import { archivedAt, isSame, readColor, type Told } from './read-body.ts'

export type UserCreation = Pick<UserRow, 'email' | 'role' | 'first_name' | 'last_name' | 'position' | 'color'>

/** What may be changed of a user; undefined stays. */
export interface UserChange {
  readonly email: string | undefined
  readonly role: UserRow['role'] | undefined
  readonly first_name: string | null | undefined
  readonly last_name: string | null | undefined
  readonly position: string | null | undefined
  readonly color: string | null | undefined
  readonly disabled: boolean | undefined
}

const personMembers = ['first_name', 'last_name', 'position', 'color'] as const

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readUserCreation(body: unknown): Read<UserCreation> {
  const reader = new BodyReader(body)
  const email = readEmail(reader, 'needed') ?? ''
  const role = reader.oneOf('role', givenRoles) ?? 'partner'
  if (!reader.has('role')) reader.missing('role')
  const { first_name = null, last_name = null, position = null, color = null } = readPerson(reader)
  const value: UserCreation = { email, role, first_name, last_name, position, color }
  return { value, ignored: reader.finish(['email', 'role', ...personMembers]) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readUserChange(body: unknown): Read<UserChange> {
  const reader = new BodyReader(body)
  const value: UserChange = {
    email: readEmail(reader, 'when sent'),
    role: reader.oneOf('role', givenRoles),
    ...readPerson(reader),
    disabled: reader.flag('disabled'),
  }
  return { value, ignored: reader.finish(['email', 'role', ...personMembers, 'disabled']) }
}

function readEmail(reader: BodyReader, when: 'needed' | 'when sent'): string | undefined {
  const email = reader.notBlank('email', userLimits.email, when)
  if (email !== undefined && !isEmail(email)) reader.fault('email', 'Invalid email', emailHint)
  return email
}

const readPerson = (reader: BodyReader) => ({
  first_name: reader.text('first_name', userLimits.first_name),
  last_name: reader.text('last_name', userLimits.last_name),
  position: reader.text('position', userLimits.position),
  color: reader.get('color') === null ? null : readColor(reader, 'color'),
})

/** @throws Refusal `email_taken`; `invalid_body` when the company has as many as it may */
export const createUser = (companyId: number, user: UserCreation): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: {},
  ids: { users: 1 },
  changesDefinitions: true,
  decide: (_, at) => {
    refuseMoreThan(configurationLimits.users, 'users', at.definitions.users.size)
    refuseTaken(at.definitions, user.email)
    const [id, uuid] = [at.nextId('users'), at.uuid()]
    const times = { created_at: at.now, email_verified: null, disabled_at: null }
    const row: UserRow = { ...user, company_id: companyId, id, uuid, ...times }
    return { reply: { id, uuid }, writes: [{ kind: 'insert', table: 'users', row }] }
  },
})

/**
 * A disabled user keeps the time of when that was first said; another address is not verified.
 *
 * @throws Refusal `user_not_found`, `user_erased`, `email_taken`
 */
export const changeUser = (
  companyId: number,
  user: Reference | undefined,
  change: UserChange & Told,
): Work<ReturnType<typeof userView>> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const before = at.definitions.users.get(user)
    if (before === undefined) throw new Refusal('user_not_found')
    if (isErased(before)) throw new Refusal('user_erased')
    const email = change.email ?? before.email
    if (email !== before.email) refuseTaken(at.definitions, email, before.id)
    const set = {
      email,
      role: change.role ?? before.role,
      first_name: change.first_name === undefined ? before.first_name : change.first_name,
      last_name: change.last_name === undefined ? before.last_name : change.last_name,
      position: change.position === undefined ? before.position : change.position,
      color: change.color === undefined ? before.color : change.color,
      email_verified: email === before.email ? before.email_verified : null,
      disabled_at: archivedAt(before.disabled_at, change.disabled, at.now),
    }
    const key = { company_id: companyId, id: before.id }
    return {
      reply: userView({ ...before, ...set }, change.wholeSeconds),
      writes: isSame(before, set) ? [] : [{ kind: 'update', table: 'users', key, set }],
    }
  },
})

/** The address of a user who was erased; nobody can have it, as `.invalid` is no domain (RFC 2606 §2). */
export const erasedEmail = (id: number): string => `user-${id}@erased.invalid`

export const isErased = ({ id, email }: Pick<UserRow, 'id' | 'email'>): boolean => email === erasedEmail(id)

/** @throws Refusal `email_taken` when another user has the address, disabled ones included */
function refuseTaken({ users }: Definitions, email: string, own?: number): void {
  const folded = email.toLowerCase()
  for (const user of users.all()) {
    if (user.id !== own && user.email.toLowerCase() === folded) throw new Refusal('email_taken')
  }
}

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
