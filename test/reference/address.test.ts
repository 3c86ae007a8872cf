import { expect, test } from 'vitest'
import { isPlain, namedBy, routesOf } from '../../reference/address.ts'

test.each([
  ['', '', false],
  ['#', '', false],
  ['#?route=', '', false],
  ['#?route=auth', 'auth', true],
  ['#?route=patch-/api/v1/leads/-leadId-', 'patch-/api/v1/leads/-leadId-', true],
  ['#?route=patch-%2Fapi%2Fv1%2Fleads%2F-leadId-', 'patch-/api/v1/leads/-leadId-', false],
  ['#foo', 'foo', false],
  ['#foo?route=auth', 'auth', false],
  // An address that the element ends at, as `%` stands for nothing.
  ['#?route=%25', '%', false],
])('%j names %j', (hash, named, plain) => {
  expect([namedBy(hash), isPlain(hash)]).toEqual([named, plain])
})

test('routes are the beginning, the key, sections and their operations', () => {
  const leads = { elementId: 'tag--Leads', paths: [{ elementId: 'get-/leads' }, { elementId: 'post-/leads' }] }
  expect([...routesOf([leads])]).toEqual(['overview', 'auth', 'tag--Leads', 'get-/leads', 'post-/leads'])
})
