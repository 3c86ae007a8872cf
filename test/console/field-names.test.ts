import { expect, test } from 'vitest'
import { withFieldNames } from '../../console/leads/field-names.ts'

test('what the API says of a field by its number is told by its label', () => {
  const fields = [
    { id: 1, label: 'Segment' },
    { id: 12, label: 'Account $& reference' },
  ]
  expect(withFieldNames('Custom field 12 is required', fields)).toBe('Account $& reference is required')
  expect(withFieldNames('Invalid email. Custom field 1 is of type select', fields)).toBe(
    'Invalid email. Segment is of type select',
  )
  for (const text of ['Custom field 123 is required', 'Invalid custom field ID: 12', 'Custom field not found']) {
    expect(withFieldNames(text, fields)).toBe(text)
  }
})
