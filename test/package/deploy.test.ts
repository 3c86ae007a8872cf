import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { settingNames, variableOf } from '../../src/kernel/config.ts'
import { serving, temporaryDirectory } from '../commands/program.ts'
import { root } from '../sdk/packed.ts'

const textOf = (name: string): string => readFileSync(join(root, name), 'utf8')
const about = JSON.parse(textOf('package.json'))
const nodeFlag = /--max-semi-space-size=\d+/.exec(about.scripts.start)?.[0] ?? ''
const variables = settingNames.map(variableOf)

/** Instructions of the Dockerfile, each on one line, without comments. */
const instructions = textOf('deploy/Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .trim()
  .split(/\n+/)
const told = (word: string): string[] =>
  instructions.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))

describe('the image', () => {
  test('is made of files that are there and that reach its build', () => {
    const letIn = textOf('deploy/Dockerfile.dockerignore').match(/(?<=^!).*/gm) ?? []
    const copied = told('COPY')
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(' ').slice(0, -1))
      .filter((name) => name !== '.')
    expect(copied.length).toBeGreaterThan(0)
    for (const name of copied) expect(letIn).toContain(name)
    for (const name of letIn) expect(existsSync(join(root, name)), `${name} is not there`).toBe(true)
  })

  test('sets what the program knows, and runs it without root and without a shell', () => {
    const set = told('ENV').flatMap((line) => line.match(/WAGGLE_\w+/g) ?? [])
    expect(variables).toEqual(expect.arrayContaining(set))
    expect(told('USER')).toEqual(['node'])
    expect(told('ENTRYPOINT').map((line) => JSON.parse(line))).toEqual([['node', nodeFlag, '/waggle/bin/waggle.js']])
    expect(told('CMD').map((line) => JSON.parse(line))).toEqual([['serve']])
  })

  test('is healthy while the server takes requests', async () => {
    const [program, ...args]: string[] = JSON.parse(/CMD (\[.*\])/.exec(told('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]')
    expect(program).toBe('node')
    const server = await serving(['--data', temporaryDirectory()])
    const env = { WAGGLE_PORT: new URL(server.url).port }
    const check = (): number | null => spawnSync(process.execPath, args, { env }).status
    expect(check()).toBe(0)
    await server.stop()
    expect(check()).toBe(1)
  })
})

describe('the unit of systemd', () => {
  const unit = textOf('deploy/waggle.service')

  test('starts a command of the package, with settings that it knows', () => {
    const [, program = '', words] = /^ExecStart=(\S+) (.*)$/m.exec(unit) ?? []
    expect(Object.keys(about.bin)).toContain(program)
    expect(words).toBe('serve')
    expect(variables).toEqual(expect.arrayContaining(unit.match(/WAGGLE_\w+/g) ?? []))
    expect(unit).toContain(`NODE_OPTIONS=${nodeFlag}\n`)
    const env = { NODE_OPTIONS: nodeFlag }
    expect(execFileSync(process.execPath, ['--print', '1'], { env, encoding: 'utf8' })).toBe('1\n')
  })
})
