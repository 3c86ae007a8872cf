import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sampleKeys } from '../../src/sample/keys.ts'
import { serving, temporaryDirectory } from '../commands/program.ts'
import { root, textOfPage } from './blocks.ts'

const page = textOfPage('docs/differences.md')

/** The cells of the rows under a heading. */
const rowsUnder = (heading: string): string[][] =>
  (page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('|---'))
    .map((line) => line.slice(2, -2).split(' | '))

const codesIn = (text = ''): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

test('what the page says of an update is what the sample answers', { timeout: 60_000 }, async () => {
  const server = await serving(['--sample', '--data', temporaryDirectory()])
  const rows = rowsUnder('Decided: what an update means').filter(([body = '']) => /^`[[{]/.test(body))
  expect(rows.length).toBeGreaterThan(15)
  for (const [body, answer = ''] of rows) {
    const reply = await fetch(`${server.url}/api/v1/leads/789`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${sampleKeys.readWrite}`, 'content-type': 'application/json' },
      body: codesIn(body)[0] ?? '',
    })
    const { error } = JSON.parse(await reply.text())
    expect(`${reply.status}${error === undefined ? '' : ` \`${error}\``}`, body).toBe(answer)
  }
})

const documented: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
  readFileSync(join(root, 'docs/openapi.json'), 'utf8'),
)

test('what the page says is added is there, and what it says is missing is not', () => {
  const calls = rowsUnder('What is added').flatMap(([cell]) => codesIn(cell).filter((code) => code.includes(' /')))
  expect(calls.length).toBeGreaterThan(20)
  for (const call of calls) {
    const [method = '', path = ''] = call.split(' ')
    expect(documented.paths[path]?.[method.toLowerCase()], call).toBeDefined()
  }
  const missing = rowsUnder('What is not there').flatMap(([cell]) => codesIn(cell))
  expect(missing.length).toBeGreaterThan(3)
  for (const path of missing) expect(documented.paths[path], path).toBeUndefined()
})

test('every section that the page names is one of behaviour.md', () => {
  const sections = [...textOfPage('docs/behaviour.md').matchAll(/^## §(\d+) /gm)].map(([, number]) => number)
  const named = page.split('\n').flatMap((line) => /\| ([\d, ]+) \|$/.exec(line)?.[1]?.split(', ') ?? [])
  expect(named.length).toBeGreaterThan(50)
  for (const number of [...named, ...[...page.matchAll(/§(\d+)/g)].map(([, one]) => one)]) {
    expect(sections).toContain(number)
  }
})
