import Type from 'typebox'
import { changing, configurationLimits, Label, pages } from './configuration.ts'
import { keyExample } from './examples.ts'
import { Id, IdForm, nullable, Time, Uuid } from './forms.ts'
import { ignoredHeader, onceFailures, operation, strictHeader } from './operation.ts'

/** Bounds of the keys of a company: those that are in force, and for how long an old one may overlap a new one. */
export const keyLimits = { label: configurationLimits.label, keys: 1_000, overlapSeconds: 2_592_000 } as const
export const overlapSecondsDefault = 86_400

const members = {
  id: Id,
  label: Type.String(),
  prefix: Type.String({ description: 'The first characters of the key.' }),
  user_id: Id,
  user_uuid: Uuid,
  read_access: Type.Boolean(),
  write_access: Type.Boolean(),
  admin_access: Type.Boolean(),
  created_at: Time,
  last_used_at: nullable(Time),
  expires_at: nullable(Time),
  revoked_at: nullable(Time),
}
const secret = { key: Type.String({ description: 'The key itself. It is answered this once and kept nowhere.' }) }

const Key = Type.Object(members, { title: 'Key', examples: [keyExample] })
const keyParams = Type.Object({ keyId: Type.String({ description: "The key's number.", examples: ['1'] }) })
/** A secret is not kept, so a request that makes one cannot be answered again. */
const making = { headers: strictHeader, replyHeaders: ignoredHeader } as const

export const listKeys = operation({
  id: 'listKeys',
  method: 'GET',
  path: '/api/v1/keys',
  summary: 'List Keys',
  description: 'The keys of the company that are in force, oldest first; never the keys themselves.',
  access: 'admin',
  query: Type.Object({
    revoked: Type.Optional(Type.String({ description: 'Any value: revoked and expired keys are answered too.' })),
    ...pages,
  }),
  reply: Type.Array(Key),
  failures: [],
})

export const createKey = operation({
  id: 'createKey',
  method: 'POST',
  path: '/api/v1/keys',
  summary: 'Create Key',
  description: 'A new key of the company, which is answered this once. It needs at least one of the three switches.',
  access: 'admin',
  ...making,
  body: Type.Object(
    {
      label: Label,
      user_id: Type.Optional(nullable(IdForm)),
      read_access: Type.Optional(Type.Boolean()),
      write_access: Type.Optional(Type.Boolean()),
      admin_access: Type.Optional(Type.Boolean()),
      expires_at: Type.Optional(nullable(Time)),
    },
    { title: 'KeyCreation', examples: [{ label: 'CRM sync', read_access: true, write_access: true }] },
  ),
  reply: Type.Object({ ...members, ...secret }, { title: 'CreatedKey' }),
  status: 201,
  failures: [],
})

export const changeKey = operation({
  id: 'changeKey',
  method: 'PATCH',
  path: '/api/v1/keys/:keyId',
  summary: 'Change Key',
  description: 'Renames a key.',
  access: 'admin',
  ...changing,
  params: keyParams,
  body: Type.Object({ label: Type.Optional(Label) }, { title: 'KeyChange', examples: [{ label: 'Old CRM sync' }] }),
  reply: Key,
  failures: [...onceFailures, 'key_not_found'],
})

export const revokeKey = operation({
  id: 'revokeKey',
  method: 'DELETE',
  path: '/api/v1/keys/:keyId',
  summary: 'Revoke Key',
  description: 'The key opens nothing more, within a second. It may be one that was revoked before.',
  access: 'admin',
  params: keyParams,
  reply: Type.Null(),
  status: 204,
  failures: ['key_not_found', 'last_admin_key'],
})

export const rotateKey = operation({
  id: 'rotateKey',
  method: 'POST',
  path: '/api/v1/keys/:keyId/rotate',
  summary: 'Rotate Key',
  description:
    'A new key in place of one, with all that it may and its end, answered this once. The old one ends by itself; a key that was rotated before gives one that ends as it does.',
  access: 'admin',
  ...making,
  params: keyParams,
  body: Type.Object(
    {
      overlap_seconds: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: keyLimits.overlapSeconds,
          description: `For how long the old key still opens; ${overlapSecondsDefault} when absent.`,
        }),
      ),
    },
    { title: 'KeyRotation', examples: [{ overlap_seconds: 3_600 }] },
  ),
  reply: Type.Object(
    { ...members, ...secret, replaces: Type.Object({ id: Id, expires_at: Time }) },
    { title: 'RotatedKey' },
  ),
  status: 201,
  failures: ['key_not_found', 'key_ended'],
})
