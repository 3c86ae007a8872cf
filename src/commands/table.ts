import type { TableDigest } from '../storage/moving/digest.ts'
import { asData } from './called.ts'

/** Text of others as one line that a terminal may show: what would steer it becomes U+FFFD. */
export const plain = (text: string): string => text.replace(/[\t\r\n]+/g, ' ').replace(/\p{Cc}/gu, '\uFFFD')

/** The same inside of a message. */
export const shownData = (text: string): string => asData(plain(text))

/** Rows as columns of text, the head above them. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map(plain))
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const lines = all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return asData(lines.map((line) => `${line.trimEnd()}\n`).join(''))
}

/** A time to the minute in UTC, as tables show it. */
export const shownTime = (unixMs: number | null): string =>
  unixMs === null ? '-' : new Date(unixMs).toISOString().slice(0, 16).replace('T', ' ')

/** All tables of a database that have rows, with how many and what these come to. */
export function digestTable(tables: Readonly<Record<string, TableDigest>>, head = 'digest'): string {
  const filled = Object.entries(tables).filter(([, { rows }]) => rows > 0)
  return tableOf(
    ['table', 'rows', head],
    filled.map(([name, { rows, digest }]) => [name, rows.toLocaleString('en'), digest.slice(0, 16)]),
  )
}
