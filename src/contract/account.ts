import Type from 'typebox'
import { accountExample } from './examples.ts'
import { nullable, Time } from './forms.ts'
import { operation } from './operation.ts'
import { passwordLimits } from './session.ts'

/** For how long after it began a session counts as signed in just now, where there is no password to be asked for. */
export const recentSeconds = 600
/** Sessions that are told: those used last. */
export const sessionsToldMax = 100
/** Characters of what a browser calls itself that are kept. */
export const userAgentMax = 300

const Session = Type.Object(
  {
    id: Type.String({ description: 'Names it, and opens nothing.' }),
    created_at: Time,
    last_used_at: Time,
    expires_at: Time,
    address: nullable(Type.String({ description: 'Where the person signed in from; null where that is not known.' })),
    user_agent: nullable(Type.String({ description: `What the browser called itself, ${userAgentMax} characters.` })),
    current: Type.Boolean({ description: 'Whether it is the one of this request.' }),
  },
  { title: 'Session' },
)

export const getAccount = operation({
  id: 'getAccount',
  method: 'GET',
  path: '/api/console/account',
  summary: 'Get Account',
  description:
    `Whether the person who asks has a password, and where that one is signed in: the ${sessionsToldMax} sessions that ` +
    'were used last. `last_used_at` is known to the hour; `expires_at` is when the session ends if it is used no more.',
  access: 'person',
  reply: Type.Object(
    {
      has_password: Type.Boolean({ description: 'False for who signs in with a provider alone.' }),
      sessions: Type.Array(Session),
    },
    { title: 'Account', examples: [accountExample] },
  ),
  failures: [],
})

/** The session begins anew when its person has given the password again. */
const sessionHeader = {
  'Set-Cookie':
    'The session that takes the place of this one: `waggle_session`, or `__Host-waggle_session` behind https.',
} as const

const OldPassword = Type.String({ minLength: 1, maxLength: passwordLimits.max })

export const changePassword = operation({
  id: 'changePassword',
  method: 'POST',
  path: '/api/console/password',
  summary: 'Change Password',
  description:
    'Sets the password of the person who asks, by the old one. All sessions of that person end, and so do links for a ' +
    'password; in this browser another begins.',
  access: 'person',
  replyHeaders: sessionHeader,
  body: Type.Object(
    {
      current_password: OldPassword,
      password: Type.String({ minLength: passwordLimits.min, maxLength: passwordLimits.max }),
    },
    {
      title: 'PasswordChange',
      examples: [{ current_password: 'three dull honeycombs', password: 'five bright honeycombs' }],
    },
  ),
  reply: Type.Null(),
  status: 204,
  failures: ['password_refused', 'no_password', 'too_many_attempts'],
})

const again = {
  access: 'person',
  replyHeaders: sessionHeader,
  body: Type.Object(
    {
      password: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: passwordLimits.max,
          description: 'Needed by who has one. Who has none must have signed in within the last ten minutes.',
        }),
      ),
    },
    { title: 'PasswordAgain', examples: [{ password: 'three dull honeycombs' }] },
  ),
  reply: Type.Null(),
  status: 204,
} as const
const againFailures = ['password_refused', 'sign_in_again', 'too_many_attempts'] as const

export const endSession = operation({
  id: 'endSession',
  method: 'POST',
  path: '/api/console/sessions/:sessionId/end',
  summary: 'End Session',
  description: 'Ends a session of the person who asks. Of the one of the request that is as signing out.',
  ...again,
  params: Type.Object({
    sessionId: Type.String({ description: "The session's id.", examples: [accountExample.sessions[0].id] }),
  }),
  failures: [...againFailures, 'session_not_found'],
})

export const endOtherSessions = operation({
  id: 'endOtherSessions',
  method: 'POST',
  path: '/api/console/sessions/end-others',
  summary: 'End Other Sessions',
  description: 'Ends all sessions of the person who asks, but that of the request.',
  ...again,
  failures: againFailures,
})

export const endUserSessions = operation({
  id: 'endUserSessions',
  method: 'POST',
  path: '/api/console/users/:userId/end-sessions',
  summary: 'End Sessions of a User',
  description: 'Ends all sessions of a user, who may sign in again.',
  access: 'admin',
  params: Type.Object({ userId: Type.String({ description: "The user's number or uuid.", examples: ['123'] }) }),
  reply: Type.Null(),
  status: 204,
  failures: ['user_not_found'],
})
