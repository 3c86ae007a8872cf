import { afterAll, expect, onTestFinished, test } from 'vitest'
import { keys } from '../fixture.ts'
import { prepareData } from './load.ts'
import { endAll, type ServerProcess, startServer, until } from './server.ts'
import { leftAlone, sites } from './site.ts'

afterAll(endAll)

const count = 1_000
const operations = Array.from({ length: count }, (_, at) => ({
  op: at % 2 === 0 ? 'create' : 'upsert',
  ...(at % 2 === 1 && { by: 'externalId', key: `crm-${at}` }),
  lead: { first_name: `Nr ${at}`, customFields: [{ customFieldId: 9, value: { text: 'there' } }] },
}))

const authorization = `Bearer ${keys.full}`
const send = ({ url }: ServerProcess): Promise<Response> =>
  fetch(`${url}/api/v1/leads/batch`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'once' },
    body: JSON.stringify({ operations }),
  })

const lastSequence = async ({ url }: ServerProcess): Promise<number> => {
  const { headers } = await fetch(`${url}/api/v1/events?limit=1`, { headers: { authorization } })
  return Number(headers.get('x-waggle-last-sequence'))
}

test.each(sites)(
  'a batch on %s whose server is killed goes on where it was, and carries out nothing twice',
  async (_, make) => {
    const site = await make()
    await prepareData(site.at)
    const killed = await startServer(site.at)
    const begun = await lastSequence(killed)
    const sent = send(killed).then(
      ({ status }) => status,
      () => undefined,
    )
    let seen = begun
    const looking = setInterval(async () => {
      seen = Math.max(seen, await lastSequence(killed).catch(() => 0))
    }, 1)
    await until('the first operations are in the log', () => seen > begun)
    clearInterval(looking)
    await killed.end('SIGKILL')
    await sent
    await leftAlone(site.at)
    const server = await startServer(site.at)
    onTestFinished(async () => {
      await server.end('SIGKILL')
      await site.remove()
    })
    expect((await lastSequence(server)) - begun).toBeGreaterThan(0)
    const reply = await send(server)
    expect(await reply.json()).toMatchObject({ succeeded: count, failed: 0 })
    expect((await lastSequence(server)) - begun).toBe(count)
    expect(await (await send(server)).json()).toMatchObject({ succeeded: count })
    expect((await lastSequence(server)) - begun).toBe(count)
  },
  60_000,
)
