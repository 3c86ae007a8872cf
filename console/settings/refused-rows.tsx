import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { waggle } from '../app/api.ts'
import { withFieldNames } from '../leads/field-names.ts'
import { fieldsQuery } from '../leads/queries.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import classes from './import-dialog.module.css'

/** The rows of an import that are refused, each with all that is wrong with it. */
export function RefusedRows({ importId }: { readonly importId: number }) {
  const { data: fields = [] } = useQuery(fieldsQuery)
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['import', importId, 'refused'],
    queryFn: ({ pageParam }) =>
      waggle.imports.rows(importId, {
        outcome: 'failed',
        pageSize: 50,
        ...(pageParam !== null && { cursor: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  if (data === undefined) return <Skeleton lines={3} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={classes['scroll']} aria-label="Refused rows" tabIndex={0}>
      <ul className={classes['failed']}>
        {data.pages
          .flatMap(({ rows }) => rows)
          .map(({ row, error }) => (
            <li key={row}>
              <span className={classes['row']}>Row {row}</span>
              <span>{error !== null && withFieldNames(error, fields)}</span>
            </li>
          ))}
      </ul>
      {hasNextPage && (
        <Button variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More
        </Button>
      )}
    </section>
  )
}
