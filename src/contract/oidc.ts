/** Why an identity provider signed nobody in, by the `reason` in the address of the page that says so. */
export const oidcFailures = {
  ended: 'That took longer than ten minutes, or was begun in another window. Try again.',
  refused: 'The identity provider has not signed you in.',
  unreachable: 'The identity provider cannot be reached now. Try again later, or sign in with your password.',
  invalid: 'The answer of the identity provider could not be verified. The log of the server says why.',
  unverified: 'The identity provider does not say that your e-mail address is verified.',
  unknown: 'Nobody with your e-mail address may sign in here. Ask an administrator to add you.',
  ambiguous: 'Several companies know your e-mail address. Sign in with the password that you have for one of them.',
  too_many: 'Too many attempts. Wait for ten minutes.',
} as const

export type OidcFailureReason = keyof typeof oidcFailures
