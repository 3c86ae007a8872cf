import type { Result } from '../leads/batch.ts'
import { type BatchRequest, readBatch } from '../leads/batch-request.ts'
import type { Row } from '../storage/tables.ts'
import type { LeadBody } from './lead-body.ts'
import type { BadRow, FileRow } from './rows.ts'

/** Rows that are committed together, as operations; those that mean nothing are none. */
export class Part {
  readonly rows: readonly (FileRow | BadRow)[]
  readonly batch: BatchRequest
  readonly #read: readonly Read[]

  constructor(rows: readonly (FileRow | BadRow)[], read: readonly Read[]) {
    this.rows = rows
    this.#read = read
    this.batch = readBatch({ operations: read.flatMap((one) => ('operation' in one ? [one.operation] : [])) }, false)
  }

  /** What became of each row. */
  outcomes(results: readonly Result[]): Outcome[] {
    let at = 0
    return this.#read.map((one) => {
      if ('error' in one) return one
      const result = results[at]
      at += 1
      return result === undefined ? { error: 'not tried' } : outcomeOf(result)
    })
  }
}

export type Read = { readonly operation: LeadBody } | { readonly error: string }
type Outcome = { readonly error: string } | { readonly done: Extract<Result, { id: number }> }

const outcomeOf = (result: Result): Outcome => ('id' in result ? { done: result } : { error: messageOf(result) })

function messageOf({ error, details }: Extract<Result, { error: string }>): string {
  return details === undefined ? error : details.map(({ message }) => message).join('; ')
}

const toldMax = 1_000

/** What a file says, where it is only told: cut off, and without what not every database keeps. */
export const tellable = (text: string): string => text.slice(0, toldMax).toWellFormed().replaceAll('\0', '\uFFFD')

export function rowOf({ company_id, id }: Row<'imports'>, row: number, outcome: Outcome): Row<'import_rows'> {
  const of = { company_id, import_id: id, row }
  if ('error' in outcome) {
    return { ...of, outcome: 'failed', lead_id: null, sequence: null, error: tellable(outcome.error) }
  }
  const { status, id: leadId, sequence } = outcome.done
  const name = status === 201 ? 'created' : sequence === null ? 'unchanged' : 'updated'
  return { ...of, outcome: name, lead_id: leadId, sequence, error: null }
}

export function counted(before: Row<'imports'>, rows: readonly Row<'import_rows'>[]): Row<'imports'> {
  const count = (name: Row<'import_rows'>['outcome']): number => rows.filter(({ outcome }) => outcome === name).length
  return {
    ...before,
    rows: before.rows + rows.length,
    created: before.created + count('created'),
    updated: before.updated + count('updated'),
    unchanged: before.unchanged + count('unchanged'),
    failed: before.failed + count('failed'),
  }
}
