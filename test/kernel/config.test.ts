import { describe, expect, test } from 'vitest'
import { addressReader } from '../../src/http/client-address.ts'
import {
  type Config,
  ConfigError,
  configFrom,
  didYouMean,
  flagOf,
  settingNames,
  settings,
  variableOf,
} from '../../src/kernel/config.ts'
import { addressGuard } from '../../src/webhooks/addresses.ts'

const defaults: Config = {
  host: '127.0.0.1',
  port: 4000,
  data: './data',
  databaseUrl: '',
  publicUrl: '',
  trustedProxies: [],
  corsOrigins: [],
  processes: 1,
  rateLimit: 0,
  authFailureLimit: 60,
  bodyBytesMax: 1_048_576,
  batchBytesMax: 8_388_608,
  requestTimeoutMs: 30_000,
  queueMax: 4096,
  requiredFields: true,
  wholeSeconds: false,
  webhookRetrySchedule: [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
  webhookHoldSeconds: 2100,
  webhookTimeoutMs: 10_000,
  webhookConcurrency: 16,
  webhookDisableAfterSeconds: 432_000,
  webhookAllow: [],
  deliveryRetentionDays: 30,
  eventRetentionDays: 0,
  secretKey: '',
  smtpUrl: '',
  smtpFrom: '',
  oidcIssuer: '',
  oidcClientId: '',
  oidcClientSecret: '',
  oidcLabel: '',
  metrics: true,
  log: 'auto',
}
const refusal = (message: string): ConfigError => new ConfigError(message)

describe('settings', () => {
  test('have defaults', () => {
    expect(configFrom({}, {})).toEqual(defaults)
  })

  test('are named alike as flags and variables', () => {
    expect([flagOf('rateLimit'), variableOf('rateLimit')]).toEqual(['--rate-limit', 'WAGGLE_RATE_LIMIT'])
    expect(settingNames.map(variableOf)).toEqual([
      'WAGGLE_HOST',
      'WAGGLE_PORT',
      'WAGGLE_DATA',
      'WAGGLE_DATABASE_URL',
      'WAGGLE_PUBLIC_URL',
      'WAGGLE_TRUSTED_PROXIES',
      'WAGGLE_CORS_ORIGINS',
      'WAGGLE_PROCESSES',
      'WAGGLE_RATE_LIMIT',
      'WAGGLE_AUTH_FAILURE_LIMIT',
      'WAGGLE_BODY_BYTES_MAX',
      'WAGGLE_BATCH_BYTES_MAX',
      'WAGGLE_REQUEST_TIMEOUT_MS',
      'WAGGLE_QUEUE_MAX',
      'WAGGLE_REQUIRED_FIELDS',
      'WAGGLE_WHOLE_SECONDS',
      'WAGGLE_WEBHOOK_RETRY_SCHEDULE',
      'WAGGLE_WEBHOOK_HOLD_SECONDS',
      'WAGGLE_WEBHOOK_TIMEOUT_MS',
      'WAGGLE_WEBHOOK_CONCURRENCY',
      'WAGGLE_WEBHOOK_DISABLE_AFTER_SECONDS',
      'WAGGLE_WEBHOOK_ALLOW',
      'WAGGLE_DELIVERY_RETENTION_DAYS',
      'WAGGLE_EVENT_RETENTION_DAYS',
      'WAGGLE_SECRET_KEY',
      'WAGGLE_SMTP_URL',
      'WAGGLE_SMTP_FROM',
      'WAGGLE_OIDC_ISSUER',
      'WAGGLE_OIDC_CLIENT_ID',
      'WAGGLE_OIDC_CLIENT_SECRET',
      'WAGGLE_OIDC_LABEL',
      'WAGGLE_METRICS',
      'WAGGLE_LOG',
    ])
  })

  test('are read from variables, and flags win', () => {
    const env = { WAGGLE_PORT: '8080', WAGGLE_HOST: '::1', WAGGLE_LOG: 'json', WAGGLE_WHOLE_SECONDS: 'true' }
    expect(configFrom({}, env)).toEqual({ ...defaults, port: 8080, host: '::1', log: 'json', wholeSeconds: true })
    expect(configFrom({ port: '0', log: undefined }, env)).toMatchObject({ port: 0, log: 'json' })
  })

  test('take every value that their form tells', () => {
    for (const log of ['auto', 'json', 'pretty', 'off'] as const) expect(configFrom({ log }, {}).log).toBe(log)
    expect(configFrom({ port: '65535', rateLimit: '100', bodyBytesMax: '1024' }, {})).toMatchObject({
      port: 65_535,
      rateLimit: 100,
      bodyBytesMax: 1024,
    })
    expect(configFrom({ wholeSeconds: 'false' }, { WAGGLE_WHOLE_SECONDS: 'true' }).wholeSeconds).toBe(false)
  })

  test('each says what it is', () => {
    for (const name of settingNames) expect(settings[name].about).toMatch(/^[A-Z].*\.$/)
  })
})

describe('a wrong value is refused, by the name under which it was given', () => {
  test.each([
    [{ port: '65536' }, {}, '--port is "65536", but must be a whole number from 0 to 65535.'],
    [{ port: '' }, {}, '--port is "", but must be a whole number from 0 to 65535.'],
    [{ rateLimit: '-1' }, {}, '--rate-limit is "-1", but must be a whole number from 0 to 1000000.'],
    [{}, { WAGGLE_PORT: 'http' }, 'WAGGLE_PORT is "http", but must be a whole number from 0 to 65535.'],
    [{}, { WAGGLE_PORT: '80.5' }, 'WAGGLE_PORT is "80.5", but must be a whole number from 0 to 65535.'],
    [{}, { WAGGLE_PORT: ' 80' }, 'WAGGLE_PORT is " 80", but must be a whole number from 0 to 65535.'],
    [{}, { WAGGLE_PORT: '0x50' }, 'WAGGLE_PORT is "0x50", but must be a whole number from 0 to 65535.'],
    [{}, { WAGGLE_QUEUE_MAX: '0' }, 'WAGGLE_QUEUE_MAX is "0", but must be a whole number from 1 to 1000000.'],
    [
      {},
      { WAGGLE_BODY_BYTES_MAX: '1023' },
      'WAGGLE_BODY_BYTES_MAX is "1023", but must be a whole number from 1024 to 104857600.',
    ],
    [{}, { WAGGLE_WHOLE_SECONDS: 'yes' }, 'WAGGLE_WHOLE_SECONDS is "yes", but must be true or false.'],
    [{}, { WAGGLE_LOG: 'JSON' }, 'WAGGLE_LOG is "JSON", but must be one of auto, json, pretty, off.'],
    [{}, { WAGGLE_DATA: '' }, 'WAGGLE_DATA is "", but must be a text.'],
    [
      {},
      { WAGGLE_DATABASE_URL: 'mysql://x/y' },
      'WAGGLE_DATABASE_URL must be an address such as postgres://user@host:5432/name. What it is now is not shown, as it may hold a secret.',
    ],
    [{ port: '80' }, { WAGGLE_LOG: 'x' }, 'WAGGLE_LOG is "x", but must be one of auto, json, pretty, off.'],
  ])('%j %j', (flags, env, message) => {
    expect(() => configFrom(flags, env)).toThrow(refusal(message))
  })
})

describe('a variable that is not known', () => {
  test.each([
    ['WAGGLE_PROT', 'Unknown setting WAGGLE_PROT. Did you mean WAGGLE_PORT?'],
    ['WAGGLE_RATELIMIT', 'Unknown setting WAGGLE_RATELIMIT. Did you mean WAGGLE_RATE_LIMIT?'],
    ['WAGGLE_DATA_DIR', 'Unknown setting WAGGLE_DATA_DIR. Did you mean WAGGLE_DATA?'],
    ['WAGGLE_LOGS', 'Unknown setting WAGGLE_LOGS. Did you mean WAGGLE_LOG?'],
    [
      'WAGGLE_TOTALLY_DIFFERENT_THING',
      'Unknown setting WAGGLE_TOTALLY_DIFFERENT_THING. waggle serve --help tells all.',
    ],
  ])('%s is refused, with the nearest name', (name, message) => {
    expect(() => configFrom({}, { [name]: '1' })).toThrow(refusal(message))
    expect(() => configFrom({}, { [name]: undefined, PATH: '/bin' })).toThrow(refusal(message))
  })

  test('of another program is none of ours', () => {
    expect(configFrom({}, { PORT: '1', WAGGLEPORT: '2', waggle_port: '3', MY_WAGGLE_PORT: '4' })).toEqual(defaults)
  })
})

test('a name that is not near is not offered', () => {
  expect(didYouMean('--prot', ['--port', '--host'])).toBe(' Did you mean --port?')
  expect(didYouMean('--something', ['--port', '--host'])).toBe('')
  expect(didYouMean('--port', [])).toBe('')
})

describe('settings of webhooks', () => {
  const read = (name: string, text: string) => configFrom({}, { [`WAGGLE_${name}`]: text })

  test('a schedule is seconds in a comma list', () => {
    expect(read('WEBHOOK_RETRY_SCHEDULE', '0, 5,300').webhookRetrySchedule).toEqual([0, 5, 300])
  })

  test.each(['', '5,', '-1', '1.5', 'five', '2592001', Array(51).fill('1').join()])('%j is no schedule', (text) => {
    expect(() => read('WEBHOOK_RETRY_SCHEDULE', text)).toThrow(ConfigError)
  })

  test('networks are addresses, with or without a length', () => {
    const text = '10.0.0.0/8, 127.0.0.1,::1/128,fd00::/8,::ffff:10.0.0.0/104,0:0:0:0:0:FFFF:a00:0/104,::ffff:0:a00:0/64'
    expect(read('WEBHOOK_ALLOW', text).webhookAllow).toEqual(text.split(',').map((one) => one.trim()))
  })

  test.each([
    '',
    '10.0.0.0/33',
    '10.0.0/8',
    'localhost',
    '::1/129',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '::ffff:0:0/90',
    '0:0::ffff:10.0.0.0/8',
    '::FFFF:a00:0/95',
  ])('%j is no network', (text) => {
    expect(() => read('WEBHOOK_ALLOW', text)).toThrow(ConfigError)
    expect(() => configFrom({ trustedProxies: text }, {})).toThrow(ConfigError)
  })

  test('what is a network can be asked whether an address is in it', () => {
    for (const text of [
      '0:0::ffff:10.0.0.0/104',
      '::FFFF:a00:0/104',
      '::ffff:0:a00:0/96',
      '::/96',
      '::1',
      'fe80::1%1/64',
    ]) {
      const allow = read('WEBHOOK_ALLOW', text).webhookAllow
      expect(() => addressGuard(allow), text).not.toThrow()
      expect(() => addressReader(configFrom({ trustedProxies: text }, {}).trustedProxies), text).not.toThrow()
    }
  })

  test('a secret key is 32 bytes', () => {
    const base64 = Buffer.alloc(32, 1).toString('base64')
    for (const key of ['0'.repeat(64), base64]) expect(read('SECRET_KEY', key).secretKey).toBe(key)
    for (const key of ['0'.repeat(63), 'short', 'x'.repeat(64)])
      expect(() => read('SECRET_KEY', key)).toThrow(ConfigError)
  })
})

test('mail needs an address that it comes from, and one that links begin with', () => {
  const smtp = { smtpUrl: 'smtp://mail.example' }
  expect(() => configFrom(smtp, {})).toThrow(refusal('WAGGLE_SMTP_URL needs WAGGLE_SMTP_FROM too.'))
  expect(() => configFrom({ ...smtp, smtpFrom: 'waggle@our.example' }, {})).toThrow(
    refusal('WAGGLE_SMTP_URL needs WAGGLE_PUBLIC_URL too.'),
  )
  const whole = { ...smtp, smtpFrom: 'waggle@our.example', publicUrl: 'https://waggle.our.example/' }
  expect(configFrom(whole, {})).toMatchObject({ ...whole, publicUrl: 'https://waggle.our.example' })
})

test('a provider needs the secret that it knows the server by, and an address that it sends people back to', () => {
  const oidc = { oidcIssuer: 'https://login.our.example/realms/our' }
  expect(() => configFrom(oidc, {})).toThrow(refusal('WAGGLE_OIDC_ISSUER needs WAGGLE_OIDC_CLIENT_ID too.'))
  const known = { ...oidc, oidcClientId: 'waggle', oidcClientSecret: 'a secret' }
  expect(() => configFrom(known, {})).toThrow(refusal('WAGGLE_OIDC_ISSUER needs WAGGLE_PUBLIC_URL too.'))
  const whole = { ...known, publicUrl: 'https://waggle.our.example' }
  expect(configFrom(whole, {})).toMatchObject(whole)
  const label = { oidcLabel: 'Our login' }
  expect(() => configFrom(label, {})).toThrow(refusal('WAGGLE_OIDC_LABEL needs WAGGLE_OIDC_ISSUER too.'))
})

test('trusted proxies are networks, and never everybody', () => {
  const read = (trustedProxies: string) => configFrom({ trustedProxies }, {}).trustedProxies
  expect(read('127.0.0.1/32, ::1,10.1.0.0/16')).toEqual(['127.0.0.1/32', '::1', '10.1.0.0/16'])
  expect(() => read('10.0.0.0/8,0.0.0.0/0')).toThrow(
    refusal(
      '--trusted-proxies is "10.0.0.0/8,0.0.0.0/0", but must be networks such as 10.0.0.0/8 or ::1/128 in a comma list, ' +
        'none of them every address.',
    ),
  )
  for (const text of ['', 'nginx', '10.0.0.0/33']) expect(() => read(text), text).toThrow(ConfigError)
})

test.each([
  '0.0.0.0/0',
  '0.0.0.0/00',
  '192.0.2.7/0',
  '::/0',
  '0:0::/0',
  'fd00::/0',
  '::ffff:0:0/96',
  '::FFFF:192.0.2.7/96',
  '0:0:0:0:0:ffff::/96',
  '0000::ffff:0.0.0.0/096',
  '::/64', // IPv4 lies in it
  '::1/80',
])('%s is everybody, and no trusted proxy', (text) => {
  expect(() => configFrom({ trustedProxies: `::1,${text}` }, {})).toThrow(', none of them every address.')
})

test('origins of other pages are named one by one', () => {
  const read = (corsOrigins: string) => configFrom({ corsOrigins }, {}).corsOrigins
  expect(read('https://App.our.example/, http://localhost:5173')).toEqual([
    'https://app.our.example',
    'http://localhost:5173',
  ])
  expect(() => read('*')).toThrow(
    refusal(
      '--cors-origins is "*", but must be origins such as https://app.company.example in a comma list, each named by itself.',
    ),
  )
  for (const text of ['', 'null', 'https://*.our.example', 'app.our.example', 'https://our.example/app', 'file://']) {
    expect(() => read(text), text).toThrow(ConfigError)
  }
})

test.each([
  ['https://login.our.example', true],
  ['https://login.our.example/realms/our/', true],
  ['http://127.0.0.1:8080/realms/our', true],
  ['http://localhost:8080', true],
  ['http://[::1]:8080', true],
  ['http://login.our.example', false],
  ['http://127.0.0.1.evil.example', false],
  ['https://login.our.example/?tenant=1', false],
  ['https://name@login.our.example', false],
  ['login.our.example', false],
])('the provider %s: %s', (oidcIssuer, good) => {
  const read = () =>
    configFrom({ oidcIssuer, oidcClientId: 'waggle', oidcClientSecret: 's', publicUrl: 'https://our.example' }, {})
  if (good) expect(read()).toMatchObject({ oidcIssuer })
  else expect(read).toThrow(ConfigError)
})

test.each(['waggle.our.example', 'ftp://waggle.our.example', 'https://our.example/waggle', 'https://our.example/?x'])(
  'the public address %s is refused',
  (publicUrl) => expect(() => configFrom({ publicUrl }, {})).toThrow(ConfigError),
)
