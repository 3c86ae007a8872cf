import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../../src/commands/command.ts'

const folder = join(import.meta.dirname, '../../src/commands')

const isCommand = (value: unknown): value is Command =>
  typeof value === 'object' && value !== null && 'run' in value && 'flags' in value && 'words' in value

/** All commands, from the files that make them: the program itself would begin one. */
export async function everyCommand(): Promise<Command[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  const modules: Record<string, unknown>[] = await Promise.all(files.map((name) => import(join(folder, name))))
  return modules.flatMap((module) => Object.values(module).flat()).filter(isCommand)
}
