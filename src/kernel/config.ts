import { nearest } from './names.ts'
import { isEveryAddress, isNetwork } from './networks.ts'

interface Setting<T> {
  /** What the operator reads in `--help` and docs/configuration.md. */
  readonly about: string
  readonly default: T
  /** The value of a text, or undefined when the text is no such value. */
  readonly read: (text: string) => T | undefined
  /** What a right value looks like, for the message that refuses a wrong one. */
  readonly form: string
  /** Whether it is a secret, or may hold one: it is shown to nobody, a wrong value neither. */
  readonly isSecret?: true
}

const wholeNumber = (min: number, max: number) => ({
  form: `a whole number from ${min} to ${max}`,
  read: (text: string): number | undefined => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : undefined
  },
})

const oneOf = <const T extends string>(...values: readonly T[]) => ({
  form: `one of ${values.join(', ')}`,
  read: (text: string): T | undefined => values.find((value) => value === text),
})

const anyText = { form: 'a text', read: (text: string): string | undefined => (text === '' ? undefined : text) }

const yesOrNo = {
  form: 'true or false',
  read: (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined),
}

const secondsList = {
  form: 'seconds from 0 to 2592000 in a comma list, at most 50 of them',
  read: (text: string): readonly number[] | undefined => {
    const values = text.split(',').map((one) => (/^ *\d{1,7} *$/.test(one) ? Number(one) : Number.NaN))
    return values.length <= 50 && values.every((value) => value <= 2_592_000) ? values : undefined
  },
}

const networks = {
  form: 'networks such as 10.0.0.0/8 or ::1/128 in a comma list',
  read: (text: string): readonly string[] | undefined => {
    const values = text.split(',').map((one) => one.trim())
    return values.every(isNetwork) ? values : undefined
  },
}

/** Whoever trusts every address lets clients choose theirs. */
const proxyNetworks = {
  form: `${networks.form}, none of them every address`,
  read: (text: string): readonly string[] | undefined => {
    const values = networks.read(text)
    return values?.some(isEveryAddress) === true ? undefined : values
  },
}

const databaseUrl = {
  isSecret: true as const,
  form: 'an address such as postgres://user@host:5432/name',
  read: (text: string): string | undefined =>
    /^postgres(ql)?:\/\//.test(text) && URL.canParse(text) ? text : undefined,
}

const webUrl = {
  form: 'an address such as https://waggle.company.example, without a path',
  read: (text: string): string | undefined =>
    /^https?:\/\//.test(text) && URL.canParse(text) && /^\/?$/.test(text.slice(new URL(text).origin.length))
      ? new URL(text).origin
      : undefined,
}

/** No `*`: it would invite pages of everybody, and a key does not belong into those. */
const origins = {
  form: 'origins such as https://app.company.example in a comma list, each named by itself',
  read: (text: string): readonly string[] | undefined => {
    const values = text.split(',').map((one) => (one.includes('*') ? undefined : webUrl.read(one.trim())))
    return values.every((one) => one !== undefined) ? values : undefined
  },
}

const smtpUrl = {
  isSecret: true as const,
  form: 'an address such as smtps://name:password@mail.company.example',
  read: (text: string): string | undefined => (/^smtps?:\/\/./.test(text) && URL.canParse(text) ? text : undefined),
}

const issuerUrl = {
  form: 'an address such as https://login.company.example, as the provider names itself',
  read: (text: string): string | undefined => {
    if (!/^https?:\/\/[^?#]+$/.test(text) || !URL.canParse(text)) return undefined
    const { protocol, hostname, username } = new URL(text)
    // Over http anybody on the way could say who signs in.
    const isSafe = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
    return isSafe && username === '' ? text : undefined
  },
}

const secretKey = {
  isSecret: true as const,
  form: '32 bytes as 64 hexadecimal digits, or as base64',
  read: (text: string): string | undefined =>
    /^[0-9a-f]{64}$/i.test(text) || /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? text : undefined,
}

const setting = <T>(value: Setting<T>): Setting<T> => value

/**
 * Every setting of the server, one row each. The name here is the flag in camel case: `rateLimit` is
 * `--rate-limit` and `WAGGLE_RATE_LIMIT`.
 */
export const settings = {
  host: setting({ ...anyText, default: '127.0.0.1', about: 'Address to listen on.' }),
  port: setting({ ...wholeNumber(0, 65_535), default: 4000, about: 'Port to listen on; 0 takes a free one.' }),
  data: setting({ ...anyText, default: './data', about: 'Directory that holds the database.' }),
  databaseUrl: setting({
    ...databaseUrl,
    default: '',
    about: 'PostgreSQL database to use in place of the embedded one; many servers may share it.',
  }),
  publicUrl: setting({
    ...webUrl,
    default: '',
    about: 'Address that people know the server by; links begin with it, and with https cookies are for https only.',
  }),
  trustedProxies: setting<readonly string[]>({
    ...proxyNetworks,
    default: [],
    about: 'Networks of proxies in front of the server, such as 127.0.0.1/32, whose X-Forwarded-For is believed.',
  }),
  corsOrigins: setting<readonly string[]>({
    ...origins,
    default: [],
    about: 'Origins such as https://app.company.example whose pages may use the API with a key of their own.',
  }),
  processes: setting({
    ...wholeNumber(1, 256),
    default: 1,
    about: 'Processes that serve one port; more than 1 need --database-url.',
  }),
  rateLimit: setting({
    ...wholeNumber(0, 1_000_000),
    default: 0,
    about: 'Requests a minute for each key, in each process; 0 is off.',
  }),
  authFailureLimit: setting({
    ...wholeNumber(0, 1_000_000),
    default: 60,
    about: 'Failed sign-ins a minute for each address before 429; 0 is off. Loopback is exempt.',
  }),
  bodyBytesMax: setting({
    ...wholeNumber(1024, 104_857_600),
    default: 1_048_576,
    about: 'Largest request body in bytes, counted after decompression.',
  }),
  batchBytesMax: setting({
    ...wholeNumber(1024, 104_857_600),
    default: 8_388_608,
    about: 'Largest body of a batch of leads in bytes, counted after decompression.',
  }),
  requestTimeoutMs: setting({
    ...wholeNumber(100, 600_000),
    default: 30_000,
    about: 'Milliseconds in which a request must have arrived in full.',
  }),
  queueMax: setting({
    ...wholeNumber(1, 1_000_000),
    default: 4096,
    about: 'Changes that may wait for the disk before the server answers 503.',
  }),
  requiredFields: setting({
    ...yesOrNo,
    default: true,
    about: 'Whether a new lead must have a value for each custom field that is required.',
  }),
  wholeSeconds: setting({
    ...yesOrNo,
    default: false,
    about: 'Answer times without milliseconds, for clients that cannot read them.',
  }),
  webhookRetrySchedule: setting<readonly number[]>({
    ...secondsList,
    default: [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
    about: 'Seconds before each attempt of a webhook; after the last one the delivery is parked.',
  }),
  webhookHoldSeconds: setting({
    ...wholeNumber(0, 2_592_000),
    default: 2100,
    about: 'Seconds for which a failing webhook holds back later ones of the same lead.',
  }),
  webhookTimeoutMs: setting({
    ...wholeNumber(10, 120_000),
    default: 10_000,
    about: 'Milliseconds in which a receiver must have answered.',
  }),
  webhookConcurrency: setting({
    ...wholeNumber(1, 256),
    default: 16,
    about: 'Webhooks under way to one endpoint at the same time.',
  }),
  webhookDisableAfterSeconds: setting({
    ...wholeNumber(1, 31_536_000),
    default: 432_000,
    about: 'Seconds of nothing but failures after which an endpoint is disabled.',
  }),
  webhookAllow: setting<readonly string[]>({
    ...networks,
    default: [],
    about: 'Private networks that webhooks may be sent to, such as 10.0.0.0/8; all others are refused.',
  }),
  deliveryRetentionDays: setting({
    ...wholeNumber(0, 36_500),
    default: 30,
    about: 'Days after which deliveries that need nothing more are removed; 0 keeps them.',
  }),
  eventRetentionDays: setting({
    ...wholeNumber(0, 36_500),
    default: 0,
    about: 'Days after which events lose what they changed, the fact of the change apart; 0 keeps all.',
  }),
  secretKey: setting({
    ...secretKey,
    default: '',
    about: 'Key that seals secrets of webhooks; when absent it is kept in the data directory, in secret.key.',
  }),
  smtpUrl: setting({
    ...smtpUrl,
    default: '',
    about:
      'SMTP server that sends links for passwords; it needs --smtp-from and --public-url. Without it no mail is sent.',
  }),
  smtpFrom: setting({
    ...anyText,
    default: '',
    about: 'Address that mail comes from: Waggle <waggle@company.example>.',
  }),
  oidcIssuer: setting({
    ...issuerUrl,
    default: '',
    about:
      'OpenID Connect provider that people may sign in with; it needs --oidc-client-id, --oidc-client-secret and --public-url.',
  }),
  oidcClientId: setting({ ...anyText, default: '', about: 'What the provider knows this server by.' }),
  oidcClientSecret: setting({
    ...anyText,
    isSecret: true,
    default: '',
    about: 'What this server proves that to the provider with.',
  }),
  oidcLabel: setting({
    ...anyText,
    default: '',
    about: 'Name of the provider on the button that signs in; when absent it is its host.',
  }),
  metrics: setting({ ...yesOrNo, default: true, about: 'Serve /metrics, in the form of Prometheus, without a key.' }),
  log: setting({
    ...oneOf('auto', 'json', 'pretty', 'off'),
    default: 'auto',
    about: 'Form of the log; auto is pretty in a terminal and json elsewhere.',
  }),
} as const

export type SettingName = keyof typeof settings
export type Config = { readonly [Name in SettingName]: (typeof settings)[Name]['default'] }

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
export const flagOf = (name: string): string => `--${words(name)}`
export const variableOf = (name: string): string => `WAGGLE_${words(name).replaceAll('-', '_').toUpperCase()}`
/** Where a setting may come from, for who has not seen which it was. */
export const eitherOf = (name: string): string => `${flagOf(name)} or ${variableOf(name)}`

/** A default as people read it. */
export const shownDefault = (name: SettingName): string => String(settings[name].default) || 'none'

export const settingNames = Object.keys(settings).filter((name): name is SettingName => Object.hasOwn(settings, name))

/** A wrong setting: the operator reads the message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Refuses `WAGGLE_*` variables that name no setting. */
function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  const known = settingNames.map(variableOf)
  for (const name of Object.keys(env)) {
    if (!name.startsWith('WAGGLE_') || known.includes(name)) continue
    throw new ConfigError(`Unknown setting ${name}.${didYouMean(name, known) || ' waggle serve --help tells all.'}`)
  }
}

/** ` Did you mean --port?`, or nothing when no name is near. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const near = nearest(typed, names)
  return near === undefined ? '' : ` Did you mean ${near}?`
}

/**
 * The configuration from flags (by setting name) and variables; a flag wins over its variable.
 *
 * @throws ConfigError naming the setting, what it was, and what it may be
 */
export function configFrom(
  flags: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): Config {
  refuseUnknownVariables(env)
  const one = <T>(name: SettingName, { read, default: fallback, form, isSecret }: Setting<T>): T => {
    const flag = flags[name]
    const text = flag ?? env[variableOf(name)]
    if (text === undefined) return fallback
    const value = read(text)
    if (value !== undefined) return value
    const given = flag === undefined ? variableOf(name) : flagOf(name)
    // A name and a password may stand before an @, whatever the rest of an address is.
    if (isSecret === true || text.includes('@')) {
      throw new ConfigError(`${given} must be ${form}. What it is now is not shown, as it may hold a secret.`)
    }
    throw new ConfigError(`${given} is "${text}", but must be ${form}.`)
  }
  return whole({
    host: one('host', settings.host),
    port: one('port', settings.port),
    data: one('data', settings.data),
    databaseUrl: one('databaseUrl', settings.databaseUrl),
    publicUrl: one('publicUrl', settings.publicUrl),
    trustedProxies: one('trustedProxies', settings.trustedProxies),
    corsOrigins: one('corsOrigins', settings.corsOrigins),
    processes: one('processes', settings.processes),
    rateLimit: one('rateLimit', settings.rateLimit),
    authFailureLimit: one('authFailureLimit', settings.authFailureLimit),
    bodyBytesMax: one('bodyBytesMax', settings.bodyBytesMax),
    batchBytesMax: one('batchBytesMax', settings.batchBytesMax),
    requestTimeoutMs: one('requestTimeoutMs', settings.requestTimeoutMs),
    queueMax: one('queueMax', settings.queueMax),
    requiredFields: one('requiredFields', settings.requiredFields),
    wholeSeconds: one('wholeSeconds', settings.wholeSeconds),
    webhookRetrySchedule: one('webhookRetrySchedule', settings.webhookRetrySchedule),
    webhookHoldSeconds: one('webhookHoldSeconds', settings.webhookHoldSeconds),
    webhookTimeoutMs: one('webhookTimeoutMs', settings.webhookTimeoutMs),
    webhookConcurrency: one('webhookConcurrency', settings.webhookConcurrency),
    webhookDisableAfterSeconds: one('webhookDisableAfterSeconds', settings.webhookDisableAfterSeconds),
    webhookAllow: one('webhookAllow', settings.webhookAllow),
    deliveryRetentionDays: one('deliveryRetentionDays', settings.deliveryRetentionDays),
    eventRetentionDays: one('eventRetentionDays', settings.eventRetentionDays),
    secretKey: one('secretKey', settings.secretKey),
    smtpUrl: one('smtpUrl', settings.smtpUrl),
    smtpFrom: one('smtpFrom', settings.smtpFrom),
    oidcIssuer: one('oidcIssuer', settings.oidcIssuer),
    oidcClientId: one('oidcClientId', settings.oidcClientId),
    oidcClientSecret: one('oidcClientSecret', settings.oidcClientSecret),
    oidcLabel: one('oidcLabel', settings.oidcLabel),
    metrics: one('metrics', settings.metrics),
    log: one('log', settings.log),
  })
}

/** @throws ConfigError a setting lacks another that it needs */
function whole(config: Config): Config {
  const needs = (name: SettingName, others: readonly SettingName[]): void => {
    const missing = config[name] === '' ? undefined : others.find((other) => config[other] === '')
    if (missing !== undefined) throw new ConfigError(`${variableOf(name)} needs ${variableOf(missing)} too.`)
  }
  // Links in mail begin with no address that a request has named.
  needs('smtpUrl', ['smtpFrom', 'publicUrl'])
  // The provider sends people back to an address that it was told of before.
  needs('oidcIssuer', ['oidcClientId', 'oidcClientSecret', 'publicUrl'])
  for (const name of ['oidcClientId', 'oidcClientSecret', 'oidcLabel'] as const) needs(name, ['oidcIssuer'])
  return config
}
