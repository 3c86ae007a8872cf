import { useSearch } from '@tanstack/react-router'
import { leadQueryOf } from '../leads/queries.ts'
import { Page } from '../ui/page.tsx'
import { Board } from './board.tsx'

/** The leads by status, with the filters of the address. */
export function BoardPage() {
  const search = useSearch({ from: '__root__' })
  const lead = Number(search['lead'])
  return (
    <Page title="Board">
      <Board query={leadQueryOf(search)} openLead={lead > 0 ? lead : undefined} />
    </Page>
  )
}
