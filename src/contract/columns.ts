// Plain data, for the server and for whoever shows a table before it is sent.

import { contactMembers } from './lead-members.ts'

/** Members of a lead that one cell of a table holds as it is. */
export const plainMembers = [
  'id',
  'uuid',
  'external_id',
  'status',
  ...contactMembers,
  'source',
  'associationType',
  'companyCampaignId',
] as const
/** Members that only the server sets: an export tells them, an import passes over them. */
export const readOnlyMembers = ['created_at', 'updated_at'] as const
/** Members of which a cell holds several. */
export const listMembers = ['tags', 'assignedUsers'] as const

/** Before the id or label of a custom field. */
export const fieldPrefix = 'customFields.'

/** Other names that tables give to members, as {@link plainName} has them. */
const otherNames: Readonly<Record<string, string>> = {
  company: 'company_name',
  organisation: 'company_name',
  organization: 'company_name',
  mail: 'email',
  emailaddress: 'email',
  phone: 'phone_number',
  telephone: 'phone_number',
  mobile: 'phone_number',
  firstname: 'first_name',
  lastname: 'last_name',
  surname: 'last_name',
  externalid: 'external_id',
  assignedusers: 'assignedUsers',
  owner: 'assignedUsers',
  users: 'assignedUsers',
}

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '')

/** The member that a column's name means; undefined when it can be a custom field at most. */
export function memberNamed(column: string): string | undefined {
  const name = plainName(column)
  const members = [...plainMembers, ...readOnlyMembers, ...listMembers]
  const member = members.find((one) => plainName(one) === name)
  return member ?? (Object.hasOwn(otherNames, name) ? otherNames[name] : undefined)
}

/** A text without what stands in quotes. */
export const outsideQuotes = (text: string): string => text.replaceAll(/"[^"]*(?:"|$)/g, '')

/** A line before the first, by which a spreadsheet is told what separates cells. */
const separatorLine = /^sep=([^"\r\n])\r?\n/i

/**
 * What separates the cells of a table: a comma, a semicolon or a tab, whichever the first line has most of outside quotes; or
 * what a line `sep=;` before it says.
 *
 * @param begun the file's beginning, its first line at the least
 * @returns `said` is the line that says it, with its end; empty without one
 * @see docs/behaviour.md §19 Import and export
 */
export function separatorIn(begun: string): { readonly separator: string; readonly said: string } {
  const [said = '', separator] = separatorLine.exec(begun) ?? []
  if (separator !== undefined) return { separator, said }
  const [line = ''] = outsideQuotes(begun).split(/\r?\n/, 1)
  const count = (one: string): number => line.split(one).length
  return { separator: [',', ';', '\t'].reduce((most, one) => (count(one) > count(most) ? one : most)), said }
}
