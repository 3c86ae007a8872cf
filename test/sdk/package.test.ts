import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { complaints, type Packed, packed, root, run, strict } from './packed.ts'

/** Programs start one after the other, on a machine that may be busy. */
const patient = 120_000

const program = `
import { createClient, verifyWebhook, WaggleError, type Lead, type LeadPatch } from 'waggle-client'

declare const process: { env: Record<string, string> }
const waggle = createClient({ baseUrl: process.env['URL'] ?? '', key: process.env['KEY'] })
const patch: LeadPatch = { status: 'qualified', tags: [7, '8'], customFields: [{ customFieldId: 9, value: { text: 'a' } }] }
const { etag, sequence } = await waggle.leads.update(4711, patch)
const whole = await waggle.leads.update(4711, { company_name: 'Packed' }, { ifMatch: etag, whole: true })
const lead: Lead = whole
const { rows, total } = await waggle.leads.list({ status: ['qualified'], tags: [7] })
const first: 'new' | 'contacted' | 'qualified' | 'converted' | 'lost' | undefined = rows[0]?.status
let failure: string = ''
try {
  await waggle.leads.get(1)
} catch (error) {
  if (error instanceof WaggleError && error.failure === 'lead_not_found') failure = error.failure
}
let seen = 0
for await (const event of waggle.events.follow({ after: (sequence ?? 1) - 1 })) {
  seen = event.sequence
  break
}
export const verify = (body: string, headers: Headers) => verifyWebhook({ body, headers, secret: 'whsec_AAAA' })
console.log(JSON.stringify({ company: lead.company_name, total, first, failure, isSeen: seen === sequence }))
`

/** Each must be refused by the compiler. */
const wrong = [
  ['a status that there is not', "await waggle.leads.update(4711, { status: 'won' })"],
  ['a status that there is not in a filter', "await waggle.leads.list({ status: ['won'] })"],
  ['a member that there is not', 'await waggle.leads.update(4711, { company: 1 })'],
  ['an option of another operation', "await waggle.leads.get(4711, { ifMatch: '*' })"],
  [
    'a custom value of the wrong form',
    "await waggle.leads.update(1, { customFields: [{ customFieldId: 1, value: { number: 'x' } }] })",
  ],
  ['a parameter that is missing', 'await waggle.leads.addTag(4711)'],
  ['a member that the answer has not', 'void (await waggle.leads.update(4711, {})).company_name'],
  ['a failure that there is not', "new WaggleError('lead_lost', '', { operation: '' })"],
  ['a webhook held against nothing', "await verifyWebhook({ body: '', headers: {} })"],
] as const

describe('the package', () => {
  let api: Api
  let the: Packed
  beforeAll(async () => {
    const [[, start] = []] = backends
    if (start === undefined) throw new Error('no backend')
    api = await start()
    the = await packed()
  }, patient)
  afterAll(async () => {
    the.remove()
    await api.close()
  })

  test('needs nothing beside it', () => {
    expect(readdirSync(join(the.project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'waggle-client',
    ])
    const about = JSON.parse(readFileSync(join(the.project, 'node_modules/waggle-client/package.json'), 'utf8'))
    expect(about).toMatchObject({ license: 'Apache-2.0', version: expect.stringMatching(/^\d/) })
    expect(about.dependencies).toBeUndefined()
    const files = readdirSync(join(the.project, 'node_modules/waggle-client'), { recursive: true, encoding: 'utf8' })
    const texts = files
      .filter((name) => /\.(?:js|d\.ts)$/.test(name))
      .map((name) => readFileSync(join(the.project, 'node_modules/waggle-client', name), 'utf8'))
    expect(texts.filter((text) => /typebox|from 'node:/.test(text))).toEqual([])
    expect(files).toContain('README.md')
    expect(files).toContain('LICENSE')
  })

  test('its types are whole, and a program with them runs', { timeout: patient }, async () => {
    writeFileSync(join(the.project, 'program.ts'), program)
    expect(await complaints(the.project, { ...strict, include: ['program.ts'] })).toEqual([])
    const ran = await run(process.execPath, ['program.ts'], the.project, { URL: api.url, KEY: keys.full })
    expect(ran.status, ran.said).toBe(0)
    expect(JSON.parse(ran.said)).toEqual({
      company: 'Packed',
      total: expect.any(Number),
      first: 'qualified',
      failure: 'lead_not_found',
      isSeen: true,
    })
  })

  test('its types refuse what the server would', { timeout: patient }, async () => {
    const at = join(the.project, 'wrong')
    mkdirSync(at)
    const head = `import { createClient, verifyWebhook, WaggleError } from 'waggle-client'\nconst waggle = createClient({ baseUrl: '' })\nvoid [verifyWebhook, WaggleError]\n`
    for (const [index, [, line]] of wrong.entries())
      writeFileSync(join(at, `wrong-${index}.ts`), `${head}${line}\nexport {}\n`)
    const found = await complaints(at, { ...strict, include: ['*.ts'] })
    for (const [index, [name]] of wrong.entries()) {
      const ours = found.filter((line) => line.includes(`wrong-${index}.ts`))
      expect(ours, name).toHaveLength(1)
      expect(ours[0], name).toContain(`wrong-${index}.ts(4,`)
    }
  })

  test('its types are those that the contract has', { timeout: patient }, async () => {
    const at = join(the.directory, 'same')
    mkdirSync(at)
    const nameOf = (file: string): string => JSON.stringify(relative(at, file))
    writeFileSync(join(at, 'package.json'), '{"type": "module"}')
    writeFileSync(
      join(at, 'same.ts'),
      `import type { Contract as Source } from ${nameOf(join(root, 'sdk/contract.ts'))}
import type { Contract as Packed } from ${nameOf(join(the.built, 'sdk/contract.js'))}
type Differing = {
  [Id in keyof Source | keyof Packed]: Id extends keyof Source & keyof Packed
    ? [Source[Id]] extends [Packed[Id]]
      ? [Packed[Id]] extends [Source[Id]]
        ? never
        : Id
      : Id
    : Id
}[keyof Source | keyof Packed]
export const differing: [Differing] extends [never] ? true : Differing = true
`,
    )
    const options = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { types: [], lib: ['es2024', 'dom'] },
      include: ['*.ts'],
    }
    expect(await complaints(at, options)).toEqual([])
  })
})
