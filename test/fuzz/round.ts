import { backends } from '../backends.ts'
import { Document } from './document.ts'
import type { Scene } from './request.ts'
import type { Pools } from './schema.ts'
import { Failed, type Ground, runSequence, type Steps, type Stored, sequenceLength, type Tally } from './sequence.ts'
import { servedIn } from './served.ts'
import { firstWorld, type World, worldOf, writesOf } from './world.ts'

export type Api = Awaited<ReturnType<(typeof backends)[number][1]>>

/** Sequences that run at the same time on one server. */
const lanes = 64

/** What a world has delivered long ago stays. */
const settings = { deliveryRetentionDays: 0 }

/** Which cases are sent: they are numbered from 0 on, and `sequenceLength` of them make a sequence. */
export interface Share {
  readonly seed: number
  readonly from: number
  readonly until: number
  /** Only these steps of each sequence. */
  readonly only: readonly number[] | undefined
}

/** A sequence that failed. */
export interface Broken extends Steps {
  readonly failed: Failed
  /** What the server wrote down of 5xx answers. */
  readonly faults: readonly string[]
}

/** The sequences of a share, each with its steps. */
export function sequencesOf({ seed, from, until, only }: Share): Steps[] {
  const sequences: Steps[] = []
  for (let sequence = Math.floor(from / sequenceLength); sequence * sequenceLength < until; sequence += 1) {
    const begun = sequence * sequenceLength
    const steps = Array.from({ length: sequenceLength }, (_, step) => step).filter(
      (step) => begun + step >= from && begun + step < until && (only?.includes(step) ?? true),
    )
    if (steps.length > 0) sequences.push({ seed, sequence, steps })
  }
  return sequences
}

/** What all sequences of a server share. */
type Common = Omit<Ground, 'world' | 'neighbour' | 'stored'>

type Told = Pick<Common, 'document' | 'served'>
/** By the document's text: it is the same for every server, and compiling its schemas takes a while. */
const known = new Map<string, Told>()

async function toldBy(api: Api): Promise<Told> {
  const { body } = await api.get('/openapi.json')
  const text = JSON.stringify(body)
  const told = known.get(text) ?? { document: new Document(body), served: await servedIn(body) }
  known.set(text, told)
  return told
}

/** A server over a new database. It is to be closed. */
export class Round {
  readonly #api: Api
  readonly #ground: Common
  #nextWorld = firstWorld

  private constructor(api: Api, ground: Common) {
    this.#api = api
    this.#ground = ground
  }

  /** @param before puts something before the server, and tells its port */
  static async start(pools: Pools, before?: (api: Api) => Promise<number>): Promise<Round> {
    const [backend] = backends
    if (backend === undefined) throw new Error('there is no backend')
    const api = await backend[1]({ config: settings })
    const port = before === undefined ? Number(new URL(api.url).port) : await before(api)
    return new Round(api, { port, pools, ...(await toldBy(api)) })
  }

  get served(): Scene['served'] {
    return this.#ground.served
  }

  /** Runs sequences, several at the same time. The first that fails ends it, and is answered. */
  async run(sequences: readonly Steps[], tally: Tally): Promise<Broken | undefined> {
    const worlds = Array.from({ length: sequences.length + 1 }, (_, index) => worldOf(this.#nextWorld + index))
    this.#nextWorld += worlds.length
    await this.#api.database.load(worlds.flatMap((world) => writesOf(world, this.#api.vault)))
    let next = 0
    let broken: Broken | undefined
    const lane = async (): Promise<void> => {
      while (next < sequences.length && broken === undefined) {
        const index = next
        next += 1
        const [world, neighbour, steps] = [worlds[index], worlds[index + 1], sequences[index]]
        if (world === undefined || neighbour === undefined || steps === undefined) return
        try {
          await runSequence({ ...this.#ground, world, neighbour, stored: this.#storedOf(world) }, steps, tally)
        } catch (failed) {
          if (!(failed instanceof Failed)) throw failed
          broken ??= { ...steps, failed, faults: this.#faults() }
        }
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    return broken
  }

  #storedOf({ companyId }: World): Stored {
    const { database } = this.#api
    return {
      lead: (id) => database.read('leads', { company_id: companyId, id }),
      lastSequence: async () => (await database.read('company_log', { company_id: companyId }))?.last_sequence ?? 0,
    }
  }

  #faults(): string[] {
    const failed = this.#api.log.filter(({ status }) => status >= 500)
    return failed.map(({ error }) => (error instanceof Error ? (error.stack ?? error.message) : String(error)))
  }

  close(): Promise<void> {
    return this.#api.close()
  }
}

/** Tries of a shorter sequence at the most. */
const triesMax = 200

/**
 * Leaves steps out of a sequence that failed, as long as it fails without them.
 *
 * @returns the shortest that failed
 */
export async function shortest(pools: Pools, broken: Broken, before?: (api: Api) => Promise<number>): Promise<Broken> {
  const round = await Round.start(pools, before)
  try {
    const { failed } = broken
    let best = { ...broken, steps: broken.steps.filter((step) => step <= failed.step) }
    let tries = 0
    for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < best.steps.length && tries < triesMax; tries += 1) {
        const steps = best.steps.toSpliced(at, size)
        const again = steps.length === 0 ? undefined : await round.run([{ ...broken, steps }], { cases: 0, counts: {} })
        if (again === undefined) at += size
        else best = { ...again, steps: again.steps.filter((step) => step <= again.failed.step) }
      }
    }
    return best
  } finally {
    await round.close()
  }
}
