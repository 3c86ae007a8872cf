import { lazy, Suspense } from 'react'
import { FilterBar } from '../leads/filter-bar.tsx'
import { isNarrowed } from '../leads/filters.ts'
import { type Address, useAddress } from '../leads/filters-address.ts'
import { leadQueryOf } from '../leads/queries.ts'
import { NoLeadsYet, NothingMatches } from '../leads/rows-empty.tsx'
import pageClasses from '../ui/page.module.css'
import { shownNumber } from '../ui/time.tsx'
import classes from './board.module.css'
import { Board } from './board.tsx'
import { useNeighbours } from './neighbours.ts'

const LeadPanel = lazy(() => import('../leads/panel.tsx').then((one) => ({ default: one.LeadPanel })))

/** The leads by status, with the filters of the address, and beside them the open lead. */
export function BoardPage() {
  const address = useAddress()
  const lead = Number(address.search['lead'])
  const openLead = lead > 0 ? lead : undefined
  return (
    <div className={classes['page']}>
      <div className={classes['list']}>
        <header className={pageClasses['head']}>
          <h1>Board</h1>
        </header>
        <FilterBar />
        <Board query={leadQueryOf(address.search)} openLead={openLead}>
          {isNarrowed(address.search) ? <NothingMatches go={address.go} /> : <NoLeadsYet />}
        </Board>
      </div>
      <Suspense fallback={null}>{openLead !== undefined && <Opened leadId={openLead} address={address} />}</Suspense>
    </div>
  )
}

/** The open lead, and its neighbours in the column. */
function Opened({ leadId, address: { go } }: { readonly leadId: number; readonly address: Address }) {
  const { previous, next, place, total } = useNeighbours(leadId)
  const openOther = (id: number | undefined) =>
    id === undefined ? undefined : () => go((was) => ({ ...was, lead: String(id) }), false)
  return (
    <LeadPanel
      leadId={leadId}
      close={() => go(({ lead: _open, ...rest }) => rest)}
      previous={openOther(previous)}
      next={openOther(next)}
      position={place === undefined ? undefined : `${shownNumber(place)} of ${shownNumber(total ?? place)}`}
    />
  )
}
