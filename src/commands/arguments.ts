import { parseArgs } from 'node:util'
import { ConfigError, didYouMean } from '../kernel/config.ts'

/** A flag of a command: `value` names what follows it; a flag without one is a switch. */
interface Flag {
  readonly about: string
  readonly value?: string
}
export type Flags = Readonly<Record<string, Flag>>

export interface Arguments {
  readonly words: readonly string[]
  text(flag: string): string | undefined
  has(flag: string): boolean
}

const seeHelp = ' The same command with --help tells what it takes.'

/**
 * Reads the arguments of a command.
 *
 * @param wordsMax how many words besides flags the command takes
 * @throws ConfigError naming an unknown flag (and the nearest), a flag without its value, a word too many
 */
export function readArguments(argv: readonly string[], flags: Flags, wordsMax: number): Arguments {
  const options = Object.fromEntries(
    Object.entries(flags).map(
      ([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const,
    ),
  )
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })
  const texts = new Map<string, string>()
  const switches = new Set<string>()
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined
    if (flag === undefined) {
      const known = Object.keys(flags).map((name) => `--${name}`)
      throw new ConfigError(`Unknown option ${token.rawName}.${didYouMean(token.rawName, known) || seeHelp}`)
    }
    if (flag.value === undefined) {
      if (token.value !== undefined) throw new ConfigError(`${token.rawName} takes no value.`)
      switches.add(token.name)
    } else if (token.value === undefined || (token.value.startsWith('--') && token.inlineValue !== true)) {
      throw new ConfigError(`${token.rawName} needs a value: ${token.rawName} <${flag.value}>.`)
    } else texts.set(token.name, token.value)
  }
  const extra = words[wordsMax]
  if (extra !== undefined) throw new ConfigError(`"${extra}" was not expected here.${seeHelp}`)
  return { words, text: (flag) => texts.get(flag), has: (flag) => switches.has(flag) }
}

/** The flags of a command as lines of its help. */
export function flagLines(flags: Flags): string {
  const rows = Object.entries(flags).map(([name, { value, about }]) => ({
    left: `  --${name}${value === undefined ? '' : ` <${value}>`}`,
    about,
  }))
  const width = Math.max(...rows.map(({ left }) => left.length)) + 2
  return rows.map(({ left, about }) => `${left.padEnd(width)}${about}`).join('\n')
}
