import { describe, expect, test } from 'vitest'
import { readBatch } from '../../src/leads/batch-request.ts'
import { leadUuid } from '../fixture.ts'
import { refusalFrom } from './examples.ts'

const lead = {}
const faultsOf = (operation: unknown): (readonly [string, string])[] => {
  const [read] = readBatch({ operations: [operation] }, false).operations(0, 1)
  return read?.op === 'refused' ? read.refusal.faults.map(({ path, message }) => [path, message] as const) : []
}

describe('the shape of a batch', () => {
  test.each([
    [[], 'Request body must be a JSON object'],
    [{}, 'operations is required'],
    [{ operations: {} }, 'operations must be an array'],
    [{ operations: [], atomic: 1 }, 'atomic must be true or false'],
    [{ operations: Array(1_001).fill(null) }, 'operations must have at most 1000 elements'],
  ])('%# is refused as a whole', (body, error) => {
    expect(refusalFrom(() => readBatch(body, false)).message).toBe(error)
  })

  test.each([
    [null, [['', 'operations[0] must be an object']]],
    [{ op: 'delete', by: 'id', key: 1, lead }, [['/op', 'Invalid op. Options: update, create, upsert']]],
    [{ op: 'update', by: 'phone', lead }, [['/by', 'Invalid by. Options: id, uuid, email, externalId']]],
    [{ op: 'upsert', by: 'id', key: 1, lead }, [['/by', 'Invalid by. Options: email, externalId']]],
    [{ op: 'update', by: 'id', key: '01', lead }, [['/key', 'key must be the id of a lead']]],
    [{ op: 'update', by: 'uuid', key: '7', lead }, [['/key', 'key must be the uuid of a lead']]],
    [{ op: 'update', by: 'email', key: 'x', lead }, [['/key', 'Invalid email']]],
    [{ op: 'update', by: 'externalId', key: ' ', lead }, [['/key', 'key must not be blank']]],
    [{ op: 'update', by: 'externalId', key: 7, lead }, [['/key', 'key must be a string']]],
    [{ op: 'update', by: 'externalId', lead }, [['/key', 'key must be a string']]],
    [{ op: 'update', by: 'externalId', key: 'x'.repeat(256), lead }, [['/key', 'key must be at most 255 characters']]],
    [{ op: 'update', by: 'id', key: 1 }, [['/lead', 'lead is required']]],
    [{ op: 'update', by: 'id', key: 1, lead: [] }, [['/lead', 'lead must be an object']]],
    [
      { op: 'update', by: 'id', key: 1, ifVersion: '3', lead },
      [['/ifVersion', 'ifVersion must be a positive integer']],
    ],
    [
      { op: 'update', by: 'id', key: 0, lead: { email: 'x', status: 'won' } },
      [
        ['/key', 'key must be the id of a lead'],
        ['/lead/email', 'Invalid email'],
        ['/lead/status', 'Invalid status. Options: new, contacted, qualified, converted, lost'],
      ],
    ],
    [
      { op: 'create', by: 'id', key: 1, lead: { source: 'x' } },
      [
        ['/by', 'by is for update and upsert alone'],
        ['/key', 'key is for update and upsert alone'],
        ['/lead/source', 'Invalid source. Options: manual, campaign, partnership, integration, lead_submission_form'],
      ],
    ],
    [
      { op: 'upsert', by: 'externalId', key: 'a', lead: { external_id: 'b' } },
      [['/lead/external_id', 'external_id must be the key, or absent']],
    ],
    [
      { op: 'upsert', by: 'email', key: 'a@b', lead: { email: null } },
      [['/lead/email', 'email must be the key, or absent']],
    ],
  ])('%j has its own faults', (operation, faults) => {
    expect(faultsOf(operation)).toEqual(faults)
  })

  test('ids and uuids are taken in their forms', () => {
    const named = (by: string, key: unknown) =>
      readBatch({ operations: [{ op: 'update', by, key, lead }] }, false).operations(0, 1)
    expect(named('id', '4711')).toMatchObject([{ name: { by: 'id', key: 4711 } }])
    expect(named('uuid', leadUuid(1).toUpperCase())).toMatchObject([{ name: { key: leadUuid(1) } }])
    expect(faultsOf({ op: 'upsert', by: 'email', key: 'A@b', lead: { email: 'a@B' } })).toEqual([])
  })

  test('where all or nothing is asked for, one fault is one of all', () => {
    const operations = [
      { op: 'update', by: 'id', key: 1, lead: { email: 'x' } },
      { op: 'create', lead: { status: 1 } },
    ]
    const refusal = refusalFrom(() => readBatch({ operations, atomic: true }, false))
    expect(refusal.faults.map(({ path }) => path)).toEqual(['/operations/0/lead/email', '/operations/1/lead/status'])
  })
})
