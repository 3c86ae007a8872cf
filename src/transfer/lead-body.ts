import { fieldTypes } from '../contract/fields.ts'
import { isObject, referenceFromJson } from '../contract/forms.ts'
import type { blanks } from '../contract/transfer.ts'
import type { FieldRow } from '../storage/definitions.ts'
import { elementsOf, undefused } from './cells.ts'
import { type Names, referenceIn } from './labels.ts'
import type { Target } from './mapping.ts'

/** A row that means nothing here: a label that nobody has, a cell that is no value. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused'
  /** What the rest of the row means. */
  readonly rest: LeadBody

  constructor(message: string, rest: LeadBody = {}) {
    super(message)
    this.rest = rest
  }
}

/** A row as a client would send it: members of Create Lead and Update Lead, with `id` and `uuid` beside them. */
export type LeadBody = Record<string, unknown>

/**
 * The lead that a row of a table tells.
 *
 * @param blank whether an empty cell leaves its member as it is, or clears it
 * @throws RowRefused telling of every cell that means nothing
 */
export function bodyOfCells(
  cells: Readonly<Record<string, unknown>>,
  targets: ReadonlyMap<string, Target>,
  blank: (typeof blanks)[number],
  names: Names,
): LeadBody {
  const body: LeadBody = {}
  const values: { customFieldId: number; value: unknown }[] = []
  const errors: string[] = []
  for (const [column, target] of targets) {
    const text = String(cells[column] ?? '')
    const cell = undefused(keepsBlanks(target) ? text : text.trim())
    if (target.kind === 'none' || (cell === '' && (blank === 'keep' || !mayBeCleared(target)))) continue
    try {
      if (target.kind === 'plain') body[target.member] = cell === '' ? null : plainOf(target.member, cell)
      else if (target.kind === 'list') body[target.member] = referencesIn(target.member, elementsOf(cell), names)
      else {
        values.push({ customFieldId: target.field.id, value: cell === '' ? null : valueIn(target.field, cell, names) })
      }
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error
      errors.push(error.message)
    }
  }
  if (values.length > 0) body['customFields'] = values
  if (errors.length > 0) throw new RowRefused(errors.join('; '), body)
  return body
}

/** Whether white space around a value is a part of it, as it is where a client sends it. */
const keepsBlanks = (target: Target): boolean => target.kind === 'field' && fieldTypes[target.field.type].key === 'text'

const mayBeCleared = (target: Target): boolean =>
  target.kind === 'field'
    ? !target.field.required
    : target.kind === 'list' ||
      (target.kind === 'plain' && !['id', 'uuid', 'status', 'source', 'associationType'].includes(target.member))

const plainOf = (member: string, cell: string): unknown =>
  member === 'companyCampaignId' ? Number(cell) : member === 'status' ? cell.toLowerCase() : cell

function referencesIn(member: 'tags' | 'assignedUsers', elements: readonly string[], names: Names) {
  const labels = member === 'tags' ? names.tags : names.users
  return elements.map((element) => referenceIn(element, labels) ?? refuse(`${member}: nothing is called "${element}"`))
}

/** The member `value` of a custom field, as a client sends it. */
function valueIn(field: FieldRow, cell: string, names: Names): unknown {
  const { key, options } = fieldTypes[field.type]
  if (options) {
    const labels = names.options(field)
    const ids = (field.type === 'select' ? [cell] : elementsOf(cell)).map(
      (element) => referenceIn(element, labels) ?? refuse(`${field.label}: there is no option "${element}"`),
    )
    return { [key]: field.type === 'select' ? ids[0] : ids }
  }
  if (field.type === 'number') {
    const number = Number(cell)
    return { number: Number.isFinite(number) ? number : refuse(`${field.label}: "${cell}" is no number`) }
  }
  if (field.type === 'boolean')
    return { boolean: flagOf(cell) ?? refuse(`${field.label}: "${cell}" is neither yes nor no`) }
  return { [key]: cell }
}

function flagOf(cell: string): boolean | undefined {
  const text = cell.toLowerCase()
  if (['true', 'yes', '1'].includes(text)) return true
  return ['false', 'no', '0'].includes(text) ? false : undefined
}

/** What GET of a lead answers and a client does not send, by its name in a request; null is passed over. */
const sentAs: Readonly<Record<string, string | null>> = {
  assigned_users: 'assignedUsers',
  custom_fields: 'customFields',
  partner_type: 'associationType',
  campaign_id: 'companyCampaignId',
  ...Object.fromEntries(
    [
      'created_at',
      'updated_at',
      'company_id',
      'created_by_user_id',
      'campaign_title',
      'partnership_leads',
      'campaign_partners',
      'lead_deals',
      'total',
    ].map((member) => [member, null]),
  ),
}

/**
 * The lead that a JSON object tells: as a client sends one, or as GET answers it; labels may stand for ids.
 *
 * @throws RowRefused
 */
export function bodyOfObject(object: Readonly<Record<string, unknown>>, names: Names): LeadBody {
  const members: [string, unknown][] = []
  for (const [member, sent] of Object.entries(object)) {
    const name = Object.hasOwn(sentAs, member) ? (sentAs[member] ?? null) : member
    if (name === null) continue
    if (name === 'tags' || name === 'assignedUsers') members.push([name, listOf(name, sent, names)])
    else if (name === 'customFields') members.push([name, fieldsOf(sent, names)])
    else members.push([name, sent])
  }
  const body: LeadBody = Object.fromEntries(members)
  if (object['partner_type'] === null) body['associationType'] = 'campaigns'
  return body
}

/** A list whose elements may be what GET answers, or labels; anything else is left to be refused. */
function listOf(member: 'tags' | 'assignedUsers', sent: unknown, names: Names): unknown {
  if (!Array.isArray(sent)) return sent
  return sent.map((element) => {
    if (typeof element === 'string') return referencesIn(member, [element], names)[0]
    return isObject(element) && typeof element['id'] === 'number' ? element['id'] : element
  })
}

function fieldsOf(sent: unknown, names: Names): unknown {
  if (!Array.isArray(sent)) return sent
  return sent.map((element) => {
    if (!isObject(element)) return element
    const { id, label: _, custom_field_value_id: __, customFieldId = id, value, ...rest } = element
    return { customFieldId, ...rest, value: withoutLabels(customFieldId, value, names) }
  })
}

/** The value of a custom field, with the ids of options for their labels. */
function withoutLabels(reference: unknown, value: unknown, names: Names): unknown {
  const field = names.definitions.fields.get(referenceFromJson(reference) ?? 0)
  if (field === undefined || !fieldTypes[field.type].options || !isObject(value)) return value
  const { key } = fieldTypes[field.type]
  const labels = names.options(field)
  const idOf = (named: unknown): unknown =>
    typeof named !== 'string'
      ? named
      : (referenceIn(named, labels) ?? refuse(`${field.label}: there is no option "${named}"`))
  const sent = value[key]
  return { ...value, ...(sent !== undefined && { [key]: Array.isArray(sent) ? sent.map(idOf) : idOf(sent) }) }
}

const refuse = (why: string): never => {
  throw new RowRefused(why)
}
