import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { waggle } from '../app/api.ts'
import { nameOfLead } from '../leads/change.ts'
import { StatusMark } from '../ui/status.tsx'
import type { Entry } from './entry.ts'
import classes from './palette.module.css'

/** So long nothing may have been typed before the server is asked, in ms. */
const restMs = 120
const hitsMax = 8

/** Leads that the server finds for what is typed. A question that was overtaken is given up. */
export function useFoundLeads(typed: string): { readonly leads: readonly Entry[]; readonly isBusy: boolean } {
  const text = typed.trim()
  const [search] = useDebouncedValue(text, restMs)
  const navigate = useNavigate()
  const page = useRouterState({ select: ({ location }) => location.pathname })
  const { data, isFetching, isPlaceholderData } = useQuery({
    queryKey: ['palette', search],
    queryFn: ({ signal }) => waggle.leads.list({ search, pageSize: hitsMax }, { signal }),
    enabled: search !== '',
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  })
  const isBusy = text !== '' && (search !== text || isFetching || isPlaceholderData)
  if (text === '' || data === undefined) return { leads: [], isBusy }
  const isList = page.endsWith('/leads') || page.endsWith('/board')
  const leads = data.rows.map((lead): Entry => {
    const name = nameOfLead(lead)
    const person = [lead.first_name, lead.last_name].filter(Boolean).join(' ') || lead.email || ''
    return {
      id: `lead ${lead.id}`,
      group: 'Leads',
      label: name,
      detail: person === name ? undefined : person,
      icon: (
        <span className={classes['dot']}>
          <StatusMark status={lead.status} />
        </span>
      ),
      run: () =>
        navigate({
          to: isList ? '.' : '/leads',
          search: (before) => ({ ...(isList && before), lead: String(lead.id) }),
        }),
    }
  })
  return { leads, isBusy }
}
