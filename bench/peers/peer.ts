import type { Target } from '../requests.ts'

/** What a process of a peer is given. */
export interface Place {
  readonly port: number
  /** The path of its SQLite file. */
  readonly database: string
}

/**
 * A request to a running peer.
 *
 * @returns the parsed answer; null when it has no body
 * @throws Error naming the status and the answer, when the status is not 2xx
 */
export type Call = (
  method: 'GET' | 'POST' | Target['method'],
  path: string,
  body?: unknown,
  token?: string,
) => Promise<unknown>

/** A server of others that is measured beside ours: how it is installed, set up, started and spoken to. */
export interface Peer {
  /** Its folder, too. */
  readonly name: 'directus' | 'strapi'
  readonly title: string
  /** What npm installs, by exact version. */
  readonly packages: Readonly<Record<string, string>>
  /** Files of its project by path. */
  readonly files: Readonly<Record<string, string>>
  /** Its command line's own program, in its folder. */
  readonly program: string
  /** Arguments that make the tables, when `start` does not do it itself. */
  readonly prepare?: readonly string[]
  readonly start: readonly string[]
  readonly environment: (place: Place) => Readonly<Record<string, string>>
  /** Answers with a status of 2xx when the server is ready. */
  readonly healthPath: string
  /** Makes the collection and one lead of it with a running server; resolves to a token that may do everything. */
  readonly begin: (call: Call) => Promise<string>
  /** JavaScript that prints `PRAGMA synchronous` of a new connection of its own driver to the file `process.argv[1]`. */
  readonly tellSynchronous: string
  readonly table: string
  /** A column with the time of the last change, in ms. */
  readonly changedAt: string
  /** The columns of a lead that differ from those of the first one. */
  readonly columns: (lead: SeededLead) => Readonly<Record<string, string | number>>
  readonly target: (token: string) => Target
}

/** A lead as it is put into the table of a peer. */
export interface SeededLead {
  readonly id: number
  readonly uuid: string
  /** In ms. */
  readonly begunAt: number
  /** The members that a PATCH replaces, by their names on the wire. */
  readonly members: Readonly<Record<string, unknown>>
}

/** Members by the names of their columns; lists as JSON. */
export const columnsOf = (
  members: SeededLead['members'],
  nameOf = (member: string): string => member,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(members).map(([member, value]) => [
      nameOf(member),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )

/**
 * A part of a peer's answer.
 *
 * @throws Error it is not what was expected
 */
export function object(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${JSON.stringify(value)}`)
  return Object.fromEntries(Object.entries(value))
}
