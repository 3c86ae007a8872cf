import { Refusal } from '../kernel/refusal.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import type { Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { Name } from './batch-request.ts'

type LeadRow = Row<'leads'>

/** Leads as they stand between the operations of a batch: those that were read, and what was written since. */
export class StandingLeads {
  readonly #byId = new Map<number, LeadRow>()
  readonly #byUuid = new Map<string, number>()
  readonly #byExternalId = new Map<string, number>()
  /** Of leads that are not deleted. */
  readonly #byEmail = new Map<string, Set<number>>()

  constructor(rows: readonly LeadRow[]) {
    for (const row of rows) this.#put(row)
  }

  get(id: number): LeadRow | undefined {
    return this.#byId.get(id)
  }

  /** Deleted or not. */
  byExternalId(externalId: string | null | undefined): LeadRow | undefined {
    return this.#row(this.#byExternalId.get(externalId ?? ''))
  }

  /**
   * The lead that a name means, deleted or not; by e-mail only one that is not.
   *
   * @throws Refusal `email_ambiguous` when several have the e-mail address
   */
  named({ by, key }: Name): LeadRow | undefined {
    if (by === 'id') return this.get(key)
    if (by === 'uuid') return this.#row(this.#byUuid.get(key))
    if (by === 'externalId') return this.byExternalId(key)
    const [first, ...others] = this.#byEmail.get(foldedEmail(key)) ?? []
    if (others.length > 0) throw new Refusal('email_ambiguous')
    return this.#row(first)
  }

  /** Takes over a write, if it is one of a lead. */
  take(write: Write): void {
    if (write.table !== 'leads' || write.kind === 'delete') return
    if (write.kind === 'insert') {
      this.#put(write.row)
      return
    }
    const present = this.#row(write.key.id)
    if (present !== undefined) this.#put({ ...present, ...write.set })
  }

  #row(id: number | undefined): LeadRow | undefined {
    return id === undefined ? undefined : this.#byId.get(id)
  }

  #put(row: LeadRow): void {
    const { id, uuid, email, external_id: externalId } = row
    const before = this.#byId.get(id)
    if (before !== undefined) this.#forgetNames(before)
    this.#byId.set(id, row)
    this.#byUuid.set(uuid, id)
    if (externalId !== null) this.#byExternalId.set(externalId, id)
    if (email === null || row.archived_at !== null) return
    const folded = foldedEmail(email)
    const ofEmail = this.#byEmail.get(folded) ?? new Set()
    this.#byEmail.set(folded, ofEmail.add(id))
  }

  #forgetNames({ id, email, external_id: externalId }: LeadRow): void {
    if (externalId !== null) this.#byExternalId.delete(externalId)
    if (email !== null) this.#byEmail.get(foldedEmail(email))?.delete(id)
  }
}
