import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Import } from '../../sdk/index.ts'
import { queryClient } from '../app/api.ts'
import { Empty } from '../ui/empty.tsx'
import rows from '../ui/rows.module.css'
import { Skeleton } from '../ui/skeleton.tsx'
import { shownNumber, Time } from '../ui/time.tsx'
import { DropFile } from './drop-file.tsx'
import { Head } from './head.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { ImportReport } from './import-report.tsx'
import { importsQuery, isUnderWay, stateLabels } from './import-state.ts'
import type { TableFile } from './table-file.ts'

/** Leads from a file: drop it, map its columns, try it, take it, undo it. */
export function Imports() {
  const { data } = useQuery({
    ...importsQuery,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? 1_000 : false),
  })
  const [table, setTable] = useState<TableFile>()
  const [opened, setOpened] = useState<number>()
  const close = (): void => {
    setTable(undefined)
    void queryClient.invalidateQueries({ queryKey: ['imports'] })
    void queryClient.invalidateQueries({ queryKey: ['leads'] })
  }
  return (
    <>
      <Head title="Import">
        Leads from a table (CSV) or from lines of JSON. Nothing is written before you have seen what would happen, and
        an import can be undone.
      </Head>
      <DropFile take={setTable} />
      {data === undefined && <Skeleton />}
      {data?.length === 0 && <Empty title="Nothing was imported yet">Drop a file above, or choose one.</Empty>}
      {data !== undefined && data.length > 0 && <ImportTable imports={data} open={setOpened} />}
      {table !== undefined && <ImportDialog table={table} close={close} />}
      {opened !== undefined && <ImportReport importId={opened} close={() => setOpened(undefined)} />}
    </>
  )
}

function ImportTable({ imports, open }: { readonly imports: readonly Import[]; readonly open: (id: number) => void }) {
  return (
    <div className={rows['scroll']}>
      <table className={rows['rows']}>
        <thead>
          <tr>
            <th>Import</th>
            <th>When</th>
            <th>State</th>
            <th>Made</th>
            <th>Changed</th>
            <th>Refused</th>
            <th className={rows['end']}>
              <span className="visually-hidden">Report</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {imports.map((one) => (
            <tr key={one.id}>
              <td>{one.name || `Import ${one.id}`}</td>
              <td className={rows['muted']}>
                <Time at={one.created_at} />
              </td>
              <td className={rows['muted']}>
                {stateLabels[one.state]}
                {one.dry_run && ', trial'}
              </td>
              <td>{shownNumber(one.created)}</td>
              <td>{shownNumber(one.updated)}</td>
              <td>{shownNumber(one.failed)}</td>
              <td className={rows['end']}>
                <Button
                  variant="subtle"
                  aria-label={`Report of ${one.name || `import ${one.id}`}`}
                  onClick={() => open(one.id)}
                >
                  Report
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
