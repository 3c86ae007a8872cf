import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { useMay } from '../app/session.ts'
import pageClasses from '../ui/page.module.css'
import { shownNumber } from '../ui/time.tsx'
import { allColumns, type Column, needFields, nextSort, readSort, writeSort } from './columns.ts'
import { useColumns } from './columns-choice.ts'
import { ColumnsMenu } from './columns-menu.tsx'
import { FilterBar } from './filter-bar.tsx'
import { withParameters } from './filters.ts'
import { type Address, useAddress } from './filters-address.ts'
import classes from './page.module.css'
import { type LeadQuery, leadQueryOf, useDefinitions } from './queries.ts'
import { type ListedLead, type Rows, useRows } from './rows.ts'
import { createSelection } from './selection.ts'
import { LeadsTable } from './table.tsx'
import { createTableStore, type TableStore, useTableState } from './table-state.ts'
import { useViews, ViewsBar } from './views-bar.tsx'

const LeadPanel = lazy(() => import('./panel.tsx').then((one) => ({ default: one.LeadPanel })))

/** The leads as a table: views, filters, rows, and beside them one lead. */
export function LeadsPage() {
  const address = useAddress()
  const { search, go } = address
  const definitions = useDefinitions()
  const canChange = useMay('updateLead')
  const all = useMemo(() => allColumns(definitions), [definitions])
  const { views, view } = useViews(address)
  const choice = useColumns(address, view, all)
  const { columns } = choice
  const rows = useRows(useLeadQuery(address, columns))
  const [selection] = useState(createSelection)
  const [store] = useState(() => createTableStore('company_name'))
  const sort = useMemo(() => readSort(search['sort']), [search])
  const onSort = useCallback(
    (column: Column, adds: boolean) =>
      go((was) => withParameters(was, { sort: writeSort(nextSort(column, readSort(was['sort']), adds)) })),
    [go],
  )
  const open = useCallback((lead: ListedLead) => go((was) => ({ ...was, lead: String(lead.id) })), [go])
  return (
    <div className={classes['page']}>
      <div className={classes['list']}>
        <header className={pageClasses['head']}>
          <h1>Leads</h1>
          <ViewsBar address={address} views={views} view={view} columns={columns} />
          <ColumnsMenu choice={choice} all={all} />
        </header>
        <FilterBar>
          <Total rows={rows} />
        </FilterBar>
        <div className={classes['rows']}>
          <LeadsTable
            rows={rows}
            columns={columns}
            definitions={definitions}
            sort={sort}
            onSort={onSort}
            selection={selection}
            store={store}
            opened={Number(search['lead']) || undefined}
            open={open}
            canChange={canChange}
            changeChosen={() => undefined}
          />
        </div>
      </div>
      <Suspense fallback={null}>
        {search['lead'] !== undefined && <Opened address={address} rows={rows} store={store} />}
      </Suspense>
    </div>
  )
}

/** What is asked of the list: the address's filters and order, and custom values only where a column shows them. */
function useLeadQuery({ search }: Address, columns: readonly Column[]): LeadQuery {
  const text = JSON.stringify({ ...leadQueryOf(search), ...(needFields(columns) && { include: 'custom_fields' }) })
  return useMemo((): LeadQuery => JSON.parse(text), [text])
}

/** How many leads there are, told when it changes. */
function Total({ rows: { total } }: { readonly rows: Rows }) {
  return (
    <span role="status" className={classes['total']}>
      {total === undefined ? '' : total === 1 ? '1 lead' : `${shownNumber(total)} leads`}
    </span>
  )
}

/** The open lead, and its neighbours in the list. */
function Opened({
  address,
  rows,
  store,
}: {
  readonly address: Address
  readonly rows: Rows
  readonly store: TableStore
}) {
  const { search, go } = address
  const leadId = Number(search['lead'])
  const active = useTableState(store, ({ row }) => row)
  const isHere = rows.at(active)?.id === leadId
  const openAt = (index: number) => {
    const lead = isHere ? rows.at(index) : undefined
    if (lead === undefined) return undefined
    return () => {
      store.set({ row: index })
      go((was) => ({ ...was, lead: String(lead.id) }), false)
    }
  }
  return (
    <LeadPanel
      leadId={leadId}
      close={() => go(({ lead: _open, ...rest }) => rest)}
      previous={openAt(active - 1)}
      next={openAt(active + 1)}
      position={isHere ? `${shownNumber(active + 1)} of ${shownNumber(rows.total ?? 0)}` : undefined}
    />
  )
}
