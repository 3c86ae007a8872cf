import { describe, expect, test } from 'vitest'
import { knowEvent, knowLead, Person } from '../../src/erasure/person.ts'
import { keptLead } from '../../src/events/record.ts'
import { aLead } from '../leads/examples.ts'

const knowing = (...texts: (string | null)[]): Person => {
  const person = new Person()
  person.know(...texts)
  return person
}

describe('a person is mentioned', () => {
  const ada = knowing('ada@x.example', 'Ada Berg')

  test.each([
    'ada@x.example',
    'write to ADA@X.example, please',
    '<Ada Berg>',
    ['new', { search: ['ada@x.example'] }],
    JSON.stringify([{ id: 9, value: { text: 'ada berg' } }]),
  ])('in %j', (value) => {
    expect(ada.isIn(value)).toBe(true)
  })

  test.each(['nada@x.example', 'ada@x.examples', 'Ada Bergmann', 'Ada', 'Berg', null, 7, {}, { 'ada@x.example': 1 }])(
    'not in %j',
    (value) => {
      expect(ada.isIn(value)).toBe(false)
    },
  )

  test('by nothing that is too short to say who, and by no blank text', () => {
    const person = knowing('a@b', '  ', null, '')
    expect(person.texts).toEqual([])
    expect(person.isIn('a@b')).toBe(false)
  })
})

test('a lead says address, number and whole name, and what it was called before', () => {
  const person = new Person()
  const lead = aLead({ email: 'ada@x.example', phone_number: '+49 171 5550199', first_name: 'Ada', last_name: 'Berg' })
  knowLead(person, lead)
  expect(person.texts).toEqual(['ada@x.example', '+49 171 5550199', 'Ada Berg'])
  knowLead(person, { ...lead, first_name: null })
  expect(person.texts).toHaveLength(3)
  knowEvent(person, { was: { email: 'old@x.example', last_name: 'Tal' }, is: keptLead(lead) })
  expect(person.texts.slice(3)).toEqual(['old@x.example', 'Ada Tal'])
})
