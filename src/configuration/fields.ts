import { categories, configurationLimits, partnerTypes } from '../contract/configuration.ts'
import { type FieldType, fieldTypeNames, fieldTypes } from '../contract/fields.ts'
import { codePoints, isObject, isStorable, type Reference } from '../contract/forms.ts'
import { BodyReader, isArray, type Read, refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTimeOrNull } from '../kernel/time.ts'
import type { Definitions, FieldRow } from '../storage/definitions.ts'
import type { Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { archivedAt, isSame, readLabel, readPartnerType, type Told } from './read-body.ts'

export interface FieldCreation
  extends Pick<Row<'custom_fields'>, 'label' | 'type' | 'category' | 'partner_type' | 'required' | 'shared'> {
  /** Labels, in their order. */
  readonly options: readonly string[]
}

export interface FieldChange {
  readonly label: string | undefined
  readonly required: boolean | undefined
  readonly position: number | undefined
  readonly archived: boolean | undefined
}

export type OptionChange = Pick<FieldChange, 'label' | 'archived'>

type FieldView = ReturnType<typeof fieldView>

const creationMembers = ['label', 'type', 'category', 'partner_type', 'required', 'shared', 'options']

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readFieldCreation(body: unknown): Read<FieldCreation> {
  const reader = new BodyReader(body)
  const label = readLabel(reader, 'needed') ?? ''
  const type = reader.oneOf('type', fieldTypeNames)
  if (!reader.has('type')) reader.missing('type')
  const category = reader.oneOf('category', categories) ?? 'lead'
  if (!reader.has('category')) reader.missing('category')
  const value: FieldCreation = {
    label,
    type: type ?? 'text',
    category,
    partner_type: readPartnerType(reader, partnerTypes),
    required: reader.flag('required') ?? false,
    shared: reader.flag('shared') ?? false,
    options: readOptions(reader, type),
  }
  return { value, ignored: reader.finish(creationMembers) }
}

/** @param type undefined when that is a fault of its own */
function readOptions(reader: BodyReader, type: FieldType | undefined): string[] {
  const sent = reader.get('options') ?? []
  const { label: max, options: most } = configurationLimits
  const labels: string[] = []
  if (!isArray(sent)) reader.fault('options', 'options must be an array')
  else if (sent.length > most) reader.fault('options', `options must have at most ${most} elements`)
  else {
    for (const [index, one] of sent.entries()) {
      const label = isObject(one) && typeof one['label'] === 'string' ? one['label'].trim() : ''
      if (label === '') reader.fault(`options/${index}`, `options[${index}].label is required`)
      else if (!isStorable(label))
        reader.fault(`options/${index}`, `options[${index}].label contains invalid characters`)
      else if (codePoints(label) > max) {
        reader.fault(`options/${index}`, `options[${index}].label must be at most ${max} characters`)
      } else labels.push(label)
    }
    if (sent.length > 0 && type !== undefined && !fieldTypes[type].options) {
      reader.fault('options', 'options need type select or multi_select')
    }
  }
  return labels
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readFieldChange(body: unknown): Read<FieldChange> {
  const reader = new BodyReader(body)
  const value: FieldChange = {
    label: readLabel(reader, 'when sent'),
    required: reader.flag('required'),
    position: reader.integer('position', { min: 0, max: configurationLimits.position }),
    archived: reader.flag('archived'),
  }
  return { value, ignored: reader.finish(['label', 'required', 'position', 'archived']) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readOptionCreation(body: unknown): Read<string> {
  const reader = new BodyReader(body)
  const label = readLabel(reader, 'needed') ?? ''
  return { value: label, ignored: reader.finish(['label']) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readOptionChange(body: unknown): Read<OptionChange> {
  const reader = new BodyReader(body)
  const value: OptionChange = { label: readLabel(reader, 'when sent'), archived: reader.flag('archived') }
  return { value, ignored: reader.finish(['label', 'archived']) }
}

/** @throws Refusal `invalid_body` when the company has as many as it may */
export const createField = (companyId: number, field: FieldCreation): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: {},
  ids: { custom_fields: 1 },
  changesDefinitions: true,
  decide: (_, at) => {
    refuseMoreThan(configurationLimits.fields, 'custom fields', at.definitions.fields.size)
    const { options, ...members } = field
    const id = at.nextId('custom_fields')
    const uuid = at.uuid()
    const made = {
      created_at: at.now,
      archived_at: null,
      options_made: options.length,
      position: lastPosition(at.definitions),
    }
    const row = { ...members, company_id: companyId, id, uuid, ...made }
    const writes: Write[] = [{ kind: 'insert', table: 'custom_fields', row }]
    for (const [index, label] of options.entries()) writes.push(optionInsert(companyId, id, index + 1, label))
    return { reply: { id, uuid }, writes }
  },
})

/** Behind all others. */
const lastPosition = ({ fields }: Definitions): number =>
  [...fields.all()].reduce((last, { position }) => Math.max(last, position), 0)

const optionInsert = (company_id: number, custom_field_id: number, id: number, label: string): Write => ({
  kind: 'insert',
  table: 'custom_field_options',
  row: { company_id, custom_field_id, id, label, archived_at: null },
})

/** @throws Refusal `field_not_found` */
function fieldOf({ fields }: Definitions, reference: Reference | undefined): FieldRow {
  const field = fields.get(reference)
  if (field === undefined) throw new Refusal('field_not_found')
  return field
}

/** @throws Refusal `field_not_found` */
export const changeField = (
  companyId: number,
  reference: Reference | undefined,
  change: FieldChange & Told,
): Work<FieldView> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const before = fieldOf(at.definitions, reference)
    const set = {
      label: change.label ?? before.label,
      required: change.required ?? before.required,
      position: change.position ?? before.position,
      archived_at: archivedAt(before.archived_at, change.archived, at.now),
    }
    const reply = fieldView({ ...before, ...set }, change.wholeSeconds)
    const key = { company_id: companyId, id: before.id }
    return { reply, writes: isSame(before, set) ? [] : [{ kind: 'update', table: 'custom_fields', key, set }] }
  },
})

/**
 * One more option.
 *
 * @throws Refusal `field_not_found`; `invalid_body` when the field has none, or as many as it may
 */
export const createOption = (
  companyId: number,
  reference: Reference | undefined,
  label: string,
): Work<{ id: number }> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const field = fieldOf(at.definitions, reference)
    if (!fieldTypes[field.type].options) {
      const message = `Custom field ${field.id} is of type ${field.type}, which has no options`
      throw new Refusal('invalid_body', { faults: [{ path: '', message }] })
    }
    refuseMoreThan(configurationLimits.options, 'options', field.options.size, 'A custom field')
    const id = field.options_made + 1
    const key = { company_id: companyId, id: field.id }
    const made: Write = { kind: 'update', table: 'custom_fields', key, set: { options_made: id } }
    return { reply: { id }, writes: [made, optionInsert(companyId, field.id, id, label)] }
  },
})

/** @throws Refusal `field_not_found`, `option_not_found` */
export const changeOption = (
  companyId: number,
  {
    field: reference,
    option: optionId,
  }: { readonly field: Reference | undefined; readonly option: number | undefined },
  change: OptionChange & Told,
): Work<FieldView> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const field = fieldOf(at.definitions, reference)
    const before = field.options.get(optionId ?? 0)
    if (before === undefined) throw new Refusal('option_not_found')
    const set = {
      label: change.label ?? before.label,
      archived_at: archivedAt(before.archived_at, change.archived, at.now),
    }
    const options = new Map(field.options).set(before.id, { ...before, ...set })
    const reply = fieldView({ ...field, options }, change.wholeSeconds)
    const key = { company_id: companyId, custom_field_id: field.id, id: before.id }
    return { reply, writes: isSame(before, set) ? [] : [{ kind: 'update', table: 'custom_field_options', key, set }] }
  },
})

/** A custom field as lists answer it, with the options that are offered. */
export const fieldView = (field: FieldRow, wholeSeconds: boolean) => ({
  id: field.id,
  uuid: field.uuid,
  label: field.label,
  type: field.type,
  category: field.category,
  partner_type: field.partner_type,
  required: field.required,
  shared: field.shared,
  position: field.position,
  options: fieldTypes[field.type].options
    ? [...field.options.values()]
        .filter(({ archived_at }) => archived_at === null)
        .sort((left, right) => left.id - right.id)
        .map(({ id, label }) => ({ id, label }))
    : null,
  archived_at: wireTimeOrNull(field.archived_at, wholeSeconds),
})
