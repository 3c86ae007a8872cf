import { expect, test } from 'vitest'
import {
  documented,
  faultsOfLock,
  faultsOfPage,
  faultsOfPublished,
  heard,
  type Lock,
  published,
} from '../../tools/audit/lock.ts'

const integrity = `sha512-${'A'.repeat(86)}==`
const fine = { version: '1.0.0', integrity, license: 'MIT' }
const lock: Lock = {
  packages: {
    '': { dependencies: { a: '^1.0.0' }, optionalDependencies: { missing: '1.0.0' } },
    'node_modules/a': { ...fine, dependencies: { b: '^2.0.0', c: '1.0.0' } },
    'node_modules/a/node_modules/b': { ...fine, version: '2.0.0', dependencies: { c: '1.0.0' } },
    'node_modules/b': { ...fine, hasInstallScript: true },
    'node_modules/c': {
      ...fine,
      peerDependencies: { a: '*', 'only-tests': '*' },
      peerDependenciesMeta: { 'only-tests': { optional: true } },
    },
    'node_modules/@waggle/node': { link: true, resolved: 'tools/node' },
    'node_modules/only-tests': { ...fine, license: 'GPL-3.0-only', hasInstallScript: true },
    'tools/node': {},
  },
}
const withA = (more: object): Lock => ({
  packages: { ...lock.packages, 'node_modules/a': { ...lock.packages['node_modules/a'], ...more } },
})

test('what comes along is found as Node finds it, and nothing else', () => {
  expect([...published(lock).keys()]).toEqual(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c'])
  expect([...faultsOfLock(lock), ...faultsOfPublished(lock)]).toEqual([])
})

test.each([
  [{ integrity: undefined }, 'has no sha512'],
  [{ integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, 'has no sha512'],
  [{ resolved: 'https://registry.example/a.tgz' }, 'names its registry'],
  [{ license: 'GPL-3.0-only' }, 'has the licence GPL-3.0-only'],
  [{ license: undefined }, 'has the licence none'],
  [{ hasInstallScript: true }, 'runs a script'],
])('a package that comes along with %j is a fault', (more, told) => {
  const bad = withA(more)
  expect([...faultsOfLock(bad), ...faultsOfPublished(bad)]).toEqual([expect.stringContaining(`node_modules/a ${told}`)])
})

test('each direct dependency has its line, and each line its dependency', () => {
  const page = '| package | what for |\n|---|---|\n| a, b | x |\n| @c/one, …/two | y |\n'
  expect([...documented(page)]).toEqual(['a', 'b', '@c/one', '@c/two'])
  const manifest = {
    dependencies: { a: '1', d: '1' },
    devDependencies: { b: '1' },
    optionalDependencies: { '@c/one': '1' },
  }
  expect(faultsOfPage(page, [manifest])).toEqual([
    'd has no line in docs/dependencies.md that says why it is there',
    'docs/dependencies.md tells of @c/two, which is no dependency',
  ])
})

test('holes of weight are told; a registry that knows none of them is no news', () => {
  const vulnerabilities = {
    a: { severity: 'low', range: '<1' },
    b: { severity: 'high', range: '<2' },
    c: { severity: 'critical' },
  }
  expect(heard(JSON.stringify({ auditReportVersion: 2, vulnerabilities }))).toEqual({
    holes: ['b <2: high', 'c : critical'],
  })
  expect(heard(JSON.stringify({ auditReportVersion: 2, vulnerabilities: {} }))).toEqual({ holes: [] })
  expect(heard('{"message":"405 at https://registry.example/x","statusCode":405}')).toEqual({ silence: 'status 405' })
  expect(heard('{"message":"request to https://registry.example/x failed"}')).toEqual({ silence: 'request to  failed' })
  expect(heard('')).toEqual({ silence: 'no answer' })
})
