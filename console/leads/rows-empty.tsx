import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { sentenceOf } from '../app/api.ts'
import { Empty } from '../ui/empty.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { cleared, isNarrowed } from './filters.ts'
import type { Address } from './filters-address.ts'
import classes from './first-steps.module.css'
import type { Rows } from './rows.ts'

const FirstSteps = lazy(() => import('./first-steps.tsx').then((one) => ({ default: one.FirstSteps })))

/** What stands where there are no rows: they are not there yet, they could not be read, nothing matches, or there are none. */
export function NoRows({ rows, address: { search, go } }: { readonly rows: Rows; readonly address: Address }) {
  if (rows.error !== null && rows.total === undefined) {
    return (
      <Empty title="The leads could not be read" action={<Button onClick={rows.retry}>Try again</Button>}>
        {sentenceOf(rows.error)}
      </Empty>
    )
  }
  if (rows.total === undefined) return <Skeleton lines={14} label="Loading leads" />
  return isNarrowed(search) ? <NothingMatches go={go} /> : <NoLeadsYet />
}

/** The filters let nothing through. */
export const NothingMatches = ({ go }: Pick<Address, 'go'>) => (
  <Empty title="Nothing matches" action={<Button onClick={() => go(cleared)}>Clear the filters</Button>}>
    No lead fits the search and all of the filters. Take one of them away, or clear them all.
  </Empty>
)

/** A workspace at its beginning: how leads come here. */
export const NoLeadsYet = () => (
  <div className={classes['beginning']}>
    <h2>No leads yet</h2>
    <p>
      Leads come from programs that use the API, or from a file:{' '}
      <Link to="/settings/$section" params={{ section: 'import' }}>
        import one
      </Link>
      , or take these first steps.
    </p>
    <Suspense fallback={<Skeleton label="Loading the first steps" />}>
      <FirstSteps />
    </Suspense>
  </div>
)
