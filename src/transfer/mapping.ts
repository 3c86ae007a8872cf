import { fieldPrefix, listMembers, memberNamed, plainMembers, readOnlyMembers } from '../contract/columns.ts'
import { digitsAsId } from '../contract/forms.ts'
import type { FieldRow } from '../storage/definitions.ts'
import { fieldsOfLeads } from './columns.ts'
import type { Names } from './labels.ts'
import { ImportRefused } from './refused.ts'

/** What a column of a table is. */
export type Target =
  | { readonly kind: 'plain'; readonly member: (typeof plainMembers)[number] }
  | { readonly kind: 'list'; readonly member: (typeof listMembers)[number] }
  | { readonly kind: 'field'; readonly field: FieldRow }
  | { readonly kind: 'none' }

const none: Target = { kind: 'none' }
const possible = `${[...plainMembers, ...listMembers].join(', ')}, or customFields. and the id or label of a custom field`

/**
 * What the columns of a table are: as the mapping says, else by their names: members, labels of custom fields, and what an
 * export calls them.
 *
 * @param mapping column → member, `customFields.<id or label>`, or nothing to pass over it
 * @throws ImportRefused a mapping that names no column, or nothing that a lead has; two columns that are one member; no
 *   column that is any
 */
export function targetsOf(
  columns: readonly string[],
  mapping: Readonly<Record<string, string>>,
  names: Names,
): ReadonlyMap<string, Target> {
  for (const column of Object.keys(mapping)) {
    if (!columns.includes(column)) {
      throw new ImportRefused(`There is no column "${column}"; there are ${columns.join(', ')}.`)
    }
  }
  const targets = new Map<string, Target>()
  const taken = new Map<string, string>()
  for (const column of columns) {
    const said = Object.hasOwn(mapping, column) ? mapping[column] : undefined
    const target = said === undefined ? guessed(column, names) : said.trim() === '' ? none : named(said.trim(), names)
    if (target === undefined) {
      throw new ImportRefused(`"${said}" is nothing that a lead has. A column can be ${possible}.`)
    }
    targets.set(column, target)
    if (target.kind === 'none') continue
    const what = target.kind === 'field' ? `customFields.${target.field.id}` : target.member
    const other = taken.get(what)
    if (other !== undefined) throw new ImportRefused(`The columns "${other}" and "${column}" are both ${what}.`)
    taken.set(what, column)
  }
  if (taken.size === 0) {
    throw new ImportRefused(
      `No column tells anything of a lead. Name them in the first line, or by a mapping: one can be ${possible}. ` +
        `There ${columns.length === 1 ? 'is' : 'are'} ${columns.join(', ')}.`,
    )
  }
  return targets
}

function guessed(column: string, names: Names): Target {
  const field = column.startsWith(fieldPrefix) ? column : `${fieldPrefix}${column}`
  return named(memberNamed(column) ?? field, names) ?? none
}

function named(said: string, names: Names): Target | undefined {
  const plain = plainMembers.find((member) => member === said)
  if (plain !== undefined) return { kind: 'plain', member: plain }
  const list = listMembers.find((member) => member === said)
  if (list !== undefined) return { kind: 'list', member: list }
  if (readOnlyMembers.some((member) => member === said)) return none
  if (!said.startsWith(fieldPrefix)) return undefined
  const field = fieldNamed(said.slice(fieldPrefix.length), names)
  return field && { kind: 'field', field }
}

/** A custom field by its id, by what an export calls it, or by its label where no other has it. */
function fieldNamed(text: string, names: Names): FieldRow | undefined {
  const fields = fieldsOfLeads(names)
  const id = digitsAsId(/\[(\d+)\]$/.exec(text)?.[1] ?? text)
  if (id !== undefined) return fields.find((field) => field.id === id)
  const ofLabel = fields.filter(({ label }) => label.trim().toLowerCase() === text.trim().toLowerCase())
  return ofLabel.length === 1 ? ofLabel[0] : undefined
}
