import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blanks } from '../../src/contract/transfer.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import type { Row } from '../../src/storage/tables.ts'
import { headerLine, leadLine } from '../../src/transfer/columns.ts'
import { Names } from '../../src/transfer/labels.ts'
import { bodyOfCells } from '../../src/transfer/lead-body.ts'
import { targetsOf } from '../../src/transfer/mapping.ts'
import { csvRows } from '../../src/transfer/rows.ts'
import { goodBodies } from '../contract/bodies.ts'
import { definitionsOf } from '../fixture.ts'
import { aLead, decided, expectNoChange } from '../leads/examples.ts'

const names = new Names(definitionsOf(3))

/** Beginnings and ends that spreadsheets, trimming or CSV may take away. */
const edge = fc.constantFrom(
  '',
  ' ',
  "'",
  '=',
  '+',
  '\t',
  '\r',
  '\n',
  '"',
  ',',
  ';',
  '\u00a0',
  '\ufeff',
  '\u2028',
  '＝',
)
const text = fc.tuple(fc.array(edge, { maxLength: 3 }), fc.string({ maxLength: 3 }), fc.array(edge, { maxLength: 3 }))
const texts = text
  .map((parts) => parts.flat().join(''))
  .filter((value) => value !== '')
  .map((value) => ({ customFields: [9, 12].map((customFieldId) => ({ customFieldId, value: { text: value } })) }))
const leads = fc
  .record({ body: fc.oneof(goodBodies, texts), id: fc.constantFrom(4711, 4713) })
  .map(({ body, id }) => changed(body, aLead({}, id)))

function changed(body: unknown, lead: Row<'leads'>): Row<'leads'> {
  try {
    return decided(body, lead).lead
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return lead
  }
}

test('any leads as a table, read as an import reads it, change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(leads, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...blanks),
      async (rows, blank) => {
        const table = headerLine(names) + rows.map((lead) => leadLine(lead, names)).join('')
        const read = await Array.fromAsync(csvRows(Readable.from([Buffer.from(table)])))
        expect(read).toHaveLength(rows.length)
        for (const [at, row] of read.entries()) {
          if ('error' in row) throw new Error(row.error)
          const body = bodyOfCells(row.members, targetsOf(Object.keys(row.members), {}, names), blank, names)
          expectNoChange(body, rows[at] ?? aLead())
        }
      },
    ),
    { numRuns: 500 },
  )
})
