import { describe, expect, test } from 'vitest'
import { stateOf } from '../../src/events/payload.ts'
import { keptLead } from '../../src/events/record.ts'
import { leadView } from '../../src/leads/state.ts'
import { type DefinitionRows, type Definitions, definitionsFrom } from '../../src/storage/definitions.ts'
import type { Row } from '../../src/storage/tables.ts'
import { definitionsOf, fixture, noon } from '../fixture.ts'
import { aLead, decided, held, refusalFrom } from './examples.ts'

const [ours] = fixture.companies

/** What a change that leaves this lead tells of it. */
const stateLeft = (lead: Row<'leads'>) =>
  stateOf({ lead_id: lead.id, at: lead.updated_at }, { was: {}, is: keptLead(lead) }, definitionsOf(3))
const isOurs = ({ company_id }: { readonly company_id: number }): boolean => company_id === 3

/** The company's definitions, with other rows in place of its own. */
function definitionsWith(more: Partial<DefinitionRows>): Definitions {
  if (ours === undefined) throw new Error('the fixture has no company')
  const { tags, users, fields, options } = fixture
  const rows = { tags: tags.filter(isOurs), users: users.filter(isOurs), fields: fields.filter(isOurs), options }
  const others = { tiers: [], categories: [], stages: [] }
  return definitionsFrom({ version: 1, company: ours, ...rows, ...others, ...more })
}

const option = (custom_field_id: number, id: number, more: Partial<Row<'custom_field_options'>> = {}) => ({
  company_id: 3,
  custom_field_id,
  id,
  label: `Option ${id}`,
  archived_at: null,
  ...more,
})
const setting = (customFieldId: number, value: unknown) => ({ customFields: [{ customFieldId, value }] })

describe('what a lead holds stays allowed', () => {
  test('an archived option beside others that are added or taken away, as long as it stands', () => {
    const options = [option(7, 1), option(7, 2, { archived_at: noon }), option(7, 3)]
    const moment = { definitions: definitionsWith({ options }) }
    const holding = aLead({ custom_fields: { 7: held(1, [2, 1]) } })
    const set = (multi_select: readonly number[], lead = holding) =>
      decided(setting(7, { multi_select }), lead, { moment }).lead.custom_fields[7]?.value
    expect(set([2, 1, 3])).toEqual([2, 1, 3])
    expect(set([2])).toEqual([2])
    const refusal = refusalFrom(() => set([1, 2], aLead({ custom_fields: { 7: held(1, [1]) } })))
    expect(refusal.message).toBe('Invalid option for custom field 7: 2')
  })

  test('a required field that was archived may be cleared', () => {
    const fields = fixture.fields
      .filter(isOurs)
      .map((field) => (field.id === 9 ? { ...field, archived_at: noon } : field))
    const moment = { definitions: definitionsWith({ fields }) }
    const { lead } = decided(setting(9, null), aLead(), { moment })
    expect(lead.custom_fields).toEqual({})
  })
})

describe('an option that is not one', () => {
  const hintOf = (options: DefinitionRows['options']): string | undefined => {
    const moment = { definitions: definitionsWith({ options }) }
    return refusalFrom(() => decided(setting(6, { select: 99 }), aLead(), { moment })).faults[0]?.hint
  }

  test('is answered with those that may be chosen', () => {
    const options = [option(6, 1), option(6, 2, { archived_at: noon }), option(6, 3, { label: 'Three' })]
    expect(hintOf(options)).toBe('one of 1 (Option 1), 3 (Three)')
  })

  test('is answered with 20 at the most, and its own text is cut', () => {
    const many = Array.from({ length: 30 }, (_value, index) => option(6, index + 1))
    expect(hintOf(many)?.split(', ')).toHaveLength(20)
    const long = refusalFrom(() => decided(setting(6, { select: 'x'.repeat(5_000) })))
    expect(long.message).toBe(`Invalid option for custom field 6: ${'x'.repeat(100)}`)
  })
})

describe('what definitions do not know', () => {
  const lead = aLead({
    created_by_user_id: null,
    tags: [7, 999],
    assigned_users: [999, 31],
    custom_fields: { 9: held(1, 'kept'), 999: held(2, 'of no field') },
  })

  test('is left out where a lead is told', () => {
    const view = leadView(lead, definitionsOf(3), false)
    expect(view.tags.map(({ id }) => id)).toEqual([7])
    expect(view.assigned_users.map(({ id }) => id)).toEqual([31])
    expect(view.custom_fields.map(({ id }) => id)).toEqual([9])
    const state = stateLeft(lead)
    expect([state.tags.length, state.assigned_users.length, state.custom_fields.length]).toEqual([1, 1, 1])
  })

  test('and a lead that nobody began has no beginner', () => {
    const nobody = {
      created_by_user_uuid: null,
      created_by_user_email: null,
      created_by_user_first_name: null,
      created_by_user_last_name: null,
    }
    expect(stateLeft(lead)).toMatchObject(nobody)
    expect(stateLeft(aLead({ created_by_user_id: 999 }))).toMatchObject(nobody)
  })
})
