import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Import } from '../../sdk/index.ts'
import { queryClient, waggle } from '../app/api.ts'
import { Fault } from '../ui/fault.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { shownNumber } from '../ui/time.tsx'
import classes from './import-dialog.module.css'
import { isUnderWay } from './import-state.ts'
import { RefusedRows } from './refused-rows.tsx'

/** How often a running import is asked how far it is, in ms. */
const askEveryMs = 400

interface Props {
  readonly importId: number
  readonly back: () => void
  /** Of a trial: does it for real. */
  readonly take: (() => void) | undefined
  readonly close: () => void
  readonly isBusy: boolean
  readonly fault: string | undefined
}

/** How far an import is, what would become of it or has become of it, and what comes next. */
export function ImportProgress({ importId, back, take, close, isBusy, fault }: Props) {
  const { data } = useQuery({
    queryKey: ['import', importId],
    queryFn: () => waggle.imports.get(importId),
    refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data) ? askEveryMs : false),
  })
  const isOver = data !== undefined && !isUnderWay(data)
  useEffect(() => {
    if (isOver && take === undefined) void queryClient.invalidateQueries({ queryKey: ['leads'] })
  }, [isOver, take])
  if (data === undefined) return <Skeleton lines={3} />
  return (
    <>
      <p aria-live="polite" style={{ margin: 0 }}>
        {sentenceOf(data)}
      </p>
      <Counts one={data} />
      {isOver && data.failed > 0 && <RefusedRows importId={importId} />}
      <Fault>{fault ?? data.message ?? undefined}</Fault>
      <div className={classes['buttons']}>
        {take !== undefined && (
          <>
            <Button variant="default" onClick={back}>
              Back to the columns
            </Button>
            <Button onClick={take} loading={isBusy} disabled={!isOver || data.rows === data.failed}>
              {data.failed > 0
                ? `Import all but the ${shownNumber(data.failed)} refused`
                : `Import ${shownNumber(data.rows)} rows`}
            </Button>
          </>
        )}
        {take === undefined && isOver && <Button onClick={close}>Done</Button>}
      </div>
    </>
  )
}

function sentenceOf({ state, dry_run, rows, failed }: Import): string {
  const read = `${shownNumber(rows)} rows`
  if (state === 'running') return dry_run ? `Trying: ${read} so far.` : `Importing: ${read} so far.`
  if (state === 'undoing') return 'Undoing.'
  if (state === 'undone') return 'Undone.'
  const refused =
    failed === 0 ? 'None is refused.' : `${shownNumber(failed)} are refused; the others are not held up by them.`
  return dry_run ? `Nothing has been changed. Of ${read} this would become:` : `${read} were read. ${refused}`
}

export function Counts({ one }: { readonly one: Import }) {
  const counts = [
    ['New leads', one.created],
    ['Changed', one.updated],
    ['As they were', one.unchanged],
    ['Refused', one.failed],
    ...(one.undone > 0 ? [['Undone', one.undone] as const] : []),
  ] as const
  return (
    <dl className={classes['counts']}>
      {counts.map(([label, count]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{shownNumber(count)}</dd>
        </div>
      ))}
    </dl>
  )
}
