import { expect, test } from 'vitest'
import { configFrom } from '../../src/kernel/config.ts'
import { secretsIn } from '../../src/kernel/secrets.ts'

test('secrets are told in each form in which they may come back', () => {
  const config = configFrom(
    { databaseUrl: 'postgres://waggle:word%40home@host/x', smtpUrl: 'smtp://n:short@host' },
    {
      WAGGLE_OIDC_ISSUER: 'https://login.our.example',
      WAGGLE_OIDC_CLIENT_ID: 'waggle',
      WAGGLE_OIDC_CLIENT_SECRET: 'say "yes"',
      WAGGLE_PUBLIC_URL: 'https://our.example',
      WAGGLE_SMTP_FROM: 'w@our.example',
    },
  )
  expect(new Set(secretsIn(config))).toEqual(
    new Set(['say%20%22yes%22', 'say \\"yes\\"', 'say "yes"', 'word%40home', 'word@home']),
  )
  expect(secretsIn(configFrom({}, {}))).toEqual([])
})
