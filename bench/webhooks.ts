import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readLog } from '../src/events/tell.ts'
import { openDatabase } from '../src/storage/open.ts'
import { bodyOf } from '../src/webhooks/message.ts'
import { Endpoints } from './endpoints.ts'
import type { Options } from './options.ts'
import { bareSender, GeneratorProcess, receiver, ServerProcess, waggleServer } from './processes.ts'
import { machine, median, rate } from './report.ts'
import { measure } from './rounds.ts'
import { companyId, firstLeadId, key } from './workspace.ts'

const endpointsMany = 10
const bareConnections = 64
const latencyChanges = 500
const latencyEveryMs = 20

type Say = (text: string) => void

interface Bench {
  readonly options: Options
  readonly waggle: ServerProcess
  readonly receiver: ServerProcess
  readonly generator: GeneratorProcess
  readonly endpoints: Endpoints
  readonly bare: GeneratorProcess
  readonly say: Say
}

/**
 * `npm run bench -- --webhooks`: what webhooks cost a PATCH, and how fast they go out, beside a loop that signs and
 * sends the same bodies and writes nothing down. Ratios are taken within their rounds; medians of the rounds.
 */
export async function webhooks(directory: string, options: Options, say: Say): Promise<void> {
  const body = await bodyIn(directory)
  const receiving = await ServerProcess.start(receiver, [])
  const waggle = await ServerProcess.start(waggleServer, [directory], { output: join(directory, 'requests.log') })
  const bench: Bench = {
    options,
    waggle,
    receiver: receiving,
    generator: new GeneratorProcess([options.leads]),
    endpoints: new Endpoints(waggle, receiving),
    bare: new GeneratorProcess([body], bareSender),
    say,
  }
  const sent = await deliveries(bench)
  const patches = await besidePatches(bench)
  const latency = await arrivals(bench)
  const drained = await drain(bench)
  for (const one of [bench.generator, bench.bare, waggle, receiving]) await one.stop()

  const results = { ...sent, ...patches, ...latency, ...drained, machine: machine() }
  writeFileSync(join(import.meta.dirname, 'results-webhooks.json'), `${JSON.stringify(results, null, 2)}\n`)
  say('\nmedians of the rounds; ratios taken within them')
  for (const [name, value] of Object.entries(results)) if (typeof value === 'number') say(`  ${name}: ${value}`)
}

/** A body as it is sent, for the loop that is compared. */
async function bodyIn(directory: string): Promise<string> {
  const database = await openDatabase({ directory })
  const company = await database.read('companies', { id: companyId })
  const [event] = company === undefined ? [] : await readLog(database, company, { after: 0, limit: 1 })
  await database.close()
  if (event?.body === undefined) throw new Error('the log is empty')
  return bodyOf(JSON.stringify(event.body), { configuration: '[]' })
}

const rounded = (value: number): number => Number(value.toFixed(value < 10 ? 3 : 0))

/** Delivered and recorded in a second, to one endpoint and to ten, beside the bare loop. */
async function deliveries({ options, endpoints, bare, receiver: receiving, say }: Bench) {
  const rates: Record<'bare' | 'one' | 'ten', number[]> = { bare: [], one: [], ten: [] }
  for (let round = 0; round <= options.rounds; round += 1) {
    const bareRate = rate(
      await bare.load(receiving, { kind: 'patch', connections: bareConnections, seconds: options.seconds }),
    )
    const one = await recordedRate(endpoints, 1, options)
    const ten = await recordedRate(endpoints, endpointsMany, options)
    say(`${named(round)}: bare ${Math.round(bareRate)}/s, one endpoint ${Math.round(one)}/s, ten ${Math.round(ten)}/s`)
    if (round === 0) continue
    rates.bare.push(bareRate)
    rates.one.push(one)
    rates.ten.push(ten)
  }
  const toBare = (all: readonly number[]): number => rounded(median(all.map((one, at) => one / (rates.bare[at] ?? 1))))
  return {
    bareMessagesPerSecond: rounded(median(rates.bare)),
    recordedToOnePerSecond: rounded(median(rates.one)),
    recordedToTenPerSecond: rounded(median(rates.ten)),
    oneToBare: toBare(rates.one),
    tenToBare: toBare(rates.ten),
  }
}

/** New endpoints go through the log from its first event on; how many deliveries are written down in a second. */
async function recordedRate(endpoints: Endpoints, count: number, { seconds, leads }: Options): Promise<number> {
  const ids = await endpoints.add(count)
  await endpoints.replay(ids, 1)
  await wait(300) // connections are made
  const recorded = async (): Promise<number> =>
    (await endpoints.views(ids)).reduce((sum, { sequence, undelivered }) => sum + sequence - undelivered, 0)
  const [before, begun] = [await recorded(), performance.now()]
  await wait(seconds * 1000)
  const [after, ended] = [await recorded(), performance.now()]
  await endpoints.remove(ids)
  if (after >= count * leads) throw new Error(`the log of ${leads} events is too short for ${seconds} s`)
  return ((after - before) / (ended - begun)) * 1000
}

/** What endpoints cost a PATCH: none, ten that are paused, one that receives. */
async function besidePatches({ options, endpoints, generator, waggle, say }: Bench) {
  const { seconds, connections } = options
  const rates: Record<'none' | 'paused' | 'healthy', number[]> = { none: [], paused: [], healthy: [] }
  const patch = async (): Promise<number> =>
    rate(await measure(generator, waggle, { kind: 'patch', connections, seconds, keepsLog: true }))
  for (let round = 0; round <= options.rounds; round += 1) {
    const none = await patch()
    const ten = await endpoints.add(endpointsMany)
    await endpoints.pause(ten)
    const paused = await patch()
    await endpoints.remove(ten)
    const one = await endpoints.add(1)
    const healthy = await patch()
    const [view] = await endpoints.views(one)
    await endpoints.remove(one)
    say(
      `${named(round)}: PATCH/s without endpoints ${Math.round(none)}, ten paused ${Math.round(paused)}, ` +
        `one healthy ${Math.round(healthy)} (${view?.backlog} events behind at the end)`,
    )
    if (round === 0) continue
    rates.none.push(none)
    rates.paused.push(paused)
    rates.healthy.push(healthy)
  }
  const toNone = (all: readonly number[]): number => rounded(median(all.map((one, at) => one / (rates.none[at] ?? 1))))
  return {
    patchesWithoutEndpointsPerSecond: rounded(median(rates.none)),
    tenPausedToNone: toNone(rates.paused),
    oneHealthyToNone: toNone(rates.healthy),
  }
}

/** From the 200 of a PATCH to the arrival of its webhook in this process, at 50 changes a second. */
async function arrivals({ options, waggle, say }: Bench) {
  const arrivedAt = new Map<number, number>()
  const server = createServer((request, response) => {
    arrivedAt.set(Number(request.headers['x-waggle-sequence']), performance.now())
    request.resume()
    response.writeHead(200).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const endpoints = new Endpoints(waggle, { port: typeof address === 'object' && address !== null ? address.port : 0 })
  const ids = await endpoints.add(1)
  const answeredAt = new Map<number, number>()
  for (let change = 0; change < latencyChanges; change += 1) {
    const due = wait(latencyEveryMs)
    const reply = await fetch(
      `http://127.0.0.1:${waggle.port}/api/v1/leads/${firstLeadId + (change % options.leads)}`,
      {
        method: 'PATCH',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ first_name: `Ada ${performance.now()}` }),
      },
    )
    answeredAt.set(Number(reply.headers.get('x-waggle-sequence')), performance.now())
    await reply.text()
    await due
  }
  await wait(500)
  await endpoints.remove(ids)
  server.closeAllConnections()
  server.close()
  const delays = [...answeredAt]
    .map(([sequence, at]) => (arrivedAt.get(sequence) ?? Number.NaN) - at)
    .sort((a, b) => a - b)
  const at = (share: number): number => Number((delays[Math.floor(share * delays.length)] ?? Number.NaN).toFixed(2))
  say(`answer → arrival at 50 changes a second: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (below 0: it arrived first)`)
  return { arrivalP50Ms: at(0.5), arrivalP99Ms: at(0.99) }
}

/** A backlog of the whole log: how fast it goes, and the memory meanwhile. */
async function drain({ options, endpoints, waggle, say }: Bench) {
  const ids = await endpoints.add(1)
  const mebibytes = async (): Promise<number> => (await waggle.usage()).residentBytes / 1_048_576
  const [begun, before] = [performance.now(), await mebibytes()]
  await endpoints.replay(ids, 1)
  const samples: number[] = []
  let events = 0
  for (;;) {
    await wait(250)
    samples.push(await mebibytes())
    const [view] = await endpoints.views(ids)
    events = view?.sequence ?? 0
    if (view?.backlog === 0 && view.undelivered === 0) break
  }
  const perSecond = events / ((performance.now() - begun) / 1000)
  await endpoints.remove(ids)
  const early = median(samples.slice(0, Math.ceil(samples.length / 4)))
  const late = median(samples.slice(-Math.ceil(samples.length / 4)))
  say(`a backlog of ${events} (${options.leads} leads) drains at ${Math.round(perSecond)}/s`)
  say(
    `memory: ${Math.round(before)} MiB before, ${Math.round(early)} in the first quarter, ${Math.round(late)} in the last`,
  )
  return {
    drainedEvents: events,
    drainedPerSecond: rounded(perSecond),
    drainFirstQuarterMebibytes: rounded(early),
    drainLastQuarterMebibytes: rounded(late),
  }
}

const named = (round: number): string => (round === 0 ? 'warm-up' : `round ${round}`)
