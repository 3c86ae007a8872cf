import type { Flags } from './arguments.ts'

/** What a command may touch of the process; `main.ts` hands it over. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when standard output is a terminal. */
  readonly terminal: boolean
  /** Prints a message; commands in it are told as whoever started the program calls them. */
  out(text: string): void
  /** Prints data as they are; false when nobody reads them any more. */
  data(text: string): boolean
  /** All of standard input. */
  input(): Promise<string>
  /** Calls once when the process is asked to stop; answers the signal's name. */
  onStop(callback: (signal: string) => void): void
  /** Ends the process at once, without closing anything. */
  abort(exitCode: number): void
}

export interface Command {
  /** The words that call it, such as `key create`. */
  readonly name: string
  readonly about: string
  /** What follows the name besides flags, such as `<id>`. */
  readonly words: string
  readonly flags: Flags
  /** Whole calls that its help shows. */
  readonly examples?: readonly string[]
  /** @throws ConfigError, DatabaseRefused with a message for the operator */
  run(argv: readonly string[], io: Io): Promise<void>
}
