import {
  type Config,
  ConfigError,
  configFrom,
  flagOf,
  settingNames,
  settings,
  variableOf,
} from '../../kernel/config.ts'
import { isEveryAddress } from '../../kernel/networks.ts'
import { type Finding, findingsOf } from '../../storage/looking/finding.ts'
import type { Arguments } from '../arguments.ts'
import type { Io } from '../command.ts'

const { ok, note, warning, fault } = findingsOf('settings')

/**
 * The settings as a server would take them, and what is wrong with them. What no server would begin with is left out, so
 * that the rest can be looked at.
 *
 * @throws ConfigError a flag is wrong
 */
export function lookAtSettings(given: Arguments, io: Pick<Io, 'env'>): { config: Config; findings: Finding[] } {
  const flags = Object.fromEntries(settingNames.map((name) => [name, given.text(flagOf(name).slice(2))]))
  const { env, findings } = rightVariables(io.env)
  try {
    const config = configFrom(flags, env)
    const found = [...findings, ...lookAtConfig(config)]
    const isRight = found.every(({ state }) => state === 'note')
    return { config, findings: isRight ? [...found, ok('The settings go together.')] : found }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const config = configFrom(flags, withoutPairs(env))
    return { config, findings: [...findings, fault(error.message, 'Set both, or neither.'), ...lookAtConfig(config)] }
  }
}

type Env = Readonly<Record<string, string | undefined>>

function rightVariables(all: Env): { readonly env: Env; readonly findings: Finding[] } {
  const findings: Finding[] = []
  const env: Record<string, string | undefined> = {}
  for (const [variable, text] of Object.entries(all)) {
    if (!variable.startsWith('WAGGLE_') || text === undefined) continue
    const name = settingNames.find((one) => variableOf(one) === variable)
    if (name === undefined)
      findings.push(
        fault(
          messageOf(() => configFrom({}, { [variable]: text })),
          'Remove or rename it.',
        ),
      )
    // What is wrong may be a secret, so it is not shown.
    else if (settings[name].read(text) === undefined) {
      findings.push(fault(`${variable} must be ${settings[name].form}.`, 'No server begins with it: set it right.'))
    } else env[variable] = text
  }
  return { env, findings }
}

function messageOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'A setting is unknown.'
}

/** Without the settings that need one another. */
const withoutPairs = (env: Env): Env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^WAGGLE_(SMTP|OIDC)_/.test(name)))

const isLoopback = (host: string): boolean => /^(127\.[\d.]+|::1|localhost)$/.test(host)

/** Whether people beyond this machine reach a server with these settings, as far as they tell. */
export const isPublic = ({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>): boolean =>
  !isLoopback(host) || (publicUrl !== '' && !isLoopback(new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')))

/** What is not wrong by itself, and wrong together. */
export function lookAtConfig(config: Config): Finding[] {
  const { host, publicUrl, trustedProxies, processes, databaseUrl, metrics, webhookAllow } = config
  const found: Finding[] = []
  if (processes > 1 && databaseUrl === '') {
    found.push(
      fault(
        `${processes} processes cannot share the embedded database.`,
        `Leave ${flagOf('processes')} out, or set ${flagOf('databaseUrl')}.`,
      ),
    )
  }
  if (!isLoopback(host) && publicUrl === '') {
    found.push(
      warning(
        `The server listens on ${host}, beyond this machine, and has no ${flagOf('publicUrl')}: keys and passwords go over the net as they are.`,
        `Let a proxy with TLS stand before it, and name its address: ${flagOf('publicUrl')} https://waggle.company.example`,
      ),
    )
  }
  if (isPublic(config) && publicUrl.startsWith('http://')) {
    found.push(
      warning(
        `${publicUrl} is not https: keys and passwords go over the net as they are, and cookies too.`,
        'Let a proxy with TLS stand before the server, and name its https address.',
      ),
    )
  }
  if (publicUrl.startsWith('https://') && trustedProxies.length === 0) {
    found.push(
      warning(
        `${publicUrl} can only be a proxy's, but none is trusted: failed sign-ins count for the proxy's address, and on this machine for nobody's.`,
        `Name its network, such as ${flagOf('trustedProxies')} 127.0.0.1/32, and let it set X-Forwarded-For.`,
      ),
    )
  }
  if (metrics && isPublic(config)) {
    found.push(
      note(
        '/metrics answers without a key.',
        `See that the proxy keeps it from the world, or set ${flagOf('metrics')} false.`,
      ),
    )
  }
  if (webhookAllow.some(isEveryAddress)) {
    found.push(
      warning(
        `${flagOf('webhookAllow')} allows every address, those of this network's own machines too.`,
        'Name only the networks that receivers are in.',
      ),
    )
  }
  return found
}
