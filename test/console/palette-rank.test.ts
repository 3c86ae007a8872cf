import { describe, expect, test } from 'vitest'
import { arranged } from '../../console/palette/arrange.ts'
import type { Entry } from '../../console/palette/entry.ts'
import { ranked } from '../../console/palette/rank.ts'

const labelsOf = (typed: string, labels: readonly string[], recent: readonly string[] = []): string[] =>
  ranked(
    labels.map((label) => ({ id: label, label })),
    typed,
    recent,
  ).map(({ entry }) => entry.label)

describe('ranking', () => {
  test('the beginning of the label, of its words, a part, then letters in turn', () => {
    const labels = ['Sane end tag', 'Unset', 'Set status', 'Re-set', 'Sweet']
    expect(labelsOf('set', labels)).toEqual(['Set status', 'Re-set', 'Unset', 'Sane end tag'])
    expect(labelsOf('sequ', ['Set status: Qualified', 'Sequel'])).toEqual(['Sequel', 'Set status: Qualified'])
  })

  test('leaves out what does not match', () => {
    expect(labelsOf('xyz', ['Set status'])).toEqual([])
    expect(labelsOf('ts', ['Set'])).toEqual([])
  })

  test('passes over case and accents', () => {
    expect(labelsOf('muller', ['Müller & Söhne'])).toEqual(['Müller & Söhne'])
    expect(labelsOf('SÖHNE', ['Müller & Söhne'])).toEqual(['Müller & Söhne'])
  })

  test('of equals the one used last stands first, but before no better one', () => {
    expect(labelsOf('co', ['Copy link', 'Copy id', 'Company'], ['Company', 'Copy id'])).toEqual([
      'Company',
      'Copy id',
      'Copy link',
    ])
    expect(labelsOf('set', ['Unset', 'Set status'], ['Unset'])).toEqual(['Set status', 'Unset'])
  })

  test('other words count less than the label', () => {
    const entries = [
      { id: 'a', label: 'Import', words: 'CSV upload' },
      { id: 'b', label: 'CSV export' },
    ]
    expect(ranked(entries, 'csv').map(({ entry }) => entry.id)).toEqual(['b', 'a'])
  })
})

describe('arranging', () => {
  const entry = (id: string, group: string, more: Partial<Entry> = {}): Entry => ({
    id,
    group,
    label: id,
    run: () => undefined,
    ...more,
  })
  const entries = [
    entry('Set status', 'TechCorp'),
    entry('Set status: Lost', 'TechCorp', { isTypedFor: true }),
    entry('Leads', 'Go to'),
    entry('Sign out', 'Do'),
  ]
  const show = (typed: string, recent: readonly string[] = [], leads: readonly Entry[] = []) =>
    arranged({ entries, leads, typed, recent }).map(({ name, entries: shown }) => [name, shown.map(({ id }) => id)])

  test('offers everything by group while nothing is typed, what was used last on top', () => {
    expect(show('')).toEqual([
      ['TechCorp', ['Set status']],
      ['Go to', ['Leads']],
      ['Do', ['Sign out']],
    ])
    expect(show('', ['Sign out', 'gone'])[0]).toEqual(['Used last', ['Sign out']])
    expect(show('', ['Sign out']).flatMap(([, ids]) => ids)).toHaveLength(3)
  })

  test('finds an answer by its name', () => {
    expect(show('lost')).toEqual([['TechCorp', ['Set status: Lost']]])
  })

  test('puts leads behind commands that begin so, and before those that match in part', () => {
    const leads = [entry('Leaders Inc', 'Leads')]
    expect(show('lea', [], leads).map(([name]) => name)).toEqual(['Go to', 'Leads'])
    expect(show('ads', [], leads).map(([name]) => name)).toEqual(['Leads', 'Go to'])
  })
})
