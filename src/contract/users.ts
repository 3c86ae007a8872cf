import Type from 'typebox'
import { pages } from './configuration.ts'
import { Id, nullable, Time, Uuid } from './forms.ts'
import { operation } from './operation.ts'

const roles = ['admin', 'partnerships', 'partner', 'indirect'] as const

const User = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    created_at: Time,
    email: Type.String(),
    first_name: nullable(Type.String()),
    last_name: nullable(Type.String()),
    role: Type.Enum([...roles]),
    position: nullable(Type.String()),
    email_verified: nullable(Time),
    disabled_at: nullable(Time),
    color: nullable(Type.String()),
    profile_image_id: Type.Null(),
    profile_image_uuid: Type.Null(),
    country_id: Type.Null(),
    country_label: Type.Null(),
    country_code: Type.Null(),
  },
  { title: 'User' },
)

export const listUsers = operation({
  id: 'listUsers',
  method: 'GET',
  path: '/api/v1/users',
  summary: 'List Users',
  description: 'The users of the company, oldest first.',
  access: 'read',
  query: Type.Object({
    indirect: Type.Optional(Type.String({ description: 'Any value: disabled and indirect users are answered too.' })),
    ...pages,
  }),
  reply: Type.Array(User),
  failures: [],
})
