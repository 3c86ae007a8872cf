import { useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { useMay } from '../app/session.ts'
import pageClasses from '../ui/page.module.css'
import { shownNumber } from '../ui/time.tsx'
import { BulkBar, type BulkTask } from './bulk-bar.tsx'
import { allColumns, type Column, needFields, nextSort, readSort, writeSort } from './columns.ts'
import { type ColumnChoice, useColumns } from './columns-choice.ts'
import { ColumnsMenu } from './columns-menu.tsx'
import { FilterBar } from './filter-bar.tsx'
import { withParameters } from './filters.ts'
import { type Address, useAddress } from './filters-address.ts'
import classes from './page.module.css'
import { type LeadQuery, leadQueryOf, useDefinitions } from './queries.ts'
import { type ListedLead, type Rows, useRows } from './rows.ts'
import { LeadCards } from './rows-cards.tsx'
import { NoRows } from './rows-empty.tsx'
import { createSelection } from './selection.ts'
import { LeadsTable } from './table.tsx'
import { createTableStore, type TableStore, useTableState } from './table-state.ts'
import { useViews, ViewsBar } from './views-bar.tsx'

const LeadPanel = lazy(() => import('./panel.tsx').then((one) => ({ default: one.LeadPanel })))
const BulkDialog = lazy(() => import('./bulk-dialog.tsx').then((one) => ({ default: one.BulkDialog })))

/** The leads: views, filters, rows, and beside them one lead. */
export function LeadsPage() {
  const address = useAddress()
  const definitions = useDefinitions()
  const all = useMemo(() => allColumns(definitions), [definitions])
  const { views, view } = useViews(address)
  const choice = useColumns(address, view, all)
  const rows = useRows(useLeadQuery(address, choice.columns))
  const [store] = useState(() => createTableStore('company_name'))
  return (
    <div className={classes['page']}>
      <div className={classes['list']}>
        <header className={pageClasses['head']}>
          <h1>Leads</h1>
          <ViewsBar address={address} views={views} view={view} columns={choice.columns} />
          <ColumnsMenu choice={choice} all={all} />
        </header>
        <FilterBar>
          <Total rows={rows} />
        </FilterBar>
        <List address={address} rows={rows} choice={choice} store={store} />
      </div>
      <Suspense fallback={null}>
        {address.search['lead'] !== undefined && <Opened address={address} rows={rows} store={store} />}
      </Suspense>
    </div>
  )
}

interface ListProps {
  readonly address: Address
  readonly rows: Rows
  readonly choice: ColumnChoice
  readonly store: TableStore
}

/** The rows, or cards where there is no room for rows, and what is done with those that are chosen. */
function List({ address, rows, choice, store }: ListProps) {
  const { search, go } = address
  const definitions = useDefinitions()
  const canChange = useMay('updateLead')
  const isNarrow = useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false })
  const [selection] = useState(createSelection)
  const [task, setTask] = useState<BulkTask>()
  const sort = useMemo(() => readSort(search['sort']), [search])
  const onSort = useCallback(
    (column: Column, adds: boolean) =>
      go((was) => withParameters(was, { sort: writeSort(nextSort(column, readSort(was['sort']), adds)) })),
    [go],
  )
  const open = useCallback(
    (lead: ListedLead) => go((was) => ({ ...was, lead: String(lead.id) }), search['lead'] === undefined),
    [go, search],
  )
  const shared = { rows, definitions, opened: Number(search['lead']) || undefined, open }
  const empty = <NoRows rows={rows} address={address} />
  return (
    <>
      <div className={classes['rows']}>
        {isNarrow ? (
          <LeadCards {...shared}>{empty}</LeadCards>
        ) : (
          <LeadsTable
            {...shared}
            columns={choice.columns}
            sort={sort}
            onSort={onSort}
            selection={selection}
            store={store}
            canChange={canChange}
            changeChosen={setTask}
          >
            {empty}
          </LeadsTable>
        )}
      </div>
      <BulkBar rows={rows} selection={selection} start={setTask} />
      <Suspense fallback={null}>
        {task !== undefined && (
          <BulkDialog
            task={task}
            chosen={selection.get()}
            query={rows.query}
            total={rows.total ?? 0}
            close={(isDone) => {
              setTask(undefined)
              if (isDone) selection.clear()
            }}
          />
        )}
      </Suspense>
    </>
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

interface OpenedProps {
  readonly address: Address
  readonly rows: Rows
  readonly store: TableStore
}

/** The open lead, and its neighbours in the list. */
function Opened({ address, rows, store }: OpenedProps) {
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
