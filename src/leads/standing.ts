import { Refusal } from '../kernel/refusal.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import type { Moment, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { Name } from './batch-request.ts'

type LeadRow = Row<'leads'>

/** Leads as they stand between the operations of a batch: those that were read, and what was written since. */
export class StandingLeads {
  readonly #byId = new Map<number, LeadRow>()
  readonly #byUuid = new Map<string, number>()
  readonly #byExternalId = new Map<string, number>()
  /** Of leads that are not deleted. */
  #byEmail: Map<string, Set<number>> | undefined

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
    const [first, ...others] = this.#emails().get(foldedEmail(key)) ?? []
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
    const { id, uuid, external_id: externalId } = row
    const before = this.#byId.get(id)
    this.#byId.set(id, row)
    if (before === undefined) this.#byUuid.set(uuid, id)
    if (before?.external_id !== externalId) {
      if (before !== undefined && before.external_id !== null) this.#byExternalId.delete(before.external_id)
      if (externalId !== null) this.#byExternalId.set(externalId, id)
    }
    if (this.#byEmail === undefined || emailOf(before) === emailOf(row)) return
    this.#byEmail.get(emailOf(before) ?? '')?.delete(id)
    addTo(this.#byEmail, row)
  }

  /** Made when it is asked for first. */
  #emails(): Map<string, Set<number>> {
    if (this.#byEmail !== undefined) return this.#byEmail
    this.#byEmail = new Map()
    for (const row of this.#byId.values()) addTo(this.#byEmail, row)
    return this.#byEmail
  }
}

/** The e-mail address that a lead is found by. */
const emailOf = (lead: LeadRow | undefined): string | undefined =>
  lead === undefined || lead.email === null || lead.archived_at !== null ? undefined : foldedEmail(lead.email)

function addTo(byEmail: Map<string, Set<number>>, row: LeadRow): void {
  const email = emailOf(row)
  if (email === undefined) return
  const ids = byEmail.get(email) ?? new Set()
  byEmail.set(email, ids.add(row.id))
}

/** Decisions of one work that follow each other: each sees the leads, the time and the number that those before it left. */
export class InOrder {
  readonly leads: StandingLeads
  readonly writes: Write[] = []
  #at: Moment

  /** @param named every lead that they may mean */
  constructor(named: readonly LeadRow[], at: Moment) {
    this.leads = new StandingLeads(named)
    this.#at = at
  }

  /** What the next decision is given. */
  get at(): Moment {
    return this.#at
  }

  /** Takes over what a decision writes. */
  take(writes: readonly Write[]): void {
    let { now, sequence } = this.#at
    for (const write of writes) {
      this.writes.push(write)
      this.leads.take(write)
      if (write.table !== 'events' || write.kind !== 'insert') continue
      sequence += 1
      now = Math.max(now, write.row.at)
    }
    this.#at = { ...this.#at, now, sequence }
  }
}
