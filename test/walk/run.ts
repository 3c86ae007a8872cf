import { parseArgs } from 'node:util'
import { wholeNumber } from '../../bench/options.ts'
import { backends } from '../backends.ts'
import { fill, walk } from './walk.ts'

/**
 * `npm run test:walk -- --leads N`: an integration reads all leads page by page, by cursors and by times, while others
 * change, make and delete leads; and must miss none. 100,000 unless told otherwise, on each database that is there.
 */
const { values } = parseArgs({ options: { leads: { type: 'string' } } })
const leads = wholeNumber('leads', values.leads, 100_000, 10_000_000)
for (const [name, start] of backends) {
  const api = await start()
  await fill(api, leads)
  for (const by of ['cursor', 'time'] as const) {
    const { pages, changed, created, deleted, updated } = await walk(api, leads, by)
    console.log(
      `${name}, by ${by}: ${leads} leads on ${pages} pages, none missed and none twice, while ${changed} were changed, ` +
        `${created} made and ${deleted} deleted; updated_since told of all (${updated}).`,
    )
  }
  await api.close()
}
