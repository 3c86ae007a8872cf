import { expect, test, vi } from 'vitest'
import { serving, temporaryDirectory, waggle } from './program.ts'

/** Programs are begun, and passwords are hashed slowly on purpose. */
vi.setConfig({ testTimeout: 60_000 })

const password = 'three dull honeycombs'
const post = async (url: string, path: string, body: object) => {
  const headers = { origin: url, 'content-type': 'application/json' }
  const reply = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: reply.status, body: JSON.parse(await reply.text()) }
}

test('an empty database is set up with the code of the log, and a command lets a user in who has forgotten', async () => {
  const data = temporaryDirectory()
  const server = await serving(['--data', data])
  const code = /Set up the console at http:\S+\/console\/setup with the code (\w{4}-\w{4})/.exec(server.banner)?.[1]
  const first = { code, email: 'ada@our.example', password, company_name: 'Ours' }
  expect(await post(server.url, '/api/console/setup', first)).toMatchObject({
    status: 201,
    body: { company: { id: 1, name: 'Ours' }, user: { id: 1, email: 'ada@our.example', role: 'admin' }, key: null },
  })

  const made = await waggle([
    'user',
    'link',
    'ADA@our.example',
    '--data',
    data,
    '--public-url',
    'https://leads.example',
  ])
  const token = /https:\/\/leads\.example\/console\/welcome\?token=([\w-]{32})/.exec(made.out)?.[1]
  const other = 'another long password'
  expect((await post(server.url, '/api/console/welcome', { token, password: other })).status).toBe(200)
  expect((await post(server.url, '/api/console/sign-in', { email: 'ada@our.example', password })).status).toBe(401)
  await server.stop()

  const again = await serving(['--data', data])
  expect(again.banner).not.toContain('Set up the console')
  const sent = { email: 'ada@our.example', password: other }
  expect((await post(again.url, '/api/console/sign-in', sent)).status).toBe(200)
})

test('a link for nobody is refused in words', async () => {
  const data = temporaryDirectory()
  await waggle(['init', '--data', data, '--email', 'ada@our.example'])
  expect(await waggle(['user', 'link', 'eva@our.example', '--data', data])).toMatchObject({
    code: 1,
    err: 'waggle: There is no user <eva@our.example> who may sign in. Invite one in the console: Settings → Users.\n',
  })
  expect((await waggle(['user', 'link', '--data', data])).err).toContain('Say whom the link is for')
})

test("the sample's administrator signs in with what the banner says, until the password is another", async () => {
  const data = temporaryDirectory()
  const server = await serving(['--sample', '--data', data])
  const [, email, shown] = /signing in with (\S+) and the password "([^"]+)"/.exec(server.banner) ?? []
  expect((await post(server.url, '/api/console/sign-in', { email, password: shown })).status).toBe(200)
  const state = JSON.parse(await (await fetch(`${server.url}/api/console/state`)).text())
  expect(state).toEqual({
    setup_needed: false,
    oidc: null,
    mail: false,
    sample_sign_in: { email, password: shown },
  })
  const { out } = await waggle(['user', 'link', email ?? '', '--data', data])
  const token = /token=([\w-]{32})/.exec(out)?.[1]
  expect((await post(server.url, '/api/console/welcome', { token, password })).status).toBe(200)
  await server.stop()

  const again = await serving(['--sample', '--data', data])
  expect(again.banner).not.toContain('signing in with')
  expect((await post(again.url, '/api/console/sign-in', { email, password })).status).toBe(200)
})
