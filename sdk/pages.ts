import type { Page } from './methods.ts'

/**
 * Every row of a list that is told page by page, by exact cursors: `everyRow((cursor) => waggle.leads.history(789,
 * { cursor }))`. The next page is asked for when the rows of the one before have been taken.
 *
 * @param page asks for the page behind a cursor; the first has none
 */
export async function* everyRow<Row>(
  page: (cursor: string | undefined) => Promise<Page<Row>>,
): AsyncGenerator<Row, void> {
  let cursor: string | undefined
  do {
    const { rows, nextCursor } = await page(cursor)
    yield* rows
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
}
