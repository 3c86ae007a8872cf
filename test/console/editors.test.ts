import { describe, expect, test } from 'vitest'
import { found, optionChoices, tagChoices, userChoices } from '../../console/leads/editors/choices.ts'
import { instantOf, localDraft } from '../../console/leads/editors/dates.ts'
import { numberForm } from '../../console/leads/editors/numbers.ts'
import { readContact, readDate, readNumber, readText } from '../../console/leads/editors/reading.ts'

describe('numbers', () => {
  const english = numberForm('en-GB')
  const german = numberForm('de-DE')
  const swiss = numberForm('de-CH')
  const french = numberForm('fr-FR')
  const indian = numberForm('en-IN')
  const told = (reading: ReturnType<typeof english.read>) => (reading.kind === 'number' ? reading.value : reading.kind)

  test('are read as they are written, in each place', () => {
    for (const form of [english, german, swiss, french, indian, numberForm('ar-EG')]) {
      for (const value of [0, 7, -3, 1234.5, 150_000, -1_234_567.25, 0.1, 12_345_678.9, 5e-7, 1e21, 4.35]) {
        expect(told(form.read(form.shown(value)))).toBe(value)
        expect(told(form.read(form.draft(value)))).toBe(value)
      }
    }
  })

  test('keep every digit that is stored', () => {
    expect(english.shown(0.123456789)).toBe('0.123456789')
    expect(english.draft(1_234_567.891)).toBe('1234567.891')
  })

  test('are never made of what was meant otherwise', () => {
    expect(told(german.read('1.234'))).toBe(1234)
    expect(told(german.read('1.5'))).toBe(1.5)
    expect(told(german.read('1,5'))).toBe(1.5)
    expect(told(english.read('1,5'))).toBe('wrong')
    expect(told(english.read('1,234.5'))).toBe(1234.5)
    expect(told(swiss.read("1'234.5"))).toBe(1234.5)
    expect(told(french.read('1 234,5'))).toBe(1234.5)
    expect(told(indian.read('12,34,567'))).toBe(1_234_567)
  })

  test.each(['abc', '1.2.3', '1,23,4', '--1', '1e', '0x10', '1e999'])('are not made of %s', (text) => {
    expect(english.read(text).kind).toBe('wrong')
  })

  test('are refused where digits would be lost', () => {
    expect(english.read('12345678901234567890').kind).toBe('wrong')
    expect(told(english.read('100000000000000000000'))).toBe(1e20)
    expect(english.read('   ').kind).toBe('empty')
  })
})

test('a point in time is edited in the zone of the viewer and comes back to the letter', () => {
  for (const stored of ['2026-01-31T12:30:00.000Z', '2026-07-01T23:59:30.000Z', '2026-03-29T01:00:00.250Z']) {
    expect(instantOf(localDraft(stored))).toBe(stored)
  }
  expect(localDraft('2026-01-31T12:30:00.000Z')).toMatch(/^2026-\d\d-\d\dT\d\d:\d\d$/)
})

describe('what was typed', () => {
  const optional = { type: 'text', required: false } as const
  const required = { ...optional, required: true } as const

  test('of a contact is trimmed, and counted in characters as the server counts', () => {
    expect(readContact('first_name', '  Ada ')).toEqual({ to: 'Ada' })
    expect(readContact('first_name', ' \t ')).toEqual({ to: null })
    expect(readContact('phone_number', '🐝'.repeat(64))).toEqual({ to: '🐝'.repeat(64) })
    expect(readContact('phone_number', '1'.repeat(65))).toHaveProperty('why')
    expect(readContact('email', 'ada@nordlicht')).toEqual({ to: 'ada@nordlicht' })
    for (const wrong of ['ada', 'a@b@c', '@b', 'a b@c']) expect(readContact('email', wrong)).toHaveProperty('why')
  })

  test('of a custom text is kept as it is, and may be too long for a line', () => {
    expect(readText(optional, ' a ')).toEqual({ to: ' a ' })
    expect(readText(optional, 'x'.repeat(10_001))).toHaveProperty('why')
    expect(readText({ ...optional, type: 'textarea' }, 'x'.repeat(10_001))).toHaveProperty('to')
  })

  test('clears a field, but not one that must have a value', () => {
    expect(readText(optional, '')).toEqual({ to: null })
    expect(readText(required, '')).toHaveProperty('why')
    expect(readNumber(optional, '')).toEqual({ to: null })
    expect(readNumber(required, '')).toHaveProperty('why')
    expect(readDate(required, '', false)).toHaveProperty('why')
  })

  test('a day stays the day it is', () => {
    expect(readDate(optional, '2026-01-31', false)).toEqual({ to: '2026-01-31' })
    expect(readDate(optional, '12026-01-31', false)).toHaveProperty('why')
  })
})

describe('choices', () => {
  const tag = (id: number, more: Partial<Parameters<typeof tagChoices>[0]['tags'][number]> = {}) => ({
    id,
    label: `Tag ${id}`,
    association: 'lead' as const,
    archived_at: null,
    ...more,
  })
  const archived_at = '2026-01-01T00:00:00.000Z'

  test('are the tags of leads; an archived one only where it stands', () => {
    const tags = [tag(1), tag(2, { association: 'lead_deal' }), tag(3, { archived_at }), tag(4, { archived_at })]
    expect(tagChoices({ tags }, [4])).toEqual([
      { key: 1, label: 'Tag 1', note: undefined },
      { key: 4, label: 'Tag 4', note: 'archived' },
    ])
  })

  test('are the people who may be assigned; a disabled one only where they are', () => {
    const user = (id: number, more: Partial<Parameters<typeof userChoices>[0]['users'][number]> = {}) => ({
      id,
      email: `user${id}@company.example`,
      first_name: null,
      last_name: null,
      role: 'partnerships' as const,
      disabled_at: null,
      ...more,
    })
    const users = [user(1), user(2, { role: 'indirect' }), user(3, { disabled_at: archived_at }), user(4)]
    expect(userChoices({ users }, []).map(({ key }) => key)).toEqual([1, 4])
    expect(userChoices({ users }, [3]).map(({ key }) => key)).toEqual([1, 3, 4])
  })

  test('are the options in their order, and behind them what is no longer offered', () => {
    const options = [
      { id: 2, label: 'Zeta' },
      { id: 1, label: 'Alpha' },
    ]
    expect(optionChoices({ options }, [7]).map(({ label }) => label)).toEqual(['Zeta', 'Alpha', 'Option 7'])
  })

  test('are found whatever the case and accents, beginnings first', () => {
    const choices = ['Schöne Höfe', 'Hofer', 'Am Hof', 'Bahnhof', 'Wald'].map((label) => ({ label }))
    expect(found(choices, 'HOF').map(({ label }) => label)).toEqual(['Hofer', 'Schöne Höfe', 'Am Hof', 'Bahnhof'])
    expect(found(choices, '  ')).toBe(choices)
  })
})
