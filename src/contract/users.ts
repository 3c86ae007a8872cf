import Type from 'typebox'
import { Color, Created, changing, pages } from './configuration.ts'
import { userExample } from './examples.ts'
import { emailPattern, Id, nullable, Time, Uuid } from './forms.ts'
import { contactLimits } from './lead-members.ts'
import { onceFailures, operation } from './operation.ts'

const roles = ['admin', 'partnerships', 'partner', 'indirect'] as const
/** Roles that can be given: an indirect user comes with a partner. */
export const givenRoles = ['admin', 'partnerships', 'partner'] as const

export const userLimits = {
  email: contactLimits.email,
  first_name: contactLimits.first_name,
  last_name: contactLimits.last_name,
  position: 255,
} as const

export const User = Type.Object(
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
  { title: 'User', examples: [userExample] },
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

const Email = Type.String({
  pattern: `^\\s*${emailPattern}\\s*$`,
  maxLength: userLimits.email,
  description: 'No other user of the company has it, whatever the case.',
})
const Role = Type.Enum([...givenRoles])
const optionalText = (maxLength: number) =>
  Type.Optional(nullable(Type.String({ maxLength, description: 'Null or blank is none.' })))

const ofPerson = {
  first_name: optionalText(userLimits.first_name),
  last_name: optionalText(userLimits.last_name),
  position: optionalText(userLimits.position),
  color: Type.Optional(nullable(Color)),
}

export const createUser = operation({
  id: 'createUser',
  method: 'POST',
  path: '/api/v1/users',
  summary: 'Create User',
  description: 'A new user of the company, who may be assigned to leads at once.',
  access: 'admin',
  ...changing,
  body: Type.Object(
    { email: Email, role: Role, ...ofPerson },
    {
      title: 'UserCreation',
      examples: [{ email: 'eva.ost@company.example', role: 'partnerships', first_name: 'Eva', last_name: 'Ost' }],
    },
  ),
  reply: Created,
  status: 201,
  failures: [...onceFailures, 'email_taken'],
})

export const changeUser = operation({
  id: 'changeUser',
  method: 'PATCH',
  path: '/api/v1/users/:userId',
  summary: 'Change User',
  description:
    'Changes what is told of a user, or disables one: leads keep a disabled user, and no other gets one. ' +
    '`disabled: false` takes it back.',
  access: 'admin',
  ...changing,
  params: Type.Object({ userId: Type.String({ description: "The user's number or uuid.", examples: ['123'] }) }),
  body: Type.Object(
    {
      email: Type.Optional(Email),
      role: Type.Optional(Role),
      ...ofPerson,
      disabled: Type.Optional(Type.Boolean()),
    },
    { title: 'UserChange', examples: [{ role: 'admin' }, { disabled: true }] },
  ),
  reply: User,
  failures: [...onceFailures, 'user_not_found', 'user_erased', 'email_taken'],
})
