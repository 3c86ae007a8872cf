import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { wholeNumber } from '../options.ts'
import { leadsMax } from '../workspace.ts'

export interface PeersOptions {
  /** Where the peers are installed, outside the checkout; it is kept. */
  readonly directory: string
  readonly leads: number
  readonly seconds: number
  readonly connections: number
  /** Measured rounds of each server; one more warms up and is dropped. */
  readonly rounds: number
}

/**
 * Reads the command line.
 *
 * @throws Error naming an option that is not known or whose value is no whole number in its bounds
 */
export function readOptions(argv: readonly string[]): PeersOptions {
  const text = { type: 'string' } as const
  const options = { directory: text, leads: text, seconds: text, connections: text, rounds: text }
  const { values } = parseArgs({ args: [...argv], options })
  return {
    directory: resolve(values.directory ?? join(tmpdir(), 'waggle-peers')),
    leads: wholeNumber('leads', values.leads, 100_000, leadsMax),
    seconds: wholeNumber('seconds', values.seconds, 5, 600),
    connections: wholeNumber('connections', values.connections, 16, 4096),
    rounds: wholeNumber('rounds', values.rounds, 3, 100),
  }
}
