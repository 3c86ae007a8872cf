import { version } from '../version.ts'
import { flagLines } from './arguments.ts'
import type { Command } from './command.ts'

/** Where the commands stand in the overview, by their first word. */
const headings: Readonly<Record<string, readonly string[]>> = {
  Run: ['serve', 'init', 'migrate'],
  'Keys and people': ['key', 'user', 'erase'],
  'Leads in and out': ['import', 'export'],
  Webhooks: ['webhook'],
  'Take care of the data': ['backup', 'restore', 'doctor', 'compact', 'rekey', 'move'],
}

const wordOf = ({ name }: Command): string => name.split(' ')[0] ?? name
const callOf = ({ name, words }: Command): string => `waggle ${`${name} ${words}`.trim()}`

/** Commands under their headings; those that no heading names come last, under one of their own. */
function grouped(commands: readonly Command[]): { readonly heading: string; readonly commands: readonly Command[] }[] {
  const named = Object.values(headings).flat()
  const others = [...new Set(commands.map(wordOf))].filter((word) => !named.includes(word))
  const groups = Object.entries({ ...headings, Other: others }).map(([heading, words]) => ({
    heading,
    commands: words.flatMap((word) => commands.filter((one) => wordOf(one) === word)),
  }))
  return groups.filter((group) => group.commands.length > 0)
}

function lines(commands: readonly Command[], width: number): string {
  return commands.map((one) => `  ${callOf(one).padEnd(width)}  ${one.about}`).join('\n')
}

const widthOf = (commands: readonly Command[]): number => Math.max(...commands.map((one) => callOf(one).length))

/** What `waggle` by itself tells: all commands, and how to begin. */
export function overview(commands: readonly Command[]): string {
  const width = widthOf(commands)
  const groups = grouped(commands).map((group) => `${group.heading}\n${lines(group.commands, width)}`)
  return (
    `Waggle ${version}: a self-hosted partner-lead server\n\n` +
    `Try it:      waggle serve --sample\n` +
    `In earnest:  waggle init --company "Our company" --email eva@our.example, then waggle serve\n\n` +
    `${groups.join('\n\n')}\n\n` +
    `waggle <command> --help shows its options. A setting is a variable, too: --port is WAGGLE_PORT.\n` +
    `Most commands work on the directory ./data (--data), also while a server runs on it.\n`
  )
}

/** The commands that begin with a word, such as `key`; undefined when there are none. */
export function groupHelp(word: string, commands: readonly Command[]): string | undefined {
  const found = commands.filter((one) => wordOf(one) === word)
  if (found.length === 0) return undefined
  return `${lines(found, widthOf(found))}\n\nwaggle ${found[0]?.name} --help shows the options of that one.\n`
}

/** What `--help` behind a command tells. */
export function helpOf(command: Command): string {
  const examples = command.examples ?? []
  const shown = examples.length === 0 ? '' : `\nFor example:\n\n${examples.map((one) => `  ${one}\n`).join('')}`
  return `${callOf(command)} [options]\n\n${command.about}\n\n${flagLines(command.flags)}\n${shown}`
}
