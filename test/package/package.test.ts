import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../src/version.ts'
import { root } from '../sdk/packed.ts'
import { receiver, verified } from '../webhooks/receiver.ts'
import { type Machine, machine } from './installed.ts'

/** npm installs 80 packages, on a machine that may be busy. */
const patient = 480_000
const soon = { timeout: 30_000, interval: 100 }

const guide = readFileSync(join(root, 'docs/quick-start.md'), 'utf8')
const blocks = (language: string): string[] =>
  [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, name]) => name === language).map(([, , text = '']) => text)
const isInstall = (block: string): boolean => block.startsWith('npm install --global')

const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const listens = /listens on (http:\/\/[^\s"]+)/
const sampleKey = 'jb_api_1234567890abcdef'

let the: Machine
/** What the guide's own lines printed that install the program. */
let installed: string
beforeAll(async () => {
  the = await machine()
  const install = blocks('sh').find(isInstall) ?? ''
  installed = await the.runs(install.replace('--global waggle-server', `--global ${the.tarball}`), the.folder())
}, patient)
afterAll(() => the.remove(), patient)

const asJson = (key: string, method: string, body: object): RequestInit => ({
  method,
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('the tarball', () => {
  test('holds what runs, what is read, and nothing else', () => {
    const paths = the.files.map(({ path }) => path)
    const forms = [
      /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md)$/,
      /^bin\/waggle(?:-server)?\.js$/,
      /^dist\/(?!console\/|docs\/)[\w/-]+\.(?:js|d\.ts)$/,
      /^dist\/(?:console|docs)\/(?:[\w-]+\.(?:html|js|svg|png)|assets\/[\w.-]+\.(?:js|css|svg|png|woff2))(?:\.br|\.gz)?$/,
      /^docs\/(?:[\w-]+\.md|openapi\.json|receivers\/receiver\.(?:mjs|py))$/,
      /^deploy\/[\w.-]+$/,
    ]
    expect(paths.filter((path) => !forms.some((form) => form.test(path)))).toEqual([])
    expect(paths).toEqual(expect.arrayContaining(['bin/waggle.js', 'bin/waggle-server.js']))
    expect(paths).toEqual(expect.arrayContaining(['dist/console/index.html', 'dist/docs/index.html']))
    const exported = Object.values<string | object>(about.exports).filter((path) => typeof path === 'string')
    for (const path of exported) expect(paths).toContain(path.slice(2))
  })

  test('holds each file of the source once, and none that is no longer there', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => ['.js', '.d.ts'].map((ending) => `dist/${name.replace(/\.ts$/, ending)}`))
    const compiled = the.files.map(({ path }) => path).filter((path) => /^dist\/(?!console\/|docs\/)/.test(path))
    expect(compiled.toSorted()).toEqual(sources.toSorted())
  })

  test('names each package that it needs in the version that was tested', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
    const tested = Object.keys(about.dependencies).map((name) => [name, lock.packages[`node_modules/${name}`].version])
    expect(about.dependencies).toEqual(Object.fromEntries(tested))
  })
})

describe('installed', () => {
  test('the contract can be imported, with its types', async () => {
    const place = the.folder()
    const modules = join(place, 'node_modules')
    mkdirSync(modules)
    symlinkSync(join(the.prefix, 'lib/node_modules/waggle-server'), join(modules, 'waggle-server'))
    const program = [
      "import { updateLead } from 'waggle-server/contract/leads'",
      "import { failures } from 'waggle-server/contract/failures'",
      "const method: 'PATCH' = updateLead.method",
      'const status: 404 = failures.lead_not_found.status',
      '// @ts-expect-error it has another method',
      "export const wrong: 'PUT' = updateLead.method",
      'console.log(method, status)',
    ]
    writeFileSync(join(place, 'program.mts'), program.join('\n'))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    await the.runs(`node "${compiler}" --strict --module nodenext --target es2024 --types "" program.mts`, place)
    expect(await the.runs('node program.mjs', place)).toBe('PATCH 404\n')
  })

  test('the program says its version, and its commands as they are called', async () => {
    expect(installed).toContain(`added `)
    expect(installed.endsWith(`${version}\n`)).toBe(true)
    const place = the.folder()
    expect(await the.runs('waggle', place)).toContain('  waggle serve')
    expect(await the.runs('npx waggle-server --help', place)).toContain('  npx waggle-server serve')
    expect(readdirSync(place)).toEqual([])
  })

  test('it serves data of one’s own: a change, its webhook, the console; and ends in order', {
    timeout: patient,
  }, async () => {
    const place = the.folder()
    const begun = await the.runs('waggle init --company Nordlicht', place)
    expect(begun).toContain('Start the server with: waggle serve')
    const key = /wgl_[0-9a-f]{48}/.exec(begun)?.[0] ?? ''
    const server = the.begin('exec waggle serve', place, { WAGGLE_PORT: '0', WAGGLE_WEBHOOK_ALLOW: '127.0.0.0/8' })
    const url = await server.says(listens)
    expect(await server.says(/console\/setup with the code \S+/)).toBeTruthy()

    const made = await fetch(
      `${url}/api/v1/leads`,
      asJson(key, 'POST', { company_name: 'Kern AG', email: 'a@kern.example' }),
    )
    expect(made.status).toBe(201)
    const { id }: { id: number } = JSON.parse(await made.text())
    const hook = await receiver(() => 204)
    const added = await the.runs(`waggle webhook add ${hook.url}`, place, { WAGGLE_WEBHOOK_ALLOW: '127.0.0.0/8' })
    const [secret = ''] = /whsec_\S+/.exec(added) ?? []
    const [integration = ''] = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(added) ?? []
    const changed = await fetch(`${url}/api/v1/leads/${id}`, asJson(key, 'PATCH', { status: 'qualified' }))
    expect(changed.status).toBe(200)
    const [message] = await hook.arrived(1)
    if (message === undefined) throw new Error('nothing arrived')
    expect(await verified(message, secret, integration)).toMatchObject({ event_id: 'lead_updated' })
    expect(message.body).toMatchObject({ lead: { id, status: 'qualified' }, changed_fields: ['status'] })

    const page = await fetch(`${url}/console`)
    expect(page.status).toBe(200)
    const html = await page.text()
    const script = /src="(\/console\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? ''
    expect((await fetch(`${url}${script}`)).headers.get('content-type')).toContain('javascript')
    const reference = await fetch(`${url}/docs`)
    expect([reference.status, await reference.text()]).toEqual([200, expect.stringContaining('API reference')])

    process.kill(server.pid, 'SIGTERM')
    expect(await server.ended, server.out).toBe(0)
    expect(server.out).toContain('SIGTERM: finishing what runs')
    expect(server.out).toContain('"closed"')
  })

  test('npx starts the sample without flags, and hands signals on', { timeout: patient }, async () => {
    const place = the.folder()
    const npx = `npm exec --yes --package ${the.tarball} -- waggle-server`
    const first = the.begin(npx, place, { WAGGLE_PORT: '0' })
    const url = await first.says(listens)
    expect(first.out).toContain('is running with sample data')
    expect(first.out).toContain('npx waggle-server --help')
    expect((await fetch(`${url}/api/v1/leads/789`, asJson(sampleKey, 'PATCH', { status: 'lost' }))).status).toBe(200)
    await first.stop('SIGINT') // Ctrl+C reaches all that the terminal runs
    expect(first.out).toContain('"closed"')
    expect(readdirSync(join(place, 'data'))).toContain('waggle.db')

    const second = the.begin(`exec ${npx} --port 0`, place)
    const again = await second.says(listens)
    const lead = await fetch(`${again}/api/v1/leads/789`, { headers: { authorization: `Bearer ${sampleKey}` } })
    expect(await lead.json()).toMatchObject({ status: 'lost' })
    process.kill(second.pid, 'SIGTERM') // npm alone hears of it, as from a service manager
    await second.ended
    await second.says(/"closed"/)
    expect(existsSync(join(place, 'data/waggle.db-wal'))).toBe(false)
  })
})

describe('the quick start', () => {
  const [start, change, look, add, receive, follow, init, startOwn, create, ...rest] = blocks('sh').filter(
    (block) => !isInstall(block),
  )
  const anyPort = { WAGGLE_PORT: '0' }

  test('has no block that is not run here', () => {
    expect(rest).toEqual([])
    expect([blocks('text'), blocks('json'), blocks('js')].map(({ length }) => length)).toEqual([1, 1, 1])
  })

  test('works as it is written', { timeout: patient }, async () => {
    const [place, own, port] = [the.folder(), the.folder(), await freePort()]
    let url = ''
    const written = (block: string | undefined): string =>
      (block ?? '')
        .replaceAll('http://127.0.0.1:4000', url)
        .replaceAll('5000', String(port))
        .replace(/^curl /gm, 'curl --silent --show-error --fail ')
    const typed = (block: string | undefined, cwd = place): Promise<string> => the.runs(written(block), cwd)

    const server = the.begin(written(start), place, anyPort)
    url = await server.says(listens)
    expect(server.out.replace(version, '…')).toContain(written(blocks('text')[0]).trim())
    const [, email, password] = /signing in with (\S+) and the password "([^"]+)"/.exec(server.out) ?? []
    expect(guide).toContain(`\`${email}\``)
    expect(guide).toContain(`\`${password}\``)

    const shown = JSON.parse(blocks('json')[0] ?? '')
    expect(JSON.parse(await typed(change))).toEqual({ ...shown, updated_at: expect.any(String) })
    expect(await typed(look)).toContain('"status":"qualified"')

    const program = written(blocks('js')[0])
    writeFileSync(join(place, /^\/\/ (\S+)/.exec(program)?.[1] ?? ''), program)
    const secret = /whsec_\S+/.exec(await typed(add))?.[0] ?? ''
    const receiving = the.begin(written(receive).replace('whsec_…', secret), place)
    const forged = { method: 'POST', headers: { 'webhook-id': 'x', 'webhook-signature': 'v1,x' }, body: '{}' }
    const answered = async () => (await fetch(`http://127.0.0.1:${port}/hook`, forged).catch(() => undefined))?.status
    await expect.poll(answered, soon).toBe(401)

    await typed(follow)
    const event = JSON.parse(await receiving.says(/^\{.*\}$/m))
    expect(event).toMatchObject({ lead: { id: 789, status: 'converted' }, changed_fields: ['status'] })
    const list = written(follow).trim().split('\n').at(-1)
    await expect.poll(() => typed(list), soon).toContain('delivered')
    await Promise.all([receiving.stop(), server.stop()])

    const begun = await typed(init, own)
    expect(begun).toContain('Start the server with: npx waggle-server serve')
    const ours = the.begin(written(startOwn), own, anyPort)
    url = await ours.says(listens)
    expect(ours.out).toContain(`${url}/console/setup with the code`)
    expect(ours.out).not.toContain('sample')
    const key = /wgl_[0-9a-f]{48}/.exec(begun)?.[0] ?? ''
    expect(JSON.parse(await typed(create?.replace('wgl_…', key), own))).toMatchObject({ id: expect.any(Number) })
    await ours.stop()
  })
})
