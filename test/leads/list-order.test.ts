import { describe, expect, test } from 'vitest'
import { statuses } from '../../src/contract/lead-members.ts'
import { backends } from '../backends.ts'
import { idsOf, type Lead, listedLeads, ours } from './listed-leads.ts'

describe.each(backends)('the orders of the list of leads on %s', (_, start) => {
  const { present, get, all } = listedLeads(start)

  test.each([true, false])('by status, ascending %s: within a status newest first, on every page', async (asc) => {
    const query = { sort: JSON.stringify([{ type: 'status', asc }]), pageSize: '9' }
    const rank = ({ status }: Lead): number => statuses.indexOf(status) * (asc ? 1 : -1)
    const expected = present.toSorted((left, right) => rank(left) - rank(right)).map(({ id }) => id)
    expect(ours(await all(query))).toEqual(expected)
    const second = await get({ ...query, page: '2' })
    expect(idsOf(second)).toEqual((await all(query)).slice(9, 18))
  })

  const folded = (text: string | null | undefined): string | undefined =>
    text?.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss')
  const fieldOf = (id: number) => (lead: Lead) => lead.custom_fields[id]?.value
  const keys: Readonly<Record<string, (lead: Lead) => string | number | undefined>> = {
    created_at: ({ created_at }) => created_at,
    updated_at: ({ updated_at }) => updated_at,
    company_name: ({ company_name }) => folded(company_name),
    email: ({ email }) => folded(email),
    phone_number: ({ phone_number }) => folded(phone_number),
    first_name: ({ first_name }) => folded(first_name),
    last_name: ({ last_name }) => folded(last_name),
    name: ({ first_name, last_name }) => folded([last_name, first_name].filter(Boolean).join(' ') || undefined),
    source: ({ source }) => source,
    external_id: ({ external_id }) => external_id ?? undefined,
    '5': (lead) => fieldOf(5)(lead) as number | undefined,
    '6': (lead) => fieldOf(6)(lead) as number | undefined,
    '7': (lead) => (fieldOf(7)(lead) as number[] | undefined)?.toSorted()[0],
    '9': (lead) => folded(fieldOf(9)(lead) as string | undefined),
    '10': (lead) => (fieldOf(10)(lead) === undefined ? undefined : Date.parse(String(fieldOf(10)(lead)))),
    '11': (lead) => (fieldOf(11)(lead) === undefined ? undefined : Number(fieldOf(11)(lead))),
  }
  type Entry = readonly [name: string, asc: boolean]
  const orders: readonly (readonly Entry[])[] = [
    ...Object.keys(keys).flatMap((name): Entry[][] => [[[name, true]], [[name, false]]]),
    [
      ['last_name', false],
      ['5', true],
    ],
    [
      ['11', true],
      ['company_name', true],
      ['updated_at', false],
    ],
  ]

  test.each(orders.map((order) => [order] as const))(
    'by %j, those without a value last, on every page',
    async (order) => {
      const expected = present.toSorted((left, right) => {
        for (const [name, asc] of order) {
          const [one, other] = [keys[name]?.(left), keys[name]?.(right)]
          if (one === other) continue
          if (one === undefined || other === undefined) return one === undefined ? 1 : -1
          return one < other === asc ? -1 : 1
        }
        return 0
      })
      const entries = order.map(([name, asc]) =>
        /^\d/.test(name) ? { type: 'field', id: name, asc } : { type: name, asc },
      )
      const query = { sort: JSON.stringify(entries), pageSize: '9' }
      const walked = await all(query)
      expect(ours(walked)).toEqual(expected.map(({ id }) => id))
      expect(idsOf(await get({ ...query, page: '4' }))).toEqual(walked.slice(27, 36))
      const narrowed = await all({ ...query, status: 'new' })
      expect(ours(narrowed)).toEqual(expected.filter(({ status }) => status === 'new').map(({ id }) => id))
    },
  )

  test('what orders nothing is passed over: fields that are not known, and what comes again', async () => {
    const plain = await all({})
    expect(await all({ sort: '[{"type":"field","id":404}]' })).toEqual(plain)
    const byEmail = await all({ sort: '[{"type":"email"}]' })
    expect(await all({ sort: '[{"type":"email"},{"type":"email","asc":false}]' })).toEqual(byEmail)
  })
})
