import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { type BadRow, csvRows, type FileRow, jsonRows } from '../../src/transfer/rows.ts'

/** The rows of a file that comes in pieces of so many bytes, and why it was refused. */
async function read(
  rows: typeof csvRows,
  file: Uint8Array | string,
  piece = 7,
): Promise<{ told: (FileRow | BadRow)[]; refused: string | undefined }> {
  const bytes = Buffer.from(file)
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  )
  const told: (FileRow | BadRow)[] = []
  try {
    for await (const row of rows(Readable.from(pieces))) told.push(row)
    return { told, refused: undefined }
  } catch (error) {
    return { told, refused: error instanceof Error ? error.message : String(error) }
  }
}
const members = ({ told }: Awaited<ReturnType<typeof read>>) =>
  told.map((row) => ('members' in row ? row.members : row))
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')

describe.each([1, 2, 3, 7, 64, 1 << 16])('a file in pieces of %i bytes', (piece) => {
  const text = 'company_name;email\r\nGröße 𝄞;a@example.com\r\n"two\nlines";b@example.com'
  const rows = [
    { company_name: 'Größe 𝄞', email: 'a@example.com' },
    { company_name: 'two\nlines', email: 'b@example.com' },
  ]
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 with its mark', utf16(text)],
  ])('is a table in %s', async (_, file) => {
    expect(members(await read(csvRows, file, piece))).toEqual(rows)
  })

  test.each([
    ['UTF-8', (lines: string) => Buffer.from(lines)],
    ['UTF-8 with its mark', (lines: string) => Buffer.from(`\uFEFF${lines}`)],
    ['UTF-16 with its mark', utf16],
  ])('is lines of JSON in %s', async (_, inBytes) => {
    const lines = `\n${rows.map((row) => JSON.stringify(row)).join('\r\n\n')}`
    expect(members(await read(jsonRows, inBytes(lines), piece))).toEqual(rows)
  })

  test.each([
    ['Latin-1', 'email,company_name\na@example.com,Bolt\nb@example.com,Größe\nc@example.com,Nut\n', 3],
    ['Latin-1 in the first line', 'Größe\nx\n', 1],
    ['Latin-1 in the last line, which has no end', 'email\nx\n\xfc', 3],
    ['a letter that is cut off by the end of its line', 'email\n\xc3\n\xbc\n', 2],
    ['a letter that is cut off by the end of the file', 'email\n\xc3', 2],
    ['half a surrogate pair, as if it were a letter', 'email\nx\nx\n\xed\xa0\x80\n', 4],
  ])('is refused in %s, with its line, and neither that nor a later one is told', async (_, file, line) => {
    const { told, refused } = await read(csvRows, Buffer.from(file, 'latin1'), piece)
    expect(refused).toBe(`The file is not UTF-8 (line ${line}). Save it in UTF-8: spreadsheets call that "CSV UTF-8".`)
    expect(told.every(({ row }) => row < line - 1)).toBe(true)
    expect(JSON.stringify(told)).not.toContain('\uFFFD')
  })

  test('is refused as lines of JSON too, after those that are right', async () => {
    const file = Buffer.from('{"email":"a@example.com"}\n{"email":"ü"}\n{}\n', 'latin1')
    const { told, refused } = await read(jsonRows, file, piece)
    expect(told).toEqual([{ row: 1, size: 25, members: { email: 'a@example.com' } }])
    expect(refused).toContain('(line 2)')
  })

  test('is refused where it only begins as UTF-16', async () => {
    const half = Buffer.concat([utf16('email\n'), Buffer.from([0x00, 0xd8, 0x0a, 0x00])])
    expect((await read(csvRows, half, piece)).refused).toContain('The file begins like UTF-16 and is not.')
    const odd = Buffer.concat([utf16('email\nx\n'), Buffer.from([0x61])])
    expect((await read(csvRows, odd, piece)).refused).toContain('The file begins like UTF-16 and is not.')
  })

  test('keeps a replacement character that stands in it', async () => {
    expect(members(await read(csvRows, 'email\n\uFFFD\n', piece))).toEqual([{ email: '\uFFFD' }])
  })
})

describe('what separates cells', () => {
  test.each([
    ['commas in a quoted name', '"Notes, long, text, here";company_name\nx;y\n'],
    ['quotes in a quoted name', '"Notes ""a, b"", text, here";company_name\nx;y\n'],
    ['commas behind the end of a line in a quoted name', '"Notes,\nlong, text, here"\tcompany_name\nx\ty\n'],
    ['commas in later lines', 'Notes;company_name\r\nx;"y"\r\n"a,b,c,d";z\r\n'],
  ])('is not told by %s', async (_, file) => {
    for (const piece of [1, 7, 1 << 16]) {
      const [first] = members(await read(csvRows, file, piece))
      expect(Object.values(first ?? {})).toEqual(['x', 'y'])
      expect(Object.keys(first ?? {})[1]).toBe('company_name')
    }
  })

  test.each([';', ',', '\t', '|'])('is told by a line of its own, which is no row: %j', async (said) => {
    const file = `\uFEFFsep=${said}\r\ncompany_name${said}"Notes; a, b, c"\r\nx${said}y\r\n`
    for (const piece of [1, 1 << 16]) {
      expect(await read(csvRows, file, piece)).toEqual({
        told: [{ row: 1, size: 2, members: { company_name: 'x', 'Notes; a, b, c': 'y' } }],
        refused: undefined,
      })
    }
  })

  test('a line that only begins so is the first of the table', async () => {
    expect(members(await read(csvRows, 'sep=;,x\n1,2\n'))).toEqual([{ 'sep=;': '1', x: '2' }])
  })
})

describe('a row of more than 32 MiB', () => {
  const long = 'x'.repeat(32 * 1024 * 1024)
  test('is refused alone where lines are JSON', async () => {
    const file = `{"email":"a@example.com"}\n{"email":"${long}"}\n\n{"email":"b@example.com"}\n"${long}`
    const error = 'the line is longer than 32 MiB'
    expect((await read(jsonRows, file, 1 << 16)).told).toEqual([
      { row: 1, size: 25, members: { email: 'a@example.com' } },
      { row: 2, error },
      { row: 3, size: 25, members: { email: 'b@example.com' } },
      { row: 4, error },
    ])
  })

  test('ends a table, as nobody knows where the next one begins', async () => {
    const { refused } = await read(csvRows, `email\n"${long}"\n`, 1 << 16)
    expect(refused).toBe('A line of the table is longer than 32 MiB.')
    const lines = `${'x'.repeat(1023)}\n`.repeat(33 * 1024)
    expect((await read(csvRows, `email\n"${lines}"\n`, 1 << 16)).refused).toContain('Max Record Size')
  })

  test('one that is not is read', async () => {
    const value = long.slice(100)
    expect(members(await read(jsonRows, `{"email":"${value}"}\n`, 1 << 16))).toEqual([{ email: value }])
    expect(members(await read(csvRows, `email\n"${value}"\n`, 1 << 16))).toEqual([{ email: value }])
  })
})
