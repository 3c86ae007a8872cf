import Type from 'typebox'
import { Id, nullable, Uuid } from './forms.ts'
import { operation } from './operation.ts'
import { userLimits } from './users.ts'

/** Characters of a password. */
export const passwordLimits = { min: 10, max: 128 } as const
/** For how long a session goes on that is not used. */
export const sessionSeconds = 604_800

const nullableText = nullable(Type.String())

const Me = Type.Object(
  {
    company: Type.Object({ id: Id, uuid: Uuid, name: Type.String() }),
    user: Type.Object({
      id: Id,
      uuid: Uuid,
      email: Type.String(),
      first_name: nullableText,
      last_name: nullableText,
      role: Type.String(),
      color: nullableText,
    }),
    key: Type.Union([Type.Object({ id: Id, label: Type.String() }), Type.Null()], {
      description: 'The key that was sent; null when a person is signed in.',
    }),
    permissions: Type.Object({ read: Type.Boolean(), write: Type.Boolean(), admin: Type.Boolean() }),
    operations: Type.Array(Type.String(), {
      description: 'The `operationId` of each operation that is open to this key or person.',
    }),
  },
  { title: 'Me' },
)

export const me = operation({
  id: 'me',
  method: 'GET',
  path: '/api/v1/me',
  summary: 'Who Asks',
  description: 'The company and the user of the key or of the session, and what is open to them.',
  access: 'read',
  reply: Me,
  failures: [],
})

export const consoleState = operation({
  id: 'consoleState',
  method: 'GET',
  path: '/api/console/state',
  summary: 'How to Sign In',
  description: 'What the page for signing in needs to know.',
  access: 'public',
  reply: Type.Object(
    {
      setup_needed: Type.Boolean({
        description: 'Nobody can sign in yet: the code in the log of the server sets it up.',
      }),
      oidc: nullable(Type.Object({ label: Type.String() })),
      mail: Type.Boolean({ description: 'Whether the server sends mail, so that a password can be asked for again.' }),
      sample_sign_in: Type.Optional(Type.Object({ email: Type.String(), password: Type.String() })),
    },
    { title: 'ConsoleState' },
  ),
  failures: [],
})

/** What the answer of an operation sets that begins a session. */
const sessionHeader = {
  'Set-Cookie': 'The session: `waggle_session`, or `__Host-waggle_session` behind https.',
} as const

const Address = Type.String({ maxLength: userLimits.email })

export const signIn = operation({
  id: 'signIn',
  method: 'POST',
  path: '/api/console/sign-in',
  summary: 'Sign In',
  description: 'Begins a session of a user, by e-mail address and password.',
  access: 'public',
  replyHeaders: sessionHeader,
  body: Type.Object(
    { email: Address, password: Type.String({ maxLength: passwordLimits.max }) },
    { title: 'SignIn', examples: [{ email: 'eva.ost@company.example', password: 'three dull honeycombs' }] },
  ),
  reply: Me,
  failures: ['sign_in_refused', 'too_many_attempts'],
})

export const signOut = operation({
  id: 'signOut',
  method: 'POST',
  path: '/api/console/sign-out',
  summary: 'Sign Out',
  description: 'Ends the session of the request, if there is one.',
  access: 'public',
  replyHeaders: { 'Set-Cookie': 'Takes the session away.' },
  reply: Type.Null(),
  status: 204,
  failures: [],
})
