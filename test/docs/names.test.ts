import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingNames, variableOf } from '../../src/kernel/config.ts'
import { everyCommand } from '../commands/every-command.ts'
import { serving, temporaryDirectory } from '../commands/program.ts'
import { pages as guides, root, textOfPage } from './blocks.ts'

const pages = [...guides, 'ARCHITECTURE.md']

/** What stands between backticks in a line of a page. */
const codesOf = (page: string): string[] => [...textOfPage(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)

test('scripts that pages name stand in package.json', () => {
  const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts)
  for (const page of pages) {
    for (const [, script = ''] of textOfPage(page).matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)) {
      expect(scripts, `${page} names npm run ${script}`).toContain(script)
    }
  }
})

test('commands that pages name are there, and have the options that are named', async () => {
  const commands = await everyCommand()
  let found = 0
  for (const page of pages) {
    for (const code of codesOf(page)) {
      const asked = /^(?:npm run waggle -- |waggle )(.+)$/.exec(code)?.[1]
      if (asked === undefined || !/^[a-z]/.test(asked)) continue
      const command = commands
        .filter(({ name }) => `${asked} `.startsWith(`${name} `))
        .sort((a, b) => b.name.length - a.name.length)[0]
      const [first] = asked.split(' ')
      const isGroup = commands.some(({ name }) => name.startsWith(`${first} `))
      expect(command !== undefined || isGroup, `${page} names \`${code}\`, and there is no such command`).toBe(true)
      for (const [, flag = ''] of command === undefined ? [] : asked.matchAll(/ --([\w-]+)/g)) {
        expect(Object.keys(command?.flags ?? {}), `${page} names \`${code}\``).toContain(flag)
        found += 1
      }
    }
  }
  expect(found).toBeGreaterThan(5)
})

test('variables that pages name are settings', () => {
  const known = settingNames.map(variableOf)
  for (const page of pages) {
    for (const [name] of textOfPage(page).matchAll(/\bWAGGLE_(?!TEST_)[A-Z]\w+\b/g)) {
      expect(known, `${page} names ${name}`).toContain(name)
    }
  }
})

test('links of pages lead to files and headings that are there', () => {
  for (const page of pages) {
    for (const [, target = '', place = ''] of textOfPage(page).matchAll(/\]\((?!https?:)([^)#]*)(#[^)]+)?\)/g)) {
      const other = target === '' ? page : join(page, '..', target)
      expect(existsSync(join(root, other)), `${page} links to ${other}, which is not there`).toBe(true)
      if (place === '') continue
      const places = [...textOfPage(other).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
      expect(places, `${page} links to ${other}${place}`).toContain(place.slice(1))
    }
  }
})

/** As hosts of repositories make the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

/** What looks like the name of a metric and is another name. */
const noMetric = /^(waggle_(session|oidc|auth|\w+_db|sample)|process_id)$/

test('metrics that pages name are those of a server', { timeout: 60_000 }, async () => {
  const server = await serving(['--sample', '--data', temporaryDirectory()])
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  let found = 0
  for (const page of pages) {
    for (const [name] of textOfPage(page).matchAll(/\b(?:waggle|nodejs|process)_[a-z_]+[a-z]\b/g)) {
      if (noMetric.test(name)) continue
      expect(metrics, `${page} names ${name}`).toContain(`# TYPE ${name.replace(/_bucket$/, '')} `)
      found += 1
    }
  }
  expect(found).toBeGreaterThan(15)
})
