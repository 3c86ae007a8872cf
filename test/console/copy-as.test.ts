import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeOf, curlOf, literal } from '../../console/app/copy-as.ts'

const origin = 'https://leads.example'
const patch = (json: unknown) => ({ method: 'PATCH', path: '/api/v1/leads/789', body: { json } })

/** The words that a shell hands to `curl`. */
function wordsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`
  const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env: { WAGGLE_KEY: 'k-1' } })
  expect(status).toBe(0)
  return stdout.split('\0').slice(0, -1)
}

describe('copy as curl', () => {
  test('sends what was sent, with the key of the shell', () => {
    expect(wordsOf(curlOf(patch({ status: 'qualified', tags: [10, 11] }), origin))).toEqual([
      '-X',
      'PATCH',
      'https://leads.example/api/v1/leads/789',
      '-H',
      'Authorization: Bearer k-1',
      '-H',
      'Content-Type: application/json',
      '-d',
      '{"status":"qualified","tags":[10,11]}',
    ])
  })

  test('quotes whatever a person may have typed', () => {
    for (const name of ["Rock'n'Roll", '$HOME `id` "x" \\', 'two\nlines', "'; rm -rf ~ #", '@file', 'Größe 東京 🐝']) {
      const sent = wordsOf(curlOf(patch({ company_name: name }), origin)).at(-1)
      expect(JSON.parse(sent ?? '')).toEqual({ company_name: name })
    }
  })

  test('sends no body where none was sent, and a file as a file', () => {
    const deletion = { method: 'DELETE', path: '/api/v1/leads/789' }
    expect(wordsOf(curlOf(deletion, origin))).toHaveLength(5)
    const upload = { method: 'POST', path: '/api/v1/imports?mode=create', body: { fileType: 'text/csv' } }
    expect(wordsOf(curlOf(upload, origin)).slice(-2)).toEqual(['--data-binary', '@leads.csv'])
  })
})

describe('copy as code', () => {
  test('calls the function of the client', () => {
    expect(codeOf(patch({ status: 'qualified', external_id: "O'Neil" }), origin)).toBe(
      `import { createClient } from 'waggle-client'

const waggle = createClient({ baseUrl: 'https://leads.example', key: process.env.WAGGLE_KEY })
await waggle.leads.update(789, { status: 'qualified', external_id: 'O\\'Neil' })
`,
    )
  })

  test.each([
    ['POST', '/api/v1/leads/batch', 'waggle.leads.batch('],
    ['PUT', '/api/v1/leads/789/tags/10', 'waggle.leads.addTag(789, 10)'],
    ['DELETE', '/api/v1/custom-fields/5/options/3', 'waggle.customFields.deleteOption(5, 3)'],
    ['POST', '/api/v1/webhooks/0198-a/test', "waggle.webhooks.test('0198-a')"],
  ])('%s %s is %s', (method, path, call) => {
    expect(codeOf({ method, path }, origin)).toContain(call)
  })

  test('reads a file that is sent, and gives the query behind it', () => {
    const upload = { method: 'POST', path: '/api/v1/imports?dry_run=1', body: { fileType: 'text/csv' } }
    const code = codeOf(upload, origin)
    expect(code).toContain(`waggle.imports.create({ csv: await readFile('leads.csv', 'utf8') }, { dry_run: '1' })`)
    expect(code).toContain(`import { readFile } from 'node:fs/promises'`)
  })

  test('has no words for what the client does not do', () => {
    expect(codeOf({ method: 'POST', path: '/api/v1/nothing' }, origin)).toBeUndefined()
  })

  test('writes any value so that it is read as the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read: unknown = new Function(`return (${literal(value)})`)()
        expect(JSON.stringify(read)).toBe(JSON.stringify(value))
      }),
      { examples: [[JSON.parse('{"__proto__":1}')], [JSON.parse('{"a":{"__proto__":{"b":2}}}')]] },
    )
  })
})
