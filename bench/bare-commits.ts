import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { statuses } from '../src/contract/lead-members.ts'
import { systemRandom } from '../src/kernel/random.ts'
import { readPatch } from '../src/leads/patch.ts'
import { updateLead } from '../src/leads/update.ts'
import { openDatabase } from '../src/storage/open.ts'
import type { Write } from '../src/storage/port.ts'
import { BareWrites, type BoundWrite } from './bare-writes.ts'
import { answerParent, usageWith } from './child.ts'
import { loadOf } from './latencies.ts'
import type { Load } from './messages.ts'
import { exampleBody } from './requests.ts'
import { companyId, drawsOf, firstLeadId } from './workspace.ts'

/**
 * The yardstick of one connection: the two rows of a PATCH, one change to a commit, on bare SQLite. It reads nothing,
 * decides nothing and speaks to nobody; the changes are ready before the clock runs.
 *
 * Arguments: a data directory of its own, and the leads in it.
 */
const [directory = '', leadsText] = process.argv.slice(2)
const leads = Number(leadsText)
const changesReady = 2_000
/** Pages of the write-ahead log at which a commit copies them into the file: four times SQLite's own figure. */
const checkpointPages = 4_000
const draw = drawsOf(leads)

const { writes, lastSequence } = await changesOf(directory)
const db = new DatabaseSync(join(directory, 'waggle.db'))
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = ${checkpointPages};
`)
const bare = new BareWrites(db)
const changes = writes.map((ofOne) => ofOne.map((write) => bare.bind(write)))
const begin = db.prepare('BEGIN IMMEDIATE')
const commit = db.prepare('COMMIT')
let sequence = lastSequence

answerParent(
  async (question) => {
    if (question.ask === 'usage') return usageWith({ changes: sequence, commits: sequence - lastSequence })
    if (question.ask === 'write') return commits(question.seconds)
    throw new Error(`bare commits cannot answer ${question.ask}`)
  },
  async () => db.close(),
)

function commits(seconds: number): Load {
  const latenciesMs: number[] = []
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  for (let now = begun; now < begun + seconds * 1000; ) {
    sequence += 1
    begin.run()
    for (const write of changes[sequence % changes.length] ?? []) run(write)
    commit.run()
    const ended = performance.now()
    latenciesMs.push(ended - now)
    now = ended
  }
  return { ...loadOf(latenciesMs, { begun, cpuBefore, generatorLoopMaxMs: 0 }), generatorShare: 0 } // there is none
}

/** A change is written again long after its turn; only the number of its event is new. */
function run({ statement, columns, values }: BoundWrite): void {
  for (const name of ['sequence', 'last_sequence']) {
    const at = columns.indexOf(name)
    if (at >= 0) values[at] = sequence
  }
  if (statement.run(...values).changes !== 1) throw new Error('a write changed no row')
}

/** What the server would write for patches of the example body, each of a lead drawn anew. */
async function changesOf(from: string): Promise<{ writes: (readonly Write[])[]; lastSequence: number }> {
  const database = await openDatabase({ directory: from })
  const definitions = await database.definitions(companyId)
  const log = await database.read('company_log', { company_id: companyId })
  if (log === undefined) throw new Error('the company has no log')
  const now = log.last_time + 1
  const uuid = (): string => systemRandom.uuid(now)
  const moment = { now, sequence: log.last_sequence, definitions, uuid, nextId: () => never('an id') }
  const made: (readonly Write[])[] = []
  while (made.length < changesReady) {
    const id = firstLeadId + draw(leads)
    const options = {
      actor: { userUuid: uuid(), keyId: 1 },
      requestId: uuid(),
      ifMatch: undefined,
      strict: false,
      representation: false,
      wholeSeconds: false,
    }
    const lead = await database.read('leads', { company_id: companyId, id })
    const work = updateLead(companyId, id, readPatch(exampleBody(draw(statuses.length), draw)), options)
    made.push(work.decide({ lead }, moment).writes)
  }
  await database.close()
  return { writes: made, lastSequence: log.last_sequence }
}

function never(what: string): never {
  throw new Error(`a patch of the example drew ${what}`)
}
