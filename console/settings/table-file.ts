import { parse } from 'csv-parse/browser/esm/sync'
import type { CustomField, SentFile } from '../../sdk/index.ts'
import { fieldPrefix, listMembers, memberNamed, plainMembers, separatorIn } from '../../src/contract/columns.ts'
import { memberLabels } from '../leads/members.ts'

/** Of a file's beginning, in bytes: enough for the columns and some rows. */
const lookedAtBytes = 256 * 1024
const rowsShown = 5

/** A file that is to be imported, with what its beginning shows. */
export interface TableFile {
  readonly file: File
  readonly format: 'csv' | 'jsonl'
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * Looks at the beginning of a file.
 *
 * @throws Error in a sentence: it is no table that can be read
 */
export async function lookAt(file: File): Promise<TableFile> {
  const isWhole = file.size <= lookedAtBytes
  const text = textOf(new Uint8Array(await file.slice(0, lookedAtBytes).arrayBuffer()), file.name, isWhole)
  const isJson = jsonName.test(file.name) || /^\s*\{/.test(text)
  const found = isJson ? linesOf(text, isWhole) : tableOf(text, isWhole)
  if (found.columns.length === 0) throw new Error('The file has no columns: its first line must name them.')
  if (found.rows.length === 0) throw new Error('The file has a header and no rows below it.')
  return { file, format: isJson ? 'jsonl' : 'csv', ...found }
}

const jsonName = /\.(?:jsonl|ndjson|json)$/i

/** A file's beginning as text: UTF-8, or the UTF-16 that its mark tells; where it was cut, without a character cut in two. */
function textOf(bytes: Uint8Array<ArrayBuffer>, name: string, isWhole: boolean): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !isWhole })
  } catch {
    throw new Error(`The file is not UTF-8. Save it as ${jsonName.test(name) ? '' : 'CSV '}UTF-8.`)
  }
}

function tableOf(whole: string, isWhole: boolean) {
  const { separator, said } = separatorIn(whole)
  const text = whole.slice(said.length)
  const options = { bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, to: rowsShown + 1 }
  const cut = isWhole ? text : text.slice(0, text.lastIndexOf('\n'))
  const [columns = [], ...rows]: string[][] = parse(cut, { ...options, delimiter: separator })
  return { columns: columns.map((name) => name.trim()), rows }
}

function linesOf(text: string, isWhole: boolean) {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const objects = lines.slice(0, isWhole ? rowsShown : Math.min(rowsShown, lines.length - 1)).map(readLine)
  const columns = [...new Set(objects.flatMap((one) => Object.keys(one)))]
  return { columns, rows: objects.map((one) => columns.map((name) => cellOf(one[name]))) }
}

function readLine(line: string, index: number): Record<string, unknown> {
  try {
    return JSON.parse(line)
  } catch {
    throw new Error(`Line ${index + 1} is not JSON.`)
  }
}

const cellOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** What a column can be taken as: a member or a custom field, by the name that an import gives it. */
export interface Choice {
  readonly value: string
  readonly label: string
}

const otherLabels: Readonly<Record<string, string>> = {
  id: 'Lead number',
  uuid: 'Lead uuid',
  source: 'Source',
  associationType: 'Association type',
  companyCampaignId: 'Campaign id',
}

const labels: Readonly<Record<string, string>> = { ...memberLabels, ...otherLabels }

/** Everything that a column can be, and nothing. */
export const choicesOf = (fields: readonly CustomField[]): Choice[] => [
  { value: '', label: 'Leave out' },
  ...[...plainMembers, ...listMembers].map((value) => ({ value, label: labels[value] ?? value })),
  ...fields
    .filter(({ category, archived_at }) => category === 'lead' && archived_at === null)
    .map(({ id, label }) => ({ value: `${fieldPrefix}${id}`, label })),
]

/** What a column is taken as when nobody says anything: by its name, as the server guesses too. */
export function guessOf(column: string, fields: readonly CustomField[]): string {
  const member = memberNamed(column)
  if (member !== undefined) return [...plainMembers, ...listMembers].some((one) => one === member) ? member : ''
  const name = column.startsWith(fieldPrefix) ? column.slice(fieldPrefix.length) : column
  const id = Number(/\[(\d+)\]$/.exec(name)?.[1] ?? name)
  const open = fields.filter(({ category, archived_at }) => category === 'lead' && archived_at === null)
  const isNamed = ({ label }: CustomField): boolean => label.trim().toLowerCase() === name.trim().toLowerCase()
  const found =
    open.find((field) => field.id === id) ?? (open.filter(isNamed).length === 1 ? open.find(isNamed) : undefined)
  return found === undefined ? '' : `${fieldPrefix}${found.id}`
}

/** The file as the client sends it. */
export const sentFile = ({ file, format }: TableFile): SentFile => (format === 'csv' ? { csv: file } : { jsonl: file })
