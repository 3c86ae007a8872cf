import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serving, temporaryDirectory, waggle } from './program.ts'

test('beside a server it tells what it sees, line by line, and ends with 0', async () => {
  const data = temporaryDirectory()
  await serving(['--sample', '--data', data])
  const { code, out, err } = await waggle(['doctor', '--data', data])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(new RegExp(`^Waggle [\\d.]+ looks at ${data}\n\n`))
  expect(out).toContain(`ok       database           ${data}; a server runs on it.\n`)
  expect(out).toMatch(
    /\nnote {5}backups {12}Whether backups are made cannot be seen from here\.\n {28}→ One a day, elsewhere: /,
  )
  expect(out).toMatch(/\n\nok \d+, note \d+, warning 0, fault 0\n$/)
})

test('where there is no database it says so, and ends with 1', async () => {
  const data = temporaryDirectory()
  const { code, out, err } = await waggle(['doctor', '--data', data])
  expect({ code, err }).toEqual({ code: 1, err: 'waggle: 1 fault was found.\n' })
  expect(out).toContain(
    `fault    database           There is no database in ${data}. Begin one with: waggle init --data ${data}\n`,
  )
})

test('a restore that is not complete is a fault, whatever is there of it', async () => {
  const data = temporaryDirectory()
  await waggle(['init', '--data', data])
  mkdirSync(join(data, 'restoring'))
  expect((await waggle(['doctor', '--quick', '--data', data])).code).toBe(0)
  writeFileSync(join(data, 'restoring', 'not-complete'), '')
  const { code, out } = await waggle(['doctor', '--quick', '--data', data])
  expect(code).toBe(1)
  expect(out).toContain(`fault    database           ${data} is the target of a restore that is not complete.`)
})

test('what would keep a server from beginning is a fault; scripts read it as JSON', async () => {
  const data = temporaryDirectory()
  await waggle(['init', '--data', data])
  const { code, out } = await waggle(['doctor', '--json', '--data', data], { env: { WAGGLE_PROT: '4000' } })
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    database: data,
    faults: 1,
    findings: expect.arrayContaining([
      {
        check: 'settings',
        state: 'fault',
        says: 'Unknown setting WAGGLE_PROT. Did you mean WAGGLE_PORT?',
        advice: 'Remove or rename it.',
      },
    ]),
  })
})
