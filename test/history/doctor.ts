import type { Chance } from '../../src/sample/chance.ts'
import type { History, LoggedEvent, Operation, SeenLead } from './history.ts'
import { eventOf, seenAt, withRows } from './make.ts'

/** The history with a log of these requests, in this order. */
export function withLog(history: History, requestIds: readonly (string | null)[]): History {
  const log: LoggedEvent[] = []
  for (const id of requestIds) {
    const found = history.operations.find(({ asked }) => asked.kind === 'write' && asked.requestId === id)
    if (found?.asked.kind !== 'write') throw new Error(`no request ${id}`)
    log.push(eventOf(found.asked, log))
  }
  return withRows({ ...history, log })
}

/** The history with one operation made another. */
export const withOperation = (history: History, index: number, change: Partial<Operation>): History => ({
  ...history,
  operations: history.operations.map((operation, at) => (at === index ? { ...operation, ...change } : operation)),
})

/** The history with the times of day that its log gives to versions, so that only their order is left to look at. */
function retimed(history: History): History {
  const events = [...history.begun.leads, ...history.log]
  const right = (seen: SeenLead): SeenLead => {
    const same = (event: LoggedEvent): boolean =>
      seen.version === null
        ? event.state.company_name === seen.state?.company_name && event.state.tags === seen.state.tags
        : event.version === seen.version
    return { ...seen, updatedAt: events.find((event) => event.lead === seen.lead && same(event))?.at ?? seen.updatedAt }
  }
  const operations = history.operations.map((operation): Operation => {
    const { outcome } = operation
    if (outcome.kind === 'seen') return { ...operation, outcome: { ...outcome, leads: outcome.leads.map(right) } }
    if (outcome.kind === 'changed') return { ...operation, outcome: { ...outcome, lead: right(outcome.lead) } }
    return operation
  })
  return { ...history, operations }
}

/** A history that may be wrong in one way: an order, a time or an answer is another. */
export function doctored(history: History, chance: Chance): History {
  const { operations, log } = history
  const ids = log.map(({ requestId }) => requestId)
  const index = chance.between(0, Math.max(0, operations.length - 1))
  const operation = operations[index]
  if (operation === undefined) return history
  const place = chance.between(0, Math.max(0, ids.length - 1))
  switch (chance.between(1, 7)) {
    case 1:
      return retimed(withLog(history, ids.toSpliced(place, 1)))
    case 2:
      return retimed(withLog(history, ids.toSpliced(place, 2, ...ids.slice(place, place + 2).reverse())))
    case 3:
    case 4:
    case 5: {
      const by = chance.between(-60, 60) + 0.123
      const { invokedAt, returnedAt, life } = operation
      // No server answers when it is gone.
      if (history.deaths.some((death) => death.life === life && returnedAt + by > death.at)) return history
      return withOperation(history, index, { invokedAt: invokedAt + by, returnedAt: returnedAt + by })
    }
    case 6:
      return retimed(withLog(refusedLast(history), ids.slice(0, -1)))
    default: {
      if (operation.outcome.kind !== 'seen') return history
      const leads = operation.outcome.leads.map((seen): SeenLead => {
        const [first, ...others] = [...history.begun.leads, ...log].filter(({ lead }) => lead === seen.lead)
        const other = first && seenAt(chance.pick([first, ...others]))
        return other === undefined ? seen : { ...other, version: seen.version === null ? null : other.version }
      })
      return withOperation(history, index, { outcome: { kind: 'seen', leads } })
    }
  }
}

/** The newest change was refused with 412 instead. */
function refusedLast(history: History): History {
  const id = history.log.at(-1)?.requestId
  const index = history.operations.findIndex(({ asked }) => asked.kind === 'write' && asked.requestId === id)
  const found = history.operations[index]
  if (found === undefined || found.outcome.kind !== 'changed') return history
  return withOperation(history, index, { outcome: { kind: 'refused', status: 412, body: '' } })
}
