import { type Cause, event } from '../events/record.ts'
import { beginLead } from '../leads/begin.ts'
import type { Definitions } from '../storage/definitions.ts'
import type { Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { holderOf } from './keys.ts'
import type { SampleLead } from './leads.ts'

/** A company's leads and events as rows, and where its log stands after them. */
export interface History {
  readonly writes: readonly Write[]
  /** The number of events: they number from 1, in the order of their times. */
  readonly lastSequence: number
  /** Of the newest event, Unix ms; 0 when there is none. */
  readonly lastTime: number
}

type Step = { readonly at: number; readonly lead: SampleLead; readonly name: 'lead_created' | 'lead_deleted' }

/** What happened to the leads of one company: each begins, and the archived ones end. */
export function historyOf(leads: readonly SampleLead[], definitions: Definitions): History {
  const steps = leads.flatMap(stepsOf).sort((left, right) => left.at - right.at)
  const begunAs = new Map<number, number>()
  const writes: Write[] = []
  for (const [index, { name, lead }] of steps.entries()) {
    const sequence = index + 1
    const cause = causeOf(lead, definitions)
    if (name === 'lead_created') {
      begunAs.set(lead.row.id, sequence)
      const began = beginLead(lead.row, sequence, definitions.version, cause)
      // The row of a lead that was archived since comes with its last event.
      writes.push(...began.filter(({ table }) => table !== 'leads' || lead.archivedAt === null))
      continue
    }
    const saved: Row<'leads'> = {
      ...lead.row,
      updated_at: lead.archivedAt ?? lead.row.created_at,
      archived_at: lead.archivedAt,
      external_id: null,
      erasure: null,
      version: 2,
      last_sequence: sequence,
    }
    writes.push({ kind: 'insert', table: 'leads', row: saved })
    const previousSequence = begunAs.get(lead.row.id) ?? 0
    writes.push(event(saved, { name, was: {}, previousSequence, definitionsVersion: definitions.version }, cause))
  }
  return { writes, lastSequence: steps.length, lastTime: steps.at(-1)?.at ?? 0 }
}

function stepsOf(lead: SampleLead): Step[] {
  const begin: Step = { at: lead.row.created_at, lead, name: 'lead_created' }
  return lead.archivedAt === null ? [begin] : [begin, { at: lead.archivedAt, lead, name: 'lead_deleted' }]
}

/** The key that a lead was made with, and the user who made that key. */
function causeOf(lead: SampleLead, definitions: Definitions): Cause {
  const { keyId, userId } = holderOf(lead.madeWith)
  const user = definitions.users.get(userId)
  return { actor: user && { userUuid: user.uuid, keyId }, requestId: undefined }
}
