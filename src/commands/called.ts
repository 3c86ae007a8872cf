import type { Command } from './command.ts'

/**
 * What is typed before the name of a command, by whoever started the program.
 *
 * @param npmEvent what npm says that it runs; undefined where the program was started by its name
 * @param isSource the program runs from a checkout
 */
export function callOf(npmEvent: string | undefined, isSource: boolean): string {
  if (npmEvent === undefined) return 'waggle'
  return isSource ? 'npm run waggle --' : 'npx waggle-server'
}

/** A message in which commands (`waggle key list`) can be typed as they stand there. */
export function asCalled(text: string, call: string, commands: readonly Pick<Command, 'name'>[]): string {
  if (call === 'waggle') return text
  const first = [...new Set(commands.map(({ name }) => name.split(' ')[0]))].join('|')
  return text.replace(new RegExp(`(?<![\\w./-])waggle (?=(?:${first}|--help|<command>)(?![\\w-]))`, 'g'), `${call} `)
}
