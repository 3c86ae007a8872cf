import Type from 'typebox'
import { companyNameMax } from './company.ts'
import { meExample } from './examples.ts'
import { emailPattern, Id, nullable, Time, Uuid } from './forms.ts'
import { operation } from './operation.ts'
import { userLimits } from './users.ts'

/** Characters of a password. */
export const passwordLimits = { min: 10, max: 128 } as const
/** For how long a session goes on that is not used. */
export const sessionSeconds = 604_800
/** For how long a session goes on at the most, however it is used. */
export const sessionSecondsMax = 2_592_000
/** For how long a link opens: one that invites, and one for a new password. */
export const linkSeconds = { invitation: 604_800, reset: 3_600 } as const

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
  { title: 'Me', examples: [meExample] },
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

const Address = Type.String({ pattern: '\\S', maxLength: userLimits.email })
const NewPassword = Type.String({ minLength: passwordLimits.min, maxLength: passwordLimits.max })
const optionalText = (maxLength: number) => Type.Optional(nullable(Type.String({ maxLength })))

export const signIn = operation({
  id: 'signIn',
  method: 'POST',
  path: '/api/console/sign-in',
  summary: 'Sign In',
  description: 'Begins a session of a user, by e-mail address and password.',
  access: 'public',
  replyHeaders: sessionHeader,
  body: Type.Object(
    { email: Address, password: Type.String({ minLength: 1, maxLength: passwordLimits.max }) },
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

export const setUp = operation({
  id: 'setUp',
  method: 'POST',
  path: '/api/console/setup',
  summary: 'Set Up',
  description:
    'Makes the first person who can sign in, an administrator, and signs that one in. It takes the code that the server ' +
    'prints when it starts, and works until somebody can sign in. Where there is no company yet, it makes one.',
  access: 'public',
  replyHeaders: sessionHeader,
  body: Type.Object(
    {
      code: Type.String({ pattern: '\\S', maxLength: 32 }),
      email: Type.String({ pattern: `^\\s*${emailPattern}\\s*$`, maxLength: userLimits.email }),
      password: NewPassword,
      first_name: optionalText(userLimits.first_name),
      last_name: optionalText(userLimits.last_name),
      company_name: optionalText(companyNameMax),
    },
    {
      title: 'SetUp',
      examples: [{ code: 'K7QM-2XPA', email: 'eva.ost@company.example', password: 'three dull honeycombs' }],
    },
  ),
  reply: Me,
  status: 201,
  failures: ['code_refused', 'setup_done', 'email_taken', 'too_many_attempts'],
})

export const makeLink = operation({
  id: 'makeLink',
  method: 'POST',
  path: '/api/console/users/:userId/link',
  summary: 'Make Link',
  description:
    'A link with which a user sets a password and is signed in, once. It invites who has no password yet, for 7 days; for ' +
    'who has one it opens for an hour. It is answered this once, and sent by mail where the server sends mail.',
  access: 'admin',
  params: Type.Object({ userId: Type.String({ description: "The user's number or uuid.", examples: ['123'] }) }),
  reply: Type.Object(
    { url: Type.String({ format: 'uri' }), expires_at: Time, mailed: Type.Boolean() },
    { title: 'PasswordLink' },
  ),
  status: 201,
  failures: ['user_not_found', 'cannot_sign_in'],
})

const Token = Type.String({ pattern: '\\S', maxLength: 128, description: 'The `token` of the link.' })

export const readLink = operation({
  id: 'readLink',
  method: 'POST',
  path: '/api/console/link',
  summary: 'Read Link',
  description: 'Whom a link is for. It stays good.',
  access: 'public',
  body: Type.Object({ token: Token }, { title: 'LinkReading', examples: [{ token: 'uVnT…' }] }),
  reply: Type.Object(
    {
      company: Type.Object({ name: Type.String() }),
      email: Type.String(),
      first_name: nullableText,
      last_name: nullableText,
      expires_at: Time,
    },
    { title: 'Link' },
  ),
  failures: ['link_ended', 'too_many_attempts'],
})

export const welcome = operation({
  id: 'welcome',
  method: 'POST',
  path: '/api/console/welcome',
  summary: 'Use Link',
  description: 'Sets the password of whom a link is for, ends all sessions of that user and begins one.',
  access: 'public',
  replyHeaders: sessionHeader,
  body: Type.Object(
    { token: Token, password: NewPassword },
    { title: 'Welcome', examples: [{ token: 'uVnT…', password: 'three dull honeycombs' }] },
  ),
  reply: Me,
  failures: ['link_ended', 'too_many_attempts'],
})

export const forgot = operation({
  id: 'forgot',
  method: 'POST',
  path: '/api/console/forgot',
  summary: 'Ask for a New Password',
  description: 'Sends a link to the address by mail, if it is one of a user; the answer does not tell.',
  access: 'public',
  body: Type.Object({ email: Address }, { title: 'Forgot', examples: [{ email: 'eva.ost@company.example' }] }),
  reply: Type.Null(),
  status: 204,
  failures: ['no_mail', 'too_many_attempts'],
})
