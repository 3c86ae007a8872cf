import { type Chance, chanceFrom } from '../../src/sample/chance.ts'
import type { Members } from './history.ts'
import { leadIds, membersOf } from './workspace.ts'

/** What happens to the server in a run, each when so many requests have been answered. */
export interface Fault {
  readonly kind: 'kill' | 'pause'
  readonly afterAnswers: number
  /** Until the kill, or how long the pause is, in ms. */
  readonly ms: number
}

/** One run, as its seed has it. */
export interface Plan {
  readonly chance: Chance
  readonly leads: readonly number[]
  readonly writers: number
  readonly readers: number
  /** Changes of one writer. */
  readonly changes: number
  readonly faults: readonly Fault[]
  /** The share of changes whose connection the client cuts. */
  readonly cutShare: number
}

const changesOfRun = 160
/** Shares of the runs. */
const killShare = 0.26
const pauseShare = 0.4

export function planOf(seed: number): Plan {
  const chance = chanceFrom(seed)
  const writers = chance.between(8, 32)
  const fault = (kind: Fault['kind'], msMax: number): Fault => ({
    kind,
    afterAnswers: chance.between(20, changesOfRun),
    ms: chance.happens(0.3) ? 0 : chance.between(1, msMax),
  })
  const pauses = chance.happens(pauseShare) ? [fault('pause', 60), fault('pause', 20)] : []
  const kills = chance.happens(killShare) ? [fault('kill', 4)] : []
  return {
    chance,
    leads: chance.some(leadIds, 1, leadIds.length),
    writers,
    readers: chance.between(2, 6),
    changes: Math.ceil(changesOfRun / writers),
    faults: [...pauses, ...kills],
    cutShare: chance.happens(0.5) ? 0.08 : 0,
  }
}

/** What one change is to be; all its attempts are alike. */
export interface ChangePlan {
  readonly lead: number
  readonly members: Members
  readonly once: boolean
  readonly representation: boolean
  /** Sent again though it was answered. */
  readonly again: boolean
  /** When its client cuts the connection, in ms after the request; undefined when it does not. */
  readonly cutAfterMs: number | undefined
  /** Versions for `If-Match`, as differences from the newest that any client has seen. */
  readonly ifMatch: readonly number[] | '*' | undefined
}

export function changeOf(number: number, { chance, leads, cutShare }: Plan): ChangePlan {
  const [first = 1, ...others] = leads
  const once = chance.happens(0.4)
  return {
    lead: chance.pick([first, ...others]),
    members: membersOf(number, chance),
    once,
    representation: chance.happens(0.3),
    again: once && chance.happens(0.15),
    cutAfterMs: chance.happens(cutShare) ? chance.between(0, 6) : undefined,
    ifMatch: chance.happens(0.5) ? undefined : chance.pick(matches),
  }
}

const matches = [[0], [0], [0], [0], [0, 1], [1], [-1], '*'] as const satisfies ChangePlan['ifMatch'][]
