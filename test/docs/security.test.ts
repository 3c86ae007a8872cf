import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import standard from './asvs-5.0.0.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/security.md'), 'utf8')

interface Line {
  readonly number: string
  readonly asks: string
  readonly answer: string
  readonly how: string
}

/** The lines that answer a requirement of one of the two lists. */
const lines: Line[] = page.split('\n').flatMap((line) => {
  const [, number = '', asks = '', answer = '', how = ''] = line.split('|').map((cell) => cell.trim())
  return /^(API)?\d+(\.\d+)*$/.test(number) ? [{ number, asks, answer: answer.replaceAll('*', ''), how }] : []
})
const ofStandard = lines.filter(({ number }) => !number.startsWith('API'))

test('each requirement of levels 1 and 2 stands in the page once, in the order of the standard', () => {
  expect(ofStandard.map(({ number }) => number)).toEqual(Object.keys(standard.levels))
})

test('each of the ten risks of APIs stands there once', () => {
  const numbers = lines.filter(({ number }) => number.startsWith('API')).map(({ number }) => number)
  expect(numbers).toEqual(Array.from({ length: 10 }, (_, at) => `API${at + 1}`))
})

test.each(lines)('$number has an answer, and says how', ({ asks, answer, how }) => {
  expect(asks).not.toBe('')
  expect(how).not.toBe('')
  expect(['met', 'not met', 'does not apply']).toContain(answer)
})

test('the tests and pages that are named are there', () => {
  const named = [...page.matchAll(/`((?:test|docs)\/[^`]+|[A-Z]+\.md)`/g)].map(([, path = '']) => path)
  expect(named.length).toBeGreaterThan(100)
  for (const path of new Set(named)) expect(existsSync(join(root, path)), `docs/security.md names ${path}`).toBe(true)
})

test('the counts in its head are those of its lines', () => {
  const count = (wanted: string): number => ofStandard.filter(({ answer }) => answer === wanted).length
  expect(page).toContain(
    `${ofStandard.length} requirements: ${count('met')} are met, ${count('not met')} are not met, ${count('does not apply')} do not apply.`,
  )
})
