import { expect, onTestFinished, test } from 'vitest'
import { ruleNames } from './plans.ts'
import { type Plant, plantedBefore } from './planted.ts'
import { type Api, type Broken, Round, sequencesOf, shortest } from './round.ts'
import { Pools } from './schema.ts'
import type { Tally } from './sequence.ts'

const seed = 7
const pools = new Pools(seed)

async function begin(before?: (api: Api) => Promise<number>): Promise<Round> {
  const round = await Round.start(pools, before)
  onTestFinished(() => round.close())
  return round
}

const sequences = (cases: number) => sequencesOf({ seed, from: 0, until: cases, only: undefined })

test('requests made from the schemas are answered as the model says, and what is refused changes nothing', async () => {
  const round = await begin()
  const tally: Tally = { cases: 0, counts: {} }

  expect(await round.run(sequences(2_400), tally)).toBeUndefined()

  expect(tally.cases).toBe(2_400)
  for (const id of round.served.keys())
    expect(tally.counts, `${id} was never asked`).toHaveProperty([`operation ${id}`])
  const broken = ruleNames.filter((name) => tally.counts[`rule ${name}`] !== undefined)
  expect(broken.length).toBeGreaterThan(ruleNames.length / 2)
})

test('a sequence replays: the same requests are answered alike', async () => {
  const counts = async (): Promise<Tally['counts']> => {
    const tally: Tally = { cases: 0, counts: {} }
    const round = await Round.start(pools)
    await round.run(sequences(100), tally).finally(() => round.close())
    return tally.counts
  }
  expect(await counts()).toEqual(await counts())
})

const isPatchOfLead = (request: string): boolean => /^PATCH \/api\/v1\/(?:companies\/\d+\/)?leads\/\d+ /.test(request)
const leadIn = (request: string): { company_id: number; id: number } => {
  const id = Number(/\/leads\/(\d+)/.exec(request)?.[1])
  return { company_id: Math.floor(id / 10_000), id }
}
const is = (answer: string, status: number): boolean => answer.startsWith(`HTTP/1.1 ${status} `)

const faults: readonly [name: string, says: RegExp, plant: Plant][] = [
  ['a 500', /no 5xx|status of what is/, (answer) => answer.replace('HTTP/1.1 200 OK', 'HTTP/1.1 500 OK')],
  [
    'a status that is not declared',
    /status of what is refused/,
    (answer) => answer.replace('HTTP/1.1 400', 'HTTP/1.1 418'),
  ],
  [
    'a member that is dropped',
    /schema that|lead \d+/,
    (answer) => answer.replace('"phone_number":', '"phone_numbex":'),
  ],
  ['a header that is not declared', /declares the headers/, (answer) => answer.replace(/etag: /i, 'x-e: ')],
  ['a value of another lead', /lead \d+/, (answer) => answer.replace('"first_name":"Ada"', '"first_name":"Eva"')],
  ['an answer that another version has', /ETag|the version/, (answer) => answer.replace('"v2"', '"v3"')],
  [
    'a refusal that is no refusal',
    /status of what is refused/,
    (answer) => answer.replace('HTTP/1.1 403', 'HTTP/1.1 401'),
  ],
  [
    'a refused patch that is applied in part',
    /the row of lead|lead \d+/,
    async (answer, request, { database }) => {
      if (is(answer, 400) && isPatchOfLead(request)) {
        const key = leadIn(request)
        await database.load([{ kind: 'update', table: 'leads', key, set: { company_name: 'half' } }])
      }
      return answer
    },
  ],
  [
    'a refused patch that takes a number of the log',
    /newest number of the log/,
    async (answer, request, { database }) => {
      if (isPatchOfLead(request) && (is(answer, 412) || is(answer, 400))) {
        const { company_id } = leadIn(request)
        await database.load([
          { kind: 'update', table: 'company_log', key: { company_id }, set: { last_sequence: 999 } },
        ])
      }
      return answer
    },
  ],
]

test.each(faults)('finds %s', async (_, says, plant) => {
  const round = await begin(before(plant))

  const broken = await round.run(sequences(300), { cases: 0, counts: {} })

  expect(broken?.failed.message).toMatch(says)
})

const before =
  (plant: Plant) =>
  async (api: Api): Promise<number> => {
    const { port, close } = await plantedBefore(api, plant)
    onTestFinished(close)
    return port
  }

test('what fails is told in its shortest form, which fails again', async () => {
  const plant: Plant = (answer, request) =>
    isPatchOfLead(request) ? answer.replace('x-waggle-sequence: ', 'x-waggle-sequencx: ') : answer
  const round = await begin(before(plant))
  const broken = await round.run(sequences(100), { cases: 0, counts: {} })
  if (broken === undefined) throw new Error('the fault was not found')

  const short: Broken = await shortest(pools, broken, before(plant))

  expect(short.steps.length).toBeLessThanOrEqual(broken.failed.requests.length)
  expect(short.steps).toHaveLength(1)
  expect(short.failed.requests).toHaveLength(1)
  const again = await round.run([short], { cases: 0, counts: {} })
  expect(again?.failed.message).toContain('x-waggle-sequencx')
})
