import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sampleKeys } from '../../src/sample/keys.ts'
import { serving, temporaryDirectory, waggle } from '../commands/program.ts'

const docs = join(import.meta.dirname, '../../docs')
const guide = readFileSync(join(docs, 'webhooks.md'), 'utf8')
const python = ['python3', '/usr/bin/python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0)
const receivers = [
  { name: 'receiver.mjs', program: process.execPath as string | undefined },
  { name: 'receiver.py', program: python },
]

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Starts a receiver of the guide as a reader would; tells what it prints. */
async function receiving(program: string, name: string, env: Record<string, string>) {
  const child = spawn(program, [join(docs, 'receivers', name)], { env: { ...process.env, ...env } })
  onTestFinished(() => void child.kill())
  const printed = { out: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.out += text
  })
  await expect.poll(() => printed.out, { timeout: 20_000 }).toContain('listening on')
  return printed
}

describe.each(receivers)('$name of the guide', ({ name, program }) => {
  test('stands in the guide as it is in the file', () => {
    expect(guide).toContain(readFileSync(join(docs, 'receivers', name), 'utf8').trim())
  })

  test.skipIf(program === undefined)('takes and verifies a change, and refuses what is forged', async () => {
    if (program === undefined) return
    const data = temporaryDirectory()
    const server = await serving(['--sample', '--data', data])
    const port = String(await freePort())
    const url = `http://127.0.0.1:${port}/hook`
    const added = await waggle(['webhook', 'add', url, '--company', '3', '--data', data])
    const secret = /whsec_\S+/.exec(added.out)?.[0] ?? ''
    const integration = /\n {4}([0-9a-f-]{36})\n/.exec(added.out)?.[1] ?? ''
    const printed = await receiving(program, name, { PORT: port, SECRET: secret, INTEGRATION: integration })

    expect((await waggle(['webhook', 'test', '1', '--data', data])).out).toMatch(/^Accepted: 204/)
    await fetch(`${server.url}/api/v1/leads/789`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${sampleKeys.readWrite}`, 'content-type': 'application/json' },
      body: '{"status": "qualified", "first_name": "Zoë"}',
    })
    await expect.poll(() => printed.out, { timeout: 10_000 }).toMatch(/\d+ lead_updated lead 789: first_name, status/)
    const forged = await fetch(url, {
      method: 'POST',
      headers: {
        'webhook-id': 'x',
        'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
        authorization: 'Bearer a.b.c',
      },
      body: '{"lead": {}}',
    })
    expect(forged.status).toBe(401)
    await expect.poll(() => printed.out).toContain('refused')
  })
})

test('the guide names every header that is sent', () => {
  const source = readFileSync(join(docs, '../src/webhooks/message.ts'), 'utf8')
  const sent = [...source.matchAll(/'((?:webhook|x-waggle)-[a-z-]+)'/g)].map(([, name = '']) => name)
  expect(sent.length).toBeGreaterThan(6)
  for (const name of sent) expect(guide.toLowerCase()).toContain(name)
})
