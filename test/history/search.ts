import { isDeepStrictEqual } from 'node:util'
import type { History, LeadState, Operation, SeenEvent, SeenLead } from './history.ts'

/** How many orders a search looks at before it gives up. */
export const searchStepsMax = 20_000

/** A lead as the requests of a log leave it. */
interface Model {
  readonly version: number
  readonly state: LeadState
}
type Leads = ReadonlyMap<number, Model>

/** A request to be put in order: what it shows holds behind some lengths of the log, or it makes the log longer. */
interface Step {
  readonly invokedAt: number
  /** Past this it cannot happen any more. */
  readonly until: number
  /** It was answered, so it has happened. */
  readonly must: boolean
  /** Tells whether it can be the next behind so many events; a change makes one more. */
  fits(length: number): boolean
  readonly changes: boolean
}

/**
 * Whether the requests of a history can be put in one order that suits their times, their answers and the log: a
 * search after Wing and Gong, with Lowe's memory of what was tried. It knows the rules of the server as a program that
 * carries out one request at a time, and nothing of bounds; so it says the same as {@link checkMoments} in another way.
 * Times of day are not looked at.
 *
 * @returns undefined when it gave up after so many steps
 */
export function hasOrder(history: History, stepsMax: number): boolean | undefined {
  const models = modelsOf(history)
  if (models === undefined) return false
  return search(stepsOf(history, models), history.log.length, stepsMax)
}

/** The leads behind each event, from the requests alone; undefined when the log does not follow from them. */
function modelsOf({ begun, log, operations }: History): Leads[] | undefined {
  const requests = new Map(
    operations.flatMap(({ asked }) => (asked.kind === 'write' ? [[asked.requestId, asked]] : [])),
  )
  const done = new Set<number>()
  const models: Leads[] = [new Map(begun.leads.map(({ lead, version, state }) => [lead, { version, state }]))]
  for (const event of log) {
    const before = models.at(-1) ?? new Map<number, Model>()
    const asked = requests.get(event.requestId ?? '')
    const lead = asked && before.get(asked.lead)
    if (asked === undefined || lead === undefined || done.has(asked.number)) return undefined
    if (Array.isArray(asked.ifMatch) && !asked.ifMatch.includes(lead.version)) return undefined
    done.add(asked.number)
    const after = { version: lead.version + 1, state: { ...lead.state, ...asked.members } }
    if (event.lead !== asked.lead || event.version !== after.version) return undefined
    if (!isDeepStrictEqual({ ...event.state }, after.state)) return undefined
    models.push(new Map(before).set(asked.lead, after))
  }
  return models
}

function stepsOf({ operations, log, begun, deaths }: History, models: readonly Leads[]): Step[] {
  const gone = new Map(deaths.map(({ life, at }) => [life, at]))
  const position = new Map(log.map(({ requestId }, index) => [requestId, index]))
  const firsts = new Map(log.map(({ requestId }, index) => [numberOf(operations, requestId), index]))
  const shows = (length: number, seen: SeenLead): boolean => {
    const model = models[length]?.get(seen.lead)
    if (model === undefined || (seen.version !== null && seen.version !== model.version)) return false
    return (
      seen.state === null ||
      Object.entries(seen.state).every(([name, value]) => Reflect.get(model.state, name) === value)
    )
  }
  return operations.map((operation): Step => {
    const { asked, outcome, invokedAt, returnedAt } = operation
    const own = asked.kind === 'write' ? position.get(asked.requestId) : undefined
    const goneAt = gone.get(operation.life) ?? Number.POSITIVE_INFINITY
    const step = { invokedAt, until: Math.min(returnedAt, goneAt), must: true, changes: false }
    switch (outcome.kind) {
      case 'unknown':
        return { ...step, until: goneAt, must: false, changes: own !== undefined, fits: (length) => own === length }
      case 'changed': {
        const first = asked.kind === 'write' ? firsts.get(asked.number) : undefined
        const right =
          first !== undefined && outcome.sequence === begun.sequence + first + 1 && shows(first + 1, outcome.lead)
        if (outcome.replayed) return { ...step, fits: (length) => right && own === undefined && length > first }
        return { ...step, changes: true, fits: (length) => right && own === length }
      }
      case 'seen':
        return { ...step, fits: (length) => outcome.leads.every((seen) => shows(length, seen)) }
      case 'followed': {
        const events = log.slice(asked.kind === 'feed' ? asked.after - begun.sequence : 0).map(withoutTime)
        const told = outcome.events.map(withoutTime)
        const shown = (length: number) => events.filter(({ sequence }) => sequence <= begun.sequence + length)
        return { ...step, fits: (length) => isDeepStrictEqual(told, shown(length)) }
      }
      default: {
        if (asked.kind !== 'write' || own !== undefined) return { ...step, fits: () => false }
        const { ifMatch, lead } = asked
        if (outcome.status !== 412) return { ...step, fits: () => true }
        const version = (length: number): number => models[length]?.get(lead)?.version ?? 0
        return { ...step, fits: (length) => Array.isArray(ifMatch) && !ifMatch.includes(version(length)) }
      }
    }
  })
}

const withoutTime = ({ sequence, lead, state }: SeenEvent) => ({ sequence, lead, state: { ...state } })

const numberOf = (operations: readonly Operation[], requestId: string | null): number | undefined => {
  const found = operations.find(({ asked }) => asked.kind === 'write' && asked.requestId === requestId)
  return found?.asked.kind === 'write' ? found.asked.number : undefined
}

/** Some requests that have been put in order. */
interface Node {
  readonly done: bigint
  /** All answered requests before this one are among them. */
  readonly first: number
  readonly length: number
  /** The latest call among them. */
  readonly latestCall: number
}

function search(steps: readonly Step[], length: number, stepsMax: number): boolean | undefined {
  const ordered = steps.toSorted((left, right) => left.invokedAt - right.invokedAt)
  // Those that may never have happened stand apart, and last: any of them may be next at any time.
  const answered = ordered.filter(({ must }) => must)
  const optional = ordered.filter(({ must, changes }) => !must && changes)
  const tried = new Set<bigint>()
  const stack: Node[] = [{ done: 0n, first: 0, length: 0, latestCall: Number.NEGATIVE_INFINITY }]
  for (let looked = 0; looked < stepsMax; looked += 1) {
    const node = stack.pop()
    if (node === undefined) return false
    const isDone = (index: number): boolean => ((node.done >> BigInt(index)) & 1n) === 1n
    let { first } = node
    while (first < answered.length && isDone(first)) first += 1
    if (first === answered.length && node.length === length) return true
    // What was called after another returned is not its time yet; later ones were called later still.
    let firstReturn = Number.POSITIVE_INFINITY
    const next: [index: number, step: Step][] = []
    for (let index = first; index < answered.length; index += 1) {
      const step = answered[index]
      if (step === undefined || step.invokedAt > firstReturn) break
      if (isDone(index)) continue
      firstReturn = Math.min(firstReturn, step.until)
      next.push([index, step])
    }
    for (const [index, step] of optional.entries()) next.push([answered.length + index, step])
    const fitting = next.filter(
      ([index, step]) =>
        step.invokedAt <= firstReturn && node.latestCall <= step.until && !isDone(index) && step.fits(node.length),
    )
    // Tried first, and so pushed last: what changes nothing.
    for (const [index, step] of fitting.toSorted(([, one], [, two]) => Number(two.changes) - Number(one.changes))) {
      const done = node.done | (1n << BigInt(index))
      if (tried.has(done)) continue
      tried.add(done)
      const latestCall = Math.max(node.latestCall, step.invokedAt)
      stack.push({ done, first, length: node.length + (step.changes ? 1 : 0), latestCall })
    }
  }
  return undefined
}
