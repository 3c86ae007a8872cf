import type { Database, Write } from '../storage/port.ts'
import { sealedAs } from './secrets.ts'

/** A text that rests sealed in the database. */
export interface Sealed {
  /** What it is, as people are told of it. */
  readonly of: string
  readonly bytes: Uint8Array
  /** The name that it was sealed under. */
  readonly about: string
  /** False where its endpoint is deleted, and nothing opens it any more. */
  readonly isUsed: boolean
  /** Puts other bytes in their place. */
  write(bytes: Uint8Array): Write
}

/** Everything of all companies that is sealed. */
export async function allSealed(database: Pick<Database, 'find'>): Promise<Sealed[]> {
  const webhooks = await database.find((db) =>
    db.selectFrom('webhooks').select(['company_id', 'id', 'uuid', 'secret', 'old_secret', 'deleted_at']).orderBy('id'),
  )
  const integrations = await database.find((db) =>
    db.selectFrom('integrations').select(['company_id', 'id', 'uuid', 'api_key', 'external_settings']).orderBy('id'),
  )
  return [
    ...webhooks.flatMap(({ company_id, id, uuid, secret, old_secret, deleted_at }) => {
      const one = { about: sealedAs.secret(uuid), isUsed: deleted_at === null }
      const write = (set: { readonly [column in 'secret' | 'old_secret']?: Uint8Array }): Write => ({
        kind: 'update',
        table: 'webhooks',
        key: { company_id, id },
        set,
      })
      return [
        ...sealed({ ...one, of: `The secret of webhook ${id}`, write: (bytes) => write({ secret: bytes }) }, secret),
        ...sealed(
          { ...one, of: `The older secret of webhook ${id}`, write: (bytes) => write({ old_secret: bytes }) },
          old_secret,
        ),
      ]
    }),
    ...integrations.flatMap(({ company_id, id, uuid, api_key, external_settings }) => {
      const write = (set: { readonly [column in 'api_key' | 'external_settings']?: Uint8Array }): Write => ({
        kind: 'update',
        table: 'integrations',
        key: { company_id, id },
        set,
      })
      const key = { of: `The API key of integration ${id}`, about: sealedAs.apiKey(uuid), isUsed: true }
      const settings = { of: `The settings of integration ${id}`, about: sealedAs.externalSettings(uuid), isUsed: true }
      return [
        ...sealed({ ...key, write: (bytes) => write({ api_key: bytes }) }, api_key),
        ...sealed({ ...settings, write: (bytes) => write({ external_settings: bytes }) }, external_settings),
      ]
    }),
  ]
}

const sealed = (one: Omit<Sealed, 'bytes'>, bytes: Uint8Array | null): Sealed[] =>
  bytes === null ? [] : [{ ...one, bytes }]
