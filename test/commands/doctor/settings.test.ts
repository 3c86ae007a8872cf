import { expect, test } from 'vitest'
import { readArguments } from '../../../src/commands/arguments.ts'
import { lookAtConfig, lookAtSettings } from '../../../src/commands/doctor/settings.ts'
import { settingFlags } from '../../../src/commands/settings.ts'
import { type Config, configFrom, settingNames } from '../../../src/kernel/config.ts'

const look = (argv: readonly string[], env: Record<string, string> = {}) =>
  lookAtSettings(readArguments(argv, settingFlags(settingNames), 0), { env })
const config = (more: Partial<Config>): Config => ({ ...configFrom({}, {}), ...more })
const behindProxy = {
  publicUrl: 'https://waggle.company.example',
  trustedProxies: ['127.0.0.1/32'],
  metrics: false,
}

test('settings that go together are well', () => {
  expect(look([]).findings).toEqual([{ check: 'settings', state: 'ok', says: 'The settings go together.' }])
  expect(lookAtConfig(config({ host: '0.0.0.0', ...behindProxy }))).toEqual([])
})

test('what no server would begin with is told, all of it, and the rest is looked at', () => {
  const env = {
    WAGGLE_PROT: '1',
    WAGGLE_PORT: 'many',
    WAGGLE_SECRET_KEY: 'too short',
    WAGGLE_DATA: '/data',
    PATH: '/bin',
  }
  const { config: set, findings } = look(['--rate-limit', '7'], env)
  expect(findings.map(({ state, says }) => [state, says])).toEqual([
    ['fault', 'Unknown setting WAGGLE_PROT. Did you mean WAGGLE_PORT?'],
    ['fault', 'WAGGLE_PORT must be a whole number from 0 to 65535.'],
    ['fault', 'WAGGLE_SECRET_KEY must be 32 bytes as 64 hexadecimal digits, or as base64.'],
  ])
  expect(set).toMatchObject({ data: '/data', port: 4000, rateLimit: 7 })
})

test('a setting that lacks another is told', () => {
  const { findings } = look([], { WAGGLE_SMTP_URL: 'smtp://mail.example' })
  expect(findings).toMatchObject([{ state: 'fault', says: 'WAGGLE_SMTP_URL needs WAGGLE_SMTP_FROM too.' }])
})

test('a wrong flag is refused as the server refuses it', () => {
  expect(() => look(['--port', 'many'])).toThrow('--port is "many", but must be a whole number from 0 to 65535.')
})

test.each<[Partial<Config>, string, RegExp]>([
  [{ processes: 4 }, 'fault', /^4 processes cannot share the embedded database\.$/],
  [
    { host: '0.0.0.0', metrics: false },
    'warning',
    /^The server listens on 0\.0\.0\.0, beyond this machine, and has no --public-url/,
  ],
  [{ publicUrl: 'http://waggle.company.example', metrics: false }, 'warning', /is not https: keys and passwords/],
  [{ ...behindProxy, trustedProxies: [] }, 'warning', /can only be a proxy's, but none is trusted: failed sign-ins/],
  [{ host: '::', ...behindProxy, metrics: true }, 'note', /^\/metrics answers without a key\.$/],
  [{ webhookAllow: ['10.0.0.0/8', '0.0.0.0/0'] }, 'warning', /^--webhook-allow allows every address/],
  [{ webhookAllow: ['0:0:0:0:0:ffff::/96'] }, 'warning', /^--webhook-allow allows every address/],
])('what is wrong together is told: %o', (more, state, says) => {
  const [first] = lookAtConfig(config(more))
  expect(first).toMatchObject({
    check: 'settings',
    state,
    says: expect.stringMatching(says),
    advice: expect.any(String),
  })
})

test('on this machine alone http is well', () => {
  expect(lookAtConfig(config({ host: '::1', publicUrl: 'http://localhost:4000' }))).toEqual([])
})
