/** A text that a spreadsheet would take for a formula, behind any number of marks that it is none. */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/
const marked = /^'+[=+\-@\t\r\n＝＋－＠]/

/** A text as a spreadsheet shows it and never carries it out (OWASP, CSV Injection): with a mark before it if need be. */
export const defused = (text: string): string => (formula.test(text) ? `'${text}` : text)

/** What {@link defused} was made of. */
export const undefused = (cell: string): string => (marked.test(cell) ? cell.slice(1) : cell)

/** A line of CSV (RFC 4180). */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`

const quoted = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** Between the elements of a list in one cell. */
const separator = ';'

/** A list in one cell; none of its elements holds a semicolon. */
export const listCell = (elements: readonly string[]): string => elements.join(`${separator} `)

export const elementsOf = (cell: string): string[] =>
  cell
    .split(separator)
    .map((element) => element.trim())
    .filter((element) => element !== '')
