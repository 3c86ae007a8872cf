import { parseArgs } from 'node:util'
import { leadsMax } from './workspace.ts'

export interface Options {
  readonly leads: number
  /** Measures a tenth of the leads and ten times as many as well. */
  readonly large: boolean
  /** How long one round of one row runs. */
  readonly seconds: number
  readonly connections: number
  /** Measured rounds of each row; one more warms up and is dropped. */
  readonly rounds: number
  readonly profile: boolean
  readonly webhooks: boolean
  readonly postgres: boolean
  readonly lists: boolean
  readonly import: boolean
  readonly consoles: boolean
}

/**
 * Reads the command line.
 *
 * @throws Error naming an option that is not known or whose value is no whole number in its bounds
 */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      large: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      webhooks: { type: 'boolean', default: false },
      postgres: { type: 'boolean', default: false },
      lists: { type: 'boolean', default: false },
      import: { type: 'boolean', default: false },
      consoles: { type: 'boolean', default: false },
      leads: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      rounds: { type: 'string' },
    },
  })
  const { large } = values
  const sizes = large ? 10 : 1
  const usual = values.lists || values.import ? 1_000_000 : 100_000
  const leads = wholeNumber('leads', values.leads, usual, Math.floor(leadsMax / sizes))
  const alone = values.profile || values.webhooks || values.postgres || values.lists || values.import || values.consoles
  return {
    // What is measured alone is measured with many leads.
    leads: alone ? leads * sizes : leads,
    large,
    seconds: wholeNumber('seconds', values.seconds, values.profile ? 10 : 3, 600),
    connections: wholeNumber('connections', values.connections, 64, 4096),
    rounds: wholeNumber('rounds', values.rounds, 5, 100),
    profile: values.profile,
    webhooks: values.webhooks,
    postgres: values.postgres,
    lists: values.lists,
    import: values.import,
    consoles: values.consoles,
  }
}

/**
 * The value of an option, or its fallback when it is absent.
 *
 * @throws Error naming the option when its value is no whole number from 1 to its bound
 */
export function wholeNumber(name: string, text: string | undefined, fallback: number, max: number): number {
  const value = text === undefined ? fallback : Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new Error(`--${name} is "${text}", but must be a whole number from 1 to ${max}.`)
}
