import { createHmac, createSecretKey } from 'node:crypto'
import { Pool } from 'undici'
import { answerParent } from './child.ts'
import type { Load, Loading } from './messages.ts'

/**
 * The yardstick of deliveries: signs a body and sends it, again and again, and writes nothing down.
 *
 * Arguments: the body.
 */
const [body = ''] = process.argv.slice(2)
const uuid = '5b8f0c52-6a1e-4d0b-9c37-2f4f0e8a7d11'
const tokenKey = createSecretKey(uuid, 'utf8')
const bodyKey = createSecretKey(Buffer.alloc(24, 7))
const tokenHead = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url')
const clock = new Date()

answerParent(
  async (question) => {
    if (question.ask !== 'load') throw new Error(`the bare sender cannot answer ${question.ask}`)
    return load(question)
  },
  async () => {},
)

async function load({ port, connections, seconds }: Loading): Promise<Load> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections })
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  const others: Record<string, number> = {}
  let answers = 0
  const talk = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1000) {
      answers += 1
      const reply = await pool.request({ method: 'POST', path: '/hook', headers: headers(answers), body })
      if (reply.statusCode !== 200) others[reply.statusCode] = (others[reply.statusCode] ?? 0) + 1
      await reply.body.dump()
    }
  }
  await Promise.all(Array.from({ length: connections }, talk))
  const elapsedMs = performance.now() - begun
  const { user, system } = process.cpuUsage(cpuBefore)
  await pool.close()
  return {
    answers,
    others,
    firstOther: undefined,
    seconds: elapsedMs / 1000,
    p50Ms: Number.NaN,
    p99Ms: Number.NaN,
    maxMs: Number.NaN,
    generatorShare: (user + system) / 1000 / elapsedMs,
    generatorLoopMaxMs: Number.NaN,
  }
}

function headers(count: number): Record<string, string> {
  const seconds = Math.floor((clock.getTime() + performance.now()) / 1000)
  const id = `01999999-0000-7000-8000-${String(count).padStart(12, '0')}`
  const claims = { company_uuid: uuid, user_uuid: uuid, event_id: 'lead_updated', iat: seconds, exp: seconds + 3600 }
  const unsigned = `${tokenHead}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return {
    'content-type': 'application/json',
    'user-agent': 'bare',
    authorization: `Bearer ${unsigned}.${createHmac('sha256', tokenKey).update(unsigned).digest('base64url')}`,
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${createHmac('sha256', bodyKey).update(`${id}.${seconds}.${body}`).digest('base64')}`,
    'x-waggle-delivery': id,
    'x-waggle-attempt': '1',
    'x-waggle-sequence': String(count),
  }
}
