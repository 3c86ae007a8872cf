import { describe, expect, test } from 'vitest'
import { pagesInSight, withActive } from '../../console/leads/rows.ts'
import { countOf, createSelection } from '../../console/leads/selection.ts'
import { allViews, asMeant, isChanged, searchOf, viewOf } from '../../console/leads/views.ts'
import { lead } from './lead.ts'

describe('the rows in sight', () => {
  test('are read with the pages beside them', () => {
    expect(pagesInSight(0, 30)).toEqual([1, 2])
    expect(pagesInSight(49, 50)).toEqual([1, 2, 3])
    expect(pagesInSight(100, 130)).toEqual([2, 3, 4])
    expect(pagesInSight(99_990, 99_999)).toEqual([1999, 2000, 2001])
  })

  test('hold the row on which the keyboard is, wherever that is', () => {
    expect(withActive(10, 12, 11, 100)).toEqual([10, 11, 12])
    expect(withActive(10, 12, 2, 100)).toEqual([2, 10, 11, 12])
    expect(withActive(10, 12, 90, 100)).toEqual([10, 11, 12, 90])
    expect(withActive(10, 12, -1, 100)).toEqual([10, 11, 12])
    expect(withActive(0, -1, 0, 0)).toEqual([])
  })
})

describe('a selection', () => {
  test('takes and leaves leads, and tells when it changes', () => {
    const selection = createSelection()
    let told = 0
    const end = selection.listen(() => {
      told += 1
    })
    selection.toggle(lead(1))
    selection.add([lead(1), lead(2)])
    selection.toggle(lead(1))
    expect([selection.has(1), selection.has(2)]).toEqual([false, true])
    expect(countOf(selection.get(), 50)).toBe(1)
    end()
    selection.clear()
    expect([told, selection.isEmpty()]).toEqual([3, true])
  })

  test('of all leads leaves out those that are taken away', () => {
    const selection = createSelection()
    selection.all()
    selection.toggle(lead(7))
    selection.add([lead(8)])
    expect([selection.has(7), selection.has(8), selection.has(99)]).toEqual([false, true, true])
    expect(countOf(selection.get(), 50)).toBe(49)
    selection.toggle(lead(7))
    expect(countOf(selection.get(), 50)).toBe(50)
  })
})

describe('a view', () => {
  const views = allViews(31, [
    {
      id: 4,
      uuid: '0192f0c1-5b7e-7c44-9a3e-2f6f0a6b1c11',
      user_uuid: '0192f0c1-5b7e-7c44-9a3e-2f6f0a6b1c11',
      name: 'Made by a program',
      shared: true,
      layout: 'table',
      query: { status: ['new', 'lost'], assigned: true, search: '', sort: [{ type: 'status', asc: true }], odd: 'x' },
      columns: ['company_name', 'status'],
      position: 0,
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
    },
  ])
  const [all, open, saved] = views

  test('that another program saved is read as the address has it', () => {
    expect(saved?.query).toEqual({ status: 'new,lost', assigned: '1', sort: '[{"type":"status","asc":true}]' })
  })

  test('is that of the address, else all leads', () => {
    expect(viewOf({}, views)).toBe(all)
    expect(viewOf({ saved: 'open', status: 'new' }, views)).toBe(open)
    expect(viewOf({ saved: '4' }, views)).toBe(saved)
    expect(viewOf({ saved: '5' }, views)).toBe(all)
  })

  test('is changed by other filters and other columns, and not by the lead that is open', () => {
    if (saved === undefined || all === undefined) throw new Error('a view is missing')
    const search = searchOf(saved)
    expect(isChanged(search, saved)).toBe(false)
    expect(isChanged({ ...search, lead: '789' }, saved)).toBe(false)
    expect(isChanged({ ...search, columns: 'company_name,status' }, saved)).toBe(false)
    expect(isChanged({ ...search, columns: 'company_name' }, saved)).toBe(true)
    expect(isChanged({ ...search, status: 'new' }, saved)).toBe(true)
    expect(isChanged({ search: 'x' }, all)).toBe(true)
    expect(asMeant({ ...search, status: 'new', lead: '789' }, saved)).toEqual({ ...search, lead: '789' })
  })
})
