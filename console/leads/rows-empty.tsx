import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { sentenceOf } from '../app/api.ts'
import { Empty } from '../ui/empty.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { cleared, isNarrowed } from './filters.ts'
import type { Address } from './filters-address.ts'
import type { Rows } from './rows.ts'

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
  if (isNarrowed(search)) {
    return (
      <Empty title="Nothing matches" action={<Button onClick={() => go(cleared)}>Clear the filters</Button>}>
        No lead fits the search and all of the filters. Take one of them away, or clear them all.
      </Empty>
    )
  }
  return (
    <Empty
      title="No leads yet"
      action={
        <Link to="/settings/$section" params={{ section: 'import' }}>
          Import a file
        </Link>
      }
    >
      <p>Leads come from programs that use the API, or from a file.</p>
      <p>
        <Link to="/keys">Make a key</Link> for a program: what it sends is seen here at once.
      </p>
    </Empty>
  )
}
