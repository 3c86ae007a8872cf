import { expect, test } from 'vitest'
import { lookAt } from '../../console/settings/table-file.ts'

const file = (content: string | Uint8Array<ArrayBuffer>, name = 'partners.csv'): File => new File([content], name)
const notUtf8 = 'The file is not UTF-8. Save it as CSV UTF-8.'
const text = 'Company,Account reference\nMüller GmbH,L-1\n'
const shown = { columns: ['Company', 'Account reference'], rows: [['Müller GmbH', 'L-1']] }

test('a table is read as UTF-8, with its mark or without, and as the UTF-16 that spreadsheets write', async () => {
  for (const content of [text, `\ufeff${text}`, Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le'))]) {
    expect(await lookAt(file(content))).toMatchObject({ format: 'csv', ...shown })
  }
})

test('another encoding is refused at once, in words', async () => {
  await expect(lookAt(file(Uint8Array.from(Buffer.from(text, 'latin1'))))).rejects.toThrow(notUtf8)
  // A character that the file ends within.
  await expect(lookAt(file(Uint8Array.from([...Buffer.from(text), 0xc3])))).rejects.toThrow(notUtf8)
  const lines = Uint8Array.from(Buffer.from('{"company_name":"Müller"}\n', 'latin1'))
  await expect(lookAt(file(lines, 'partners.jsonl'))).rejects.toThrow('The file is not UTF-8. Save it as UTF-8.')
})

test('a large file may be cut within a character', async () => {
  const kib = 1024
  for (const shift of ['', 'x', 'xx']) {
    const long = `Company\n${shift}${'€\n'.repeat(100 * kib)}`
    expect((await lookAt(file(long))).rows[1]).toEqual(['€'])
  }
})

test('what separates cells is found as the server finds it', async () => {
  const columns = ['Firm, Ltd', 'Mail']
  expect(await lookAt(file('"Firm, Ltd";Mail\nA;b\n'))).toMatchObject({ columns, rows: [['A', 'b']] })
  expect(await lookAt(file('sep=|\r\nFirm, Ltd|Mail\r\nA|b\r\n'))).toMatchObject({ columns, rows: [['A', 'b']] })
  expect(await lookAt(file('"Firm, a, b\n, c";Mail\nA;b\n'))).toMatchObject({ columns: ['Firm, a, b\n, c', 'Mail'] })
})
