import { IconBookmark, IconBookmarkPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import { queryClient, sentenceOf, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { useMay, useSession } from '../app/session.ts'
import { leadQueryOf } from '../leads/queries.ts'
import { allViews, searchOf, viewsQuery } from '../leads/views.ts'
import type { Entry } from './entry.ts'
import { icon } from './icon.ts'

const none: readonly never[] = []

/** Saved views to go to, and the list that is open to be saved as one. */
export function useViewCommands(): readonly Entry[] {
  const { user } = useSession()
  const { data: saved = none } = useQuery(viewsQuery)
  const navigate = useNavigate()
  const make = useMakeView()
  const views = allViews(user.id, saved).map(
    (view): Entry => ({
      id: `view ${view.id}`,
      group: 'Views',
      label: view.name,
      words: 'view go to',
      detail: view.saved?.shared === true ? 'shared' : undefined,
      icon: <IconBookmark {...icon} />,
      run: () => navigate({ to: '/leads', search: searchOf(view) }),
    }),
  )
  return [...views, ...make]
}

/** Keeps the filters of the open list under a name. */
function useMakeView(): readonly Entry[] {
  const may = useMay('createView')
  const search = useSearch({ from: '__root__' })
  const navigate = useNavigate()
  const page = useRouterState({ select: ({ location }) => location.pathname })
  if (!may || !/\/(?:leads|board)$/.test(page)) return []
  const save = async (name: string, shared: boolean): Promise<void> => {
    try {
      const view = await waggle.views.create({ name, shared, layout: 'table', query: leadQueryOf(search) })
      await queryClient.invalidateQueries(viewsQuery)
      await navigate({ to: '/leads', search: { ...leadQueryOf(search), saved: String(view.id) } })
    } catch (error) {
      say(`The view was not saved. ${sentenceOf(error)}`, 'failed')
    }
  }
  const shared = { group: 'New view', icon: <IconBookmarkPlus {...icon} /> }
  const step = {
    title: 'Make a view',
    placeholder: 'Name of the view …',
    isFree: true as const,
    entries: (typed: string): readonly Entry[] => {
      const name = typed.trim()
      if (name === '') return []
      return [
        { ...shared, id: 'view-own', label: `Save “${name}” for me`, run: () => save(name, false) },
        { ...shared, id: 'view-shared', label: `Save “${name}” for everyone`, run: () => save(name, true) },
      ]
    },
  }
  return [{ ...shared, id: 'make-view', group: 'Do', label: 'Make a view of this list …', run: () => step }]
}
