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

/** Around text of others in a message. Shown text holds no such characters of its own (`plain`). */
const [begin, end] = ['\u0002', '\u0003']

/** Text in a message that tells data: what looks like a command in it is none. */
export const asData = (text: string): string => `${begin}${text}${end}`

/** A message in which commands (`waggle key list`) can be typed as they stand there; data stays as it is. */
export function asCalled(text: string, call: string, commands: readonly Pick<Command, 'name'>[]): string {
  const first = [...new Set(commands.map(({ name }) => name.split(' ')[0]))].join('|')
  const command = new RegExp(`(?<![\\w./-])waggle (?=(?:${first}|--help|<command>)(?![\\w-]))`, 'g')
  const called = (part = ''): string => (call === 'waggle' ? part : part.replace(command, `${call} `))
  const [before, ...rest] = text.split(begin)
  const parts = rest.map((part) => {
    const [data, behind] = part.split(end, 2)
    return `${data}${called(behind)}`
  })
  return called(before) + parts.join('')
}
