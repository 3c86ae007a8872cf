import type { Database, Work } from '../storage/port.ts'

/** Remembers which keys were used, and writes it down now and then: never on a request's path. */
export class KeyUses {
  readonly #database: Database
  readonly #used = new Map<number, Set<number>>()

  constructor(database: Database) {
    this.#database = database
  }

  note({ companyId, keyId }: { readonly companyId: number; readonly keyId: number }): void {
    const keys = this.#used.get(companyId) ?? new Set()
    this.#used.set(companyId, keys.add(keyId))
  }

  /** Writes `last_used_at` of the keys noted since the last time; a key that failed stays noted. No event, no number. */
  async write(): Promise<void> {
    for (const [companyId, keys] of this.#used) {
      for (const keyId of keys) {
        await this.#database.transact(touch(companyId, keyId))
        keys.delete(keyId)
      }
    }
  }
}

const touch = (companyId: number, keyId: number): Work<undefined> => ({
  companyId,
  keys: { apiKey: keyId },
  decide: ({ apiKey }, { now }) => ({
    reply: undefined,
    writes:
      apiKey === undefined
        ? []
        : [
            {
              kind: 'update',
              table: 'api_keys',
              key: { company_id: companyId, id: keyId },
              set: { last_used_at: now },
            },
          ],
  }),
})
