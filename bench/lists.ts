import { mkdirSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { statuses } from '../src/contract/lead-members.ts'
import { goalsTable, judge, type Measured } from './goals.ts'
import type { Options } from './options.ts'
import { GeneratorProcess, ServerProcess, waggleServer } from './processes.ts'
import { machine, median, rate, ratioOf, rounded, textTable } from './report.ts'
import { measure, type Round } from './rounds.ts'
import { copySeed, seed } from './seed.ts'
import {
  companyId,
  type Draw,
  drawsOf,
  key,
  numberFieldId,
  optionIds,
  selectFieldId,
  statusAt,
  tagIds,
  userIds,
} from './workspace.ts'

/** Lists of one kind that are asked for in one round at each size. */
const askedAtOnce = 40
const pageSize = 50

type Query = (draw: Draw, leads: number) => Record<string, string>

const one = <T>(from: readonly T[], draw: Draw): T => from[draw(from.length)] as T
const json = (value: unknown): string => JSON.stringify(value)

/** Each kind of list, with what is drawn anew for each request. */
const kinds: Readonly<Record<string, Query>> = {
  plain: () => ({}),
  'deep, by page': (draw, leads) => ({ page: String(1 + draw(Math.floor(leads / pageSize))) }),
  'by status': (draw) => ({ status: statusAt(draw(statuses.length)) }),
  'by tag': (draw) => ({ tags: String(one(tagIds, draw)) }),
  'by two tags and status': (draw) => ({ tags: `${one(tagIds, draw)},${one(tagIds, draw)}`, status: 'new,lost' }),
  'by user': (draw) => ({ users: String(one(userIds, draw)) }),
  unassigned: () => ({ unassigned: '1' }),
  'by option': (draw) => ({ customFields: json([{ id: selectFieldId, value: { select: one(optionIds, draw) } }]) }),
  'by number': (draw) => ({ customFields: json([{ id: numberFieldId, value: { number: draw(1_000_000) } }]) }),
  'sorted by status': () => ({ sort: json([{ type: 'status', asc: false }]) }),
  'sorted by e-mail': () => ({ sort: json([{ type: 'email' }]) }),
  'sorted by number, deep': (draw, leads) => ({
    sort: json([{ type: 'field', id: numberFieldId, asc: false }]),
    page: String(1 + draw(Math.floor(leads / pageSize))),
  }),
  'by tag, sorted by company': (draw) => ({
    tags: String(one(tagIds, draw)),
    sort: json([{ type: 'company_name' }, { type: 'updated_at', asc: false }]),
  }),
  'by tag, deep': (draw, leads) => ({
    tags: String(one(tagIds, draw)),
    page: String(1 + draw(Math.floor((leads * 3) / tagIds.length / pageSize))),
  }),
  'search, rare': (draw, leads) => ({ search: `contact${draw(leads)}@` }),
  'search, all': (draw) => ({ search: one(['solutions', 'company', 'example', '+1-555'], draw) }),
  'search, new term that all have': (draw) => ({ search: `-${draw(10)}`, status: 'new' }),
}

interface Side {
  readonly leads: number
  readonly directory: string
  readonly server: ServerProcess
  readonly firstMs: number
  readonly draw: Draw
}

interface ListRow {
  readonly about: string
  readonly fewP50Ms: number
  readonly fewP99Ms: number
  readonly manyP50Ms: number
  readonly manyP99Ms: number
  readonly ratio: number
}

type Say = (text: string) => void

/** `--lists`: lists of 50, of each kind, with few and with many leads; and what their indexes cost a change. */
export async function lists(directory: string, options: Options, say: Say): Promise<void> {
  const few = await sideOf(directory, Math.ceil(options.leads / 100), say)
  const many = await sideOf(directory, options.leads, say)
  const rows: ListRow[] = []
  for (const [about, query] of Object.entries(kinds)) {
    const row = await ask(about, query, few, many, options.rounds)
    say(`${about}: ${row.fewP50Ms} ms and ${row.manyP50Ms} ms`)
    rows.push(row)
  }
  const scanMs = scans(many)
  const memory = (await many.server.usage()).residentBytes
  await few.server.stop()
  const kept = await changes(directory, many, options, say)
  await many.server.stop()

  const of = (about: string): ListRow => rows.find((row) => row.about === about) as ListRow
  const filters = rows.filter(({ about }) => !about.startsWith('search'))
  const measured: Measured<'lists'> = {
    worstManyToFew: Math.max(...filters.map(({ ratio }) => ratio)),
    searchToScan: rounded(of('search, rare').manyP50Ms / scanMs, 3),
    indexedToNone: kept.ratio,
  }
  const goals = judge('lists', measured)
  const results = {
    leads: { few: few.leads, many: many.leads },
    rows,
    goals,
    scanMs: rounded(scanMs, 1),
    firstListMs: { few: few.firstMs, many: many.firstMs },
    residentMegabytes: Math.round(memory / 1e6),
    changesPerSecond: kept.perSecond,
    machine: machine(),
  }
  writeFileSync(join(import.meta.dirname, 'results-lists.json'), `${JSON.stringify(results, null, 2)}\n`)
  say(`\n${tableOf(rows, few, many)}\n\n${goalsTable(goals)}\n`)
  say(`A scan of the table with LIKE took ${results.scanMs} ms. The first list of all, which makes the index, took`)
  say(`${few.firstMs} ms and ${many.firstMs} ms; the server then held ${results.residentMegabytes} MB with many leads.`)
  say('Lists were asked for one at a time, in turns at both sizes; only the ratios can be compared between runs.')
}

async function sideOf(directory: string, leads: number, say: Say): Promise<Side> {
  const own = join(directory, `lists-${leads}`)
  mkdirSync(own)
  await seed(own, leads)
  copySeed(own, `${own}-copy`)
  const server = await ServerProcess.start(waggleServer, [own])
  const side = { leads, directory: own, server, draw: drawsOf(leads) }
  const firstMs = Math.round(await timeOf(side.server, { status: 'new' }))
  say(`${leads} leads: the first list took ${firstMs} ms`)
  return { ...side, firstMs }
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** How long a list takes, in ms. */
function timeOf({ port }: ServerProcess, query: Record<string, string>): Promise<number> {
  const path = `/api/v1/leads?${new URLSearchParams({ pageSize: String(pageSize), ...query })}`
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    get({ port, path, agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - begun)
        else reject(new Error(`${path} was answered with ${response.statusCode}`))
      })
      response.resume()
    }).on('error', reject)
  })
}

async function ask(about: string, query: Query, few: Side, many: Side, rounds: number): Promise<ListRow> {
  const times = { few: [] as number[], many: [] as number[] }
  const ratios: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const ofFew = await askAll(few, query)
    const ofMany = await askAll(many, query)
    if (round === 0) continue
    times.few.push(...ofFew)
    times.many.push(...ofMany)
    ratios.push(median(ofMany) / median(ofFew))
  }
  const p99 = (all: readonly number[]): number =>
    all.toSorted((left, right) => left - right)[Math.floor(all.length * 0.99)] ?? Number.NaN
  return {
    about,
    fewP50Ms: rounded(median(times.few), 2),
    fewP99Ms: rounded(p99(times.few), 2),
    manyP50Ms: rounded(median(times.many), 2),
    manyP99Ms: rounded(p99(times.many), 2),
    ratio: rounded(median(ratios), 2),
  }
}

async function askAll({ server, draw, leads }: Side, query: Query): Promise<number[]> {
  const times: number[] = []
  for (let asked = 0; asked < askedAtOnce; asked += 1) times.push(await timeOf(server, query(draw, leads)))
  return times
}

/** What the same search takes as a scan of the table, in ms; the median of some. */
function scans({ directory, leads, draw }: Side): number {
  const db = new DatabaseSync(join(directory, 'waggle.db'), { readOnly: true })
  const members = ['company_name', 'email', 'phone_number', 'first_name', 'last_name']
  const holds = members.map((member) => `${member} LIKE ?`).join(' OR ')
  const scan = db.prepare(`SELECT id FROM leads WHERE company_id = ? AND archived_at IS NULL AND (${holds})`)
  const times = Array.from({ length: 7 }, () => {
    const pattern = `%contact${draw(leads)}@%`
    const begun = performance.now()
    scan.all(companyId, ...members.map(() => pattern))
    return performance.now() - begun
  })
  db.close()
  return median(times)
}

/** PATCH beside lists of all kinds, so that all indexes are kept, and on a server that was never asked for one. */
async function changes(directory: string, many: Side, { connections, seconds, rounds }: Options, say: Say) {
  const output = join(directory, 'requests.log')
  const bare = await ServerProcess.start(waggleServer, [`${many.directory}-copy`], { output })
  const generator = new GeneratorProcess([many.leads])
  const all: Record<'kept' | 'none', Round[]> = { kept: [], none: [] }
  for (let round = 0; round <= rounds; round += 1) {
    const loading = { kind: 'patch', connections, seconds, keepsLog: true } as const
    const none = await measure(generator, bare, loading)
    const kept = await measure(generator, many.server, loading)
    say(`${round === 0 ? 'warm-up' : `round ${round}`}: none ${perSecond(none)}/s, indexes kept ${perSecond(kept)}/s`)
    if (round === 0) continue
    all.none.push(none)
    all.kept.push(kept)
  }
  await generator.stop()
  await bare.stop()
  return {
    ratio: ratioOf(all.kept, all.none),
    perSecond: { none: Math.round(median(all.none.map(perSecond))), kept: Math.round(median(all.kept.map(perSecond))) },
  }
}

const perSecond = (round: Round): number => Math.round(rate(round))

const tableOf = (rows: readonly ListRow[], few: Side, many: Side): string =>
  textTable([
    ['a list of 50', `${few.leads}: p50 ms`, 'p99', `${many.leads}: p50 ms`, 'p99', 'many / few'],
    ...rows.map(({ about, fewP50Ms, fewP99Ms, manyP50Ms, manyP99Ms, ratio }) => [
      about,
      ...[fewP50Ms, fewP99Ms, manyP50Ms, manyP99Ms, ratio].map((value) => value.toFixed(2)),
    ]),
  ])
