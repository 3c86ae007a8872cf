import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { outsideQuotes, separatorIn } from '../contract/columns.ts'
import { isObject } from '../contract/forms.ts'
import { ImportRefused } from './refused.ts'
import { peek, wholeLines } from './text-lines.ts'

/** A row of a file: what stands in its columns, or in its members. */
export interface FileRow {
  /** From 1; a header does not count. */
  readonly row: number
  readonly members: Readonly<Record<string, unknown>>
  /** In characters. */
  readonly size: number
}

/** A row that cannot be read. */
export interface BadRow {
  readonly row: number
  readonly error: string
}

/** Of a row: four times what a request may send of leads, unless it is set otherwise. */
const rowMiBMax = 32
const rowBytesMax = rowMiBMax * 1024 * 1024
/** Of a table: more than a lead can have members. */
const columnsMax = 2_000

/**
 * The rows of a table, each cell by the name of its column. The file says what separates cells: a comma, a semicolon or a
 * tab, whichever the first line has most of outside quotes; or what a line `sep=;` before it says.
 *
 * @throws ImportRefused the file is no such table, or neither UTF-8 nor UTF-16
 */
export async function* csvRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRow | BadRow> {
  const { seen, all } = await peek(noLongLines(bytes), hasFirstLine)
  const { separator, said } = separatorIn(seen.toString())
  const parser = parse({
    delimiter: separator,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: rowBytesMax,
    ...{ readableHighWaterMark: 1 }, // of the stream: rows that wait
  })
  const source = Readable.from(all, { highWaterMark: 1 })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  let header: readonly string[] | undefined
  let row = 0
  let isPassed = said === ''
  try {
    for await (const cells of parser) {
      if (!isPassed) isPassed = true
      else if (header === undefined) header = headerOf(cells)
      else {
        row += 1
        yield rowOf(header, cells, row)
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new ImportRefused(`The file is no CSV: ${error.message}.`)
  } finally {
    source.destroy()
  }
  if (header === undefined) throw new ImportRefused('The file is empty. Its first line must name its columns.')
}

function headerOf(cells: readonly string[]): string[] {
  if (cells.length > columnsMax) {
    throw new ImportRefused(`The file has ${cells.length} columns; at most ${columnsMax} are read.`)
  }
  const names = cells.map((cell) => cell.trim())
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at)
  if (twice !== undefined) throw new ImportRefused(`Two columns are called "${twice}".`)
  return names
}

function rowOf(header: readonly string[], cells: readonly string[], row: number): FileRow | BadRow {
  if (cells.length > header.length && cells.slice(header.length).some((cell) => cell !== '')) {
    return { row, error: `${cells.length} cells, but there are ${header.length} columns` }
  }
  const size = cells.reduce((sum, cell) => sum + cell.length, 0)
  return { row, size, members: Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])) }
}

/** Of the first line, in bytes: more is not looked at for what separates its cells. */
const peekMax = 64 * 1024

const hasFirstLine = (seen: Buffer): boolean =>
  seen.length >= peekMax || (seen.includes('\n') && outsideQuotes(seen.toString()).includes('\n'))

async function* noLongLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const lines of wholeLines(bytes, rowBytesMax)) {
    if (lines === undefined) throw new ImportRefused(`A line of the table is longer than ${rowMiBMax} MiB.`)
    yield lines
  }
}

/**
 * The objects of a file that has one JSON object a line; blank lines are passed over.
 *
 * @throws ImportRefused the file is neither UTF-8 nor UTF-16
 */
export async function* jsonRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRow | BadRow> {
  let row = 0
  for await (const lines of wholeLines(bytes, rowBytesMax)) {
    if (lines === undefined) {
      row += 1
      yield { row, error: `the line is longer than ${rowMiBMax} MiB` }
      continue
    }
    for (const line of lines.toString().split('\n')) {
      if (line.trim() === '') continue
      row += 1
      yield objectOf(line, row)
    }
  }
}

function objectOf(line: string, row: number): FileRow | BadRow {
  try {
    const members: unknown = JSON.parse(line)
    return isObject(members) ? { row, size: line.length, members } : { row, error: 'a row must be a JSON object' }
  } catch {
    return { row, error: 'the line is not JSON' }
  }
}
