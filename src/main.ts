import { text } from 'node:stream/consumers'
import { backupCommand } from './commands/backup.ts'
import { asCalled, callOf } from './commands/called.ts'
import type { Command, Io } from './commands/command.ts'
import { compactCommand } from './commands/compact.ts'
import { doctorCommand } from './commands/doctor.ts'
import { eraseCommand } from './commands/erase.ts'
import { exportCommand } from './commands/export.ts'
import { groupHelp, helpOf, overview } from './commands/help.ts'
import { importCommands } from './commands/import.ts'
import { initCommand } from './commands/init.ts'
import { keyCommands } from './commands/key.ts'
import { migrateCommand } from './commands/migrate.ts'
import { moveCommand } from './commands/move.ts'
import { leaveTheOthers } from './commands/processes.ts'
import { rekeyCommand } from './commands/rekey.ts'
import { restoreCommand } from './commands/restore.ts'
import { serveCommand } from './commands/serve.ts'
import { userCommands } from './commands/user.ts'
import { webhookCommands } from './commands/webhook.ts'
import { ConfigError, didYouMean } from './kernel/config.ts'
import { DatabaseRefused } from './storage/open.ts'
import { version } from './version.ts'

const commands: readonly Command[] = [
  serveCommand,
  initCommand,
  migrateCommand,
  moveCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
  compactCommand,
  rekeyCommand,
  exportCommand,
  eraseCommand,
  ...importCommands,
  ...keyCommands,
  ...userCommands,
  ...webhookCommands,
]

const call = callOf(process.env['npm_lifecycle_event'], import.meta.filename.endsWith('.ts'))
const named = (text: string): string => asCalled(text, call, commands)

// A reader that closes early (`| head`) is no fault, and what is under way comes to its end all the same.
let isRead = true
process.stdout.on('error', (error) => {
  if (isRead && !('code' in error && error.code === 'EPIPE')) {
    process.stderr.write(`waggle: The output cannot be written: ${error.message}.\n`)
    process.exitCode = 1
  }
  isRead = false
})
process.stderr.on('error', () => {}) // nobody is left to be told

/** @returns whether somebody reads it */
function print(text: string): boolean {
  if (isRead) process.stdout.write(text)
  return isRead && process.stdout.errored === null // known at once, where the event waits for its turn
}

const io: Io = {
  env: process.env,
  terminal: process.stdout.isTTY === true,
  out: (message) => void print(named(message)),
  data: print,
  input: () => text(process.stdin),
  onStop: (callback) => {
    process.once('SIGTERM', callback)
    process.once('SIGINT', callback)
    // npm ends on SIGTERM without telling what it runs, which then has another parent.
    if (process.env['npm_lifecycle_event'] === undefined) return
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      callback('the end of npm')
    }, 250)
    watch.unref()
  },
  abort: (exitCode) => process.exit(exitCode),
}

async function run(argv: readonly string[]): Promise<void> {
  const words = argv.filter((word, at) => word !== '--help' && word !== '-h' && !(word === 'help' && at === 0))
  const isHelp = words.length < argv.length
  const asked = words.join(' ')
  if (words.length === 0) return void io.out(overview(commands))
  if (asked === '--version' || asked === '-v') return void io.out(`${version}\n`)
  // `import list` comes behind `import`, which is the beginning of its name.
  const command = commands.findLast(({ name }) => `${asked} `.startsWith(`${name} `))
  if (command !== undefined) {
    if (isHelp) return void io.out(helpOf(command))
    return command.run(argv.slice(command.name.split(' ').length), io)
  }
  // `waggle key` and `waggle help key` tell what there is for keys.
  const group = words.length === 1 ? groupHelp(asked, commands) : undefined
  if (group !== undefined) return void io.out(group)
  const typed = words.slice(0, 2).filter((word) => !word.startsWith('-'))
  throw new ConfigError(
    `Unknown command "${typed.join(' ') || asked}".${didYouMean(
      typed.join(' '),
      commands.map(({ name }) => name),
    )} See: waggle --help`,
  )
}

// What is written is for its owner: the database, its copies, the sample's map of keys.
process.umask(0o077)

try {
  await run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof DatabaseRefused)) throw error
  process.stderr.write(`waggle: ${named(error.message)}\n`)
  process.exitCode = 1
  leaveTheOthers()
}
