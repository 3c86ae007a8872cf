import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A folder for each version: for each database its data, and what the API answered over it. */
const upgrades = import.meta.dirname

/** What was read with GET, and its answer as text. */
export interface Answer {
  readonly path: string
  readonly status: number
  /** Of the headers those that tell of the data, where they are there. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON, or a text where the answer is none. */
  readonly body: unknown
}

/** What a test has to know of the data; the first line of the file with the answers. */
export interface Kept {
  /** Unix ms at which the answers were read. */
  readonly madeAt: number
  /** Admin key of the company. */
  readonly key: string
  /** Key that was revoked. */
  readonly revokedKey: string
  /** What opens the secrets; null where it is a file beside the data. */
  readonly vaultKey: string | null
  /** Who may sign in. */
  readonly person: { readonly email: string; readonly password: string }
  /** An endpoint to which everything was delivered, and its secrets. */
  readonly webhook: { readonly id: number; readonly secret: string; readonly oldSecret: string }
  /** A lead that stands. */
  readonly leadId: number
  /** A request that was carried out once, and its answer. */
  readonly once: { readonly path: string; readonly key: string; readonly body: string; readonly answer: unknown }
}

export const databaseKinds = ['embedded', 'postgres'] as const
export type DatabaseKind = (typeof databaseKinds)[number]

/** The text of a data directory, or of a database, is in here. */
export const folderOf = (version: string, kind: DatabaseKind): string => join(upgrades, version, kind)

/** The versions whose data is kept, oldest first. */
export const keptVersions = (): string[] =>
  readdirSync(upgrades)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))

export function readKept(version: string, kind: DatabaseKind): { kept: Kept; answers: Answer[] } | undefined {
  const file = join(folderOf(version, kind), 'answers.jsonl')
  if (!existsSync(file)) return undefined
  const [first = '', ...others] = readFileSync(file, 'utf8').trimEnd().split('\n')
  return { kept: JSON.parse(first), answers: others.map((line) => JSON.parse(line)) }
}

const told = ['etag', 'x-total-count', 'x-waggle-last-sequence', 'link'] as const

/** Reads a path as a client with this key would. */
export async function ask(url: string, path: string, key: string): Promise<Answer> {
  const reply = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })
  const text = await reply.text()
  const isJson = reply.headers.get('content-type')?.startsWith('application/json') === true
  return {
    path,
    status: reply.status,
    headers: Object.fromEntries(
      told.flatMap((name) => {
        const value = reply.headers.get(name)
        return value === null ? [] : [[name, value]]
      }),
    ),
    body: isJson && text !== '' ? lasting(JSON.parse(text)) : text,
  }
}

/** Without the last use of a key: it is written later than it is, and reading is a use. */
const lasting = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (name, one) => (name === 'last_used_at' ? undefined : one)))
