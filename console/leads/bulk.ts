import type { AnswerMeta, LeadBatchResult, LeadPatch } from '../../sdk/index.ts'
import { queryClient, sentenceOf, waggle } from '../app/api.ts'
import { type Definitions, type Member, type MemberValue, patchOf } from './members.ts'
import type { LeadQuery } from './queries.ts'
import type { Chosen } from './selection.ts'

/** Members that are lists: single elements can be added and taken away. */
export type ListMember = 'tags' | 'assignedUsers'

/** What many leads shall have in common. */
export type BulkChange =
  | { readonly kind: 'set'; readonly member: Member; readonly to: MemberValue }
  | { readonly kind: 'add' | 'remove'; readonly member: ListMember; readonly ids: readonly number[] }
  | { readonly kind: 'delete' }

/** What became of one lead. */
export type RowOutcome =
  /** `sequence` and `version` of a change that can be taken back; `elements` are those that were added or taken away. */
  | {
      readonly kind: 'changed'
      readonly id: number
      readonly sequence?: number
      readonly version?: number
      readonly elements?: readonly number[]
    }
  /** It was so before. */
  | { readonly kind: 'same'; readonly id: number }
  | { readonly kind: 'refused'; readonly id: number; readonly why: string }
  /** It was never tried, as the rest was given up. */
  | { readonly kind: 'left'; readonly id: number }

/** Leads of one request: few enough that it is soon answered and progress is seen. */
const partSize = 200
/** Requests at a time where each is for one lead. */
const lanes = 4

interface Run {
  readonly definitions: Definitions
  /** Gives up what has not begun; what is under way is waited for, so that its outcome is known. */
  readonly signal: AbortSignal
  /** Called whenever some more leads are done. */
  readonly tell: (outcomes: readonly RowOutcome[]) => void
}

/** Changes many leads, each for itself. @returns an outcome for each, in their order */
export async function runBulk(ids: readonly number[], change: BulkChange, run: Run): Promise<readonly RowOutcome[]> {
  const outcomes =
    change.kind === 'set'
      ? await inParts(ids, patchOf([change], run.definitions), run)
      : await inLanes(ids, (id) => changeOne(id, change), run)
  void queryClient.invalidateQueries({ queryKey: ['leads'] })
  for (const key of ['lead', 'history']) void queryClient.invalidateQueries({ queryKey: [key] })
  return outcomes
}

async function inParts(ids: readonly number[], patch: LeadPatch, { signal, tell }: Run): Promise<RowOutcome[]> {
  const outcomes: RowOutcome[] = []
  for (let from = 0; from < ids.length; from += partSize) {
    const part = ids.slice(from, from + partSize)
    if (signal.aborted) {
      outcomes.push(...part.map((id): RowOutcome => ({ kind: 'left', id })))
      continue
    }
    outcomes.push(...(await changePart(part.map((id) => ({ id, patch })))))
    tell(outcomes)
  }
  return outcomes
}

interface PartRow {
  readonly id: number
  readonly patch: LeadPatch
  readonly ifVersion?: number
}

async function changePart(rows: readonly PartRow[]): Promise<RowOutcome[]> {
  const operations = rows.map(({ id, patch, ifVersion }) => ({
    op: 'update' as const,
    by: 'id' as const,
    key: id,
    lead: patch,
    ...(ifVersion !== undefined && { ifVersion }),
  }))
  try {
    const { results } = await waggle.leads.batch({ operations })
    return rows.map(({ id }, at) => outcomeOf(id, results[at]))
  } catch (error) {
    const why = sentenceOf(error)
    return rows.map(({ id }) => ({ kind: 'refused', id, why }))
  }
}

function outcomeOf(id: number, result: LeadBatchResult | undefined): RowOutcome {
  if (result === undefined) return { kind: 'refused', id, why: 'The server has told nothing of it.' }
  if ('error' in result) {
    const [detail] = result.details ?? []
    return { kind: 'refused', id, why: detail === undefined ? result.error : detail.message }
  }
  const { sequence, version } = result
  return sequence === null ? { kind: 'same', id } : { kind: 'changed', id, sequence, version }
}

/** Each lead by a request of its own, a few at a time. */
async function inLanes(
  ids: readonly number[],
  one: (id: number) => Promise<RowOutcome>,
  { signal, tell }: Pick<Run, 'signal' | 'tell'>,
): Promise<RowOutcome[]> {
  const outcomes = ids.map((id): RowOutcome => ({ kind: 'left', id }))
  let next = 0
  let done = 0
  const lane = async (): Promise<void> => {
    while (next < ids.length && !signal.aborted) {
      const at = next
      next += 1
      const id = ids[at]
      if (id === undefined) return
      outcomes[at] = await one(id)
      done += 1
      if (done % 10 === 0 || done === ids.length) tell(outcomes.filter(({ kind }) => kind !== 'left'))
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return outcomes
}

const element = {
  tags: { add: waggle.leads.addTag, remove: waggle.leads.removeTag },
  assignedUsers: { add: waggle.leads.assignUser, remove: waggle.leads.unassignUser },
} as const

/** Adding a tag by itself leaves alone what others do to the lead's other tags meanwhile. */
async function changeOne(id: number, change: Exclude<BulkChange, { kind: 'set' }>): Promise<RowOutcome> {
  const elements: number[] = []
  try {
    if (change.kind === 'delete') {
      await waggle.leads.delete(id)
      return { kind: 'changed', id }
    }
    for (const one of change.ids) {
      const { sequence } = await element[change.member][change.kind](id, one)
      if (sequence !== null) elements.push(one)
    }
    return elements.length === 0 ? { kind: 'same', id } : { kind: 'changed', id, elements }
  } catch (error) {
    return { kind: 'refused', id, why: sentenceOf(error) }
  }
}

/** So many changes can be taken back: what they were is read from the log. */
export const undoMax = 10_000

/** What has really been changed, and can be taken back. */
export const undoable = (outcomes: readonly RowOutcome[]) =>
  outcomes.flatMap((outcome) => (outcome.kind === 'changed' ? [outcome] : []))

/** Takes back what was changed. A lead that was changed again since stays as it is, where its whole member was set. */
export async function undoBulk(
  done: readonly RowOutcome[],
  change: BulkChange,
  run: Run,
): Promise<readonly RowOutcome[]> {
  const changed = undoable(done)
  const outcomes = change.kind === 'set' ? await setBack(changed, run) : await oneBack(changed, change, run)
  void queryClient.invalidateQueries({ queryKey: ['leads'] })
  for (const key of ['lead', 'history']) void queryClient.invalidateQueries({ queryKey: [key] })
  return outcomes
}

type Changed = ReturnType<typeof undoable>

async function oneBack(
  changed: Changed,
  change: Exclude<BulkChange, { kind: 'set' }>,
  run: Run,
): Promise<readonly RowOutcome[]> {
  const elements = new Map(changed.map((one) => [one.id, one.elements ?? []]))
  const ids = changed.map(({ id }) => id)
  return inLanes(
    ids,
    async (id) => {
      if (change.kind !== 'delete')
        return changeOne(id, { ...change, kind: change.kind === 'add' ? 'remove' : 'add', ids: elements.get(id) ?? [] })
      try {
        await waggle.leads.restore(id)
        return { kind: 'changed', id }
      } catch (error) {
        return { kind: 'refused', id, why: sentenceOf(error) }
      }
    },
    run,
  )
}

async function setBack(changed: Changed, { tell }: Run): Promise<readonly RowOutcome[]> {
  const former = await formerOf(changed)
  const outcomes: RowOutcome[] = []
  for (let from = 0; from < changed.length; from += partSize) {
    const rows = changed.slice(from, from + partSize).flatMap(({ id, sequence, version }): PartRow[] => {
      const patch = former.get(sequence ?? 0)
      return patch === undefined ? [] : [{ id, patch, ...(version !== undefined && { ifVersion: version }) }]
    })
    outcomes.push(...(await changePart(rows)))
    tell(outcomes)
  }
  return outcomes
}

const feedMax = 1_000

/** What changes have replaced, by their numbers in the log, as a patch that sets it again. */
async function formerOf(changed: Changed): Promise<ReadonlyMap<number, LeadPatch>> {
  const wanted = new Set(changed.flatMap(({ sequence }) => sequence ?? []))
  const former = new Map<number, LeadPatch>()
  const last = Math.max(...wanted)
  for (let after = Math.min(...wanted) - 1; after < last; ) {
    const { rows } = await waggle.events.list({ after, limit: feedMax })
    for (const event of rows) {
      if (!wanted.has(event.sequence) || !('changes' in event)) continue
      former.set(
        event.sequence,
        Object.fromEntries(Object.entries(event.changes).map(([name, { old }]) => [name, old])),
      )
    }
    const end = rows.at(-1)?.sequence
    if (end === undefined) break
    after = end
  }
  return former
}

/** The leads that are chosen, by their ids in the order of the list. */
export async function chosenIds(chosen: Chosen, query: LeadQuery, signal: AbortSignal): Promise<readonly number[]> {
  if (chosen.kind === 'some') return [...chosen.leads.keys()]
  const { include: _include, ...filters } = query
  const ids: number[] = []
  for (let cursor: string | undefined, isMore = true; isMore; ) {
    const asked: object = { ...filters, ...(cursor !== undefined && { cursor }) }
    let next: string | null = null
    const onAnswer = ({ headers }: AnswerMeta): void => {
      next = headers.get('x-next-cursor')
    }
    ids.push(...(await waggle.leads.ids(asked, { signal, onAnswer })).ids)
    isMore = next !== null
    cursor = next ?? undefined
  }
  return ids.filter((id) => !chosen.except.has(id))
}
