import { nearest } from './names.ts'

interface Setting<T> {
  /** What the operator reads in `--help` and docs/configuration.md. */
  readonly about: string
  readonly default: T
  /** The value of a text, or undefined when the text is no such value. */
  readonly read: (text: string) => T | undefined
  /** What a right value looks like, for the message that refuses a wrong one. */
  readonly form: string
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

const setting = <T>(value: Setting<T>): Setting<T> => value

/**
 * Every setting of the server, one row each. The name here is the flag in camel case: `rateLimit` is
 * `--rate-limit` and `WAGGLE_RATE_LIMIT`.
 */
export const settings = {
  host: setting({ ...anyText, default: '127.0.0.1', about: 'Address to listen on.' }),
  port: setting({ ...wholeNumber(0, 65_535), default: 4000, about: 'Port to listen on; 0 takes a free one.' }),
  data: setting({ ...anyText, default: './data', about: 'Directory that holds the database.' }),
  rateLimit: setting({
    ...wholeNumber(0, 1_000_000),
    default: 0,
    about: 'Requests a minute for each key; 0 is off.',
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
  wholeSeconds: setting({
    ...yesOrNo,
    default: false,
    about: 'Answer times without milliseconds, for clients that cannot read them.',
  }),
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
    throw new ConfigError(`Unknown setting ${name}.${didYouMean(name, known)}`)
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
  const one = <T>(name: SettingName, { read, default: fallback, form }: Setting<T>): T => {
    const flag = flags[name]
    const text = flag ?? env[variableOf(name)]
    if (text === undefined) return fallback
    const value = read(text)
    if (value !== undefined) return value
    throw new ConfigError(`${flag === undefined ? variableOf(name) : flagOf(name)} is "${text}", but must be ${form}.`)
  }
  return {
    host: one('host', settings.host),
    port: one('port', settings.port),
    data: one('data', settings.data),
    rateLimit: one('rateLimit', settings.rateLimit),
    authFailureLimit: one('authFailureLimit', settings.authFailureLimit),
    bodyBytesMax: one('bodyBytesMax', settings.bodyBytesMax),
    requestTimeoutMs: one('requestTimeoutMs', settings.requestTimeoutMs),
    queueMax: one('queueMax', settings.queueMax),
    wholeSeconds: one('wholeSeconds', settings.wholeSeconds),
    log: one('log', settings.log),
  }
}
