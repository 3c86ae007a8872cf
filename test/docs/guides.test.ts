import { describe, expect, onTestFinished, test } from 'vitest'
import { isPostgresMissing, testDatabase } from '../postgres/databases.ts'
import { type Block, blocksOf, isForRunning, isForShell, pages, textOfPage } from './blocks.ts'
import { hasCurl } from './guide.ts'
import { type Guide, guides, notPrinted, notRun } from './guides.ts'
import { Place } from './place.ts'

/** A page starts many programs one after the other, on a machine that may be busy. */
const patient = 300_000
const soon = { timeout: 30_000, interval: 500 }

type Listed = readonly (readonly [page: string, begins: string, why: string])[]
const isListed = (list: Listed, block: Block): boolean =>
  list.some(([page, begins]) => page === block.page && block.text.startsWith(begins))

const isGuide = (page: string): boolean => guides.some((guide) => guide.page === page)

describe('every command that a page shows', () => {
  test.each(pages)('of %s is run by a test, or is listed with the reason why not', (page) => {
    const missing = blocksOf(page).filter((block) => isForRunning(block) && !isListed(notRun, block) && !isGuide(page))
    expect(
      missing.map(({ line, text }) => `${page}:${line} ${text.split('\n')[0]}`),
      `No test runs these blocks: give ${page} a row in test/docs/guides.ts, or list the blocks there with the reason`,
    ).toEqual([])
  })

  test.each(pages)('of %s says that it is one', (page) => {
    const unnamed = blocksOf(page).filter((block) => isForShell(block) && block.language === '' && isFenced(block))
    expect(
      unnamed.map(({ line }) => `${page}:${line}`),
      'These blocks hold commands: write ```sh above them',
    ).toEqual([])
  })

  test.each([...notRun, ...notPrinted])('of %s that begins with %s is there to be listed', (page, begins) => {
    const found = blocksOf(page).some(({ text }) => text.startsWith(begins))
    expect(found, `${page} has no such block any more: take its row out of test/docs/guides.ts`).toBe(true)
  })
})

/** Whether a block stands between fences, and is not only indented. */
function isFenced({ page, line }: Block): boolean {
  return textOfPage(page).split('\n')[line - 2]?.trim().startsWith('```') === true
}

describe.skipIf(!hasCurl)('as a reader would paste them (needs curl, which this machine must have)', () => {
  for (const guide of guides) {
    test.skipIf(guide.postgres === true && isPostgresMissing)(
      `the commands of ${guide.page} do what it says${guide.postgres ? ' (needs PostgreSQL)' : ''}`,
      { timeout: patient },
      () => walk(guide),
    )
  }
})

async function walk(guide: Guide): Promise<void> {
  const place = await Place.make({ ...guide.stands, ...(await databaseFor(guide)) })
  onTestFinished(() => place.close())
  for (const [file, text] of Object.entries(guide.files ?? {})) place.write(file, text)
  for (const command of guide.before ?? []) await place.shell(command)
  const blocks = blocksOf(guide.page)
  for (const [at, block] of blocks.entries()) {
    if (!isForRunning(block) || isListed(notRun, block)) continue
    await place.run(block).catch((error: Error) => {
      throw new Error(`${guide.page}:${block.line} ${error.message}`)
    })
    const shown = blocks[at + 1]
    if (shown === undefined || !isOutput(shown, block)) continue
    const again = isLooking(block.text)
    const isThere = async (): Promise<string> => {
      if (place.hasPrinted(patternOf(shown, place))) return 'printed'
      if (again) await place.run(block)
      return place.out
    }
    const message = `${guide.page}:${shown.line} is what the block before prints, ${patternOf(shown, place)}`
    await expect.poll(isThere, { ...soon, message }).toBe('printed')
  }
  for (const pattern of guide.prints ?? [])
    expect(place.hasPrinted(pattern), `${guide.page} prints ${pattern}:\n${place.out}`).toBe(true)
}

async function databaseFor({ postgres }: Guide): Promise<Record<string, string>> {
  if (postgres !== true) return {}
  const { url, release } = await testDatabase()
  onTestFinished(release)
  return { 'postgres://waggle@db.example/waggle': url }
}

/** Whether a block shows what the commands before it print. */
const isOutput = (block: Block, before: Block): boolean =>
  isForShell(before) &&
  block.heading === before.heading &&
  ['text', 'json'].includes(block.language) &&
  !isListed(notPrinted, block)

/** Whether commands only look, so that they may be given again until what they look for is there. */
const isLooking = (text: string): boolean =>
  /^(curl(?!.* -X )|.*\b(list|deliveries)\b)/.test(text.replaceAll('\\\n', ' ').trim())

const time = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z'
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/** What is to be printed: as it is shown, but for times, uuids, numbers in JSON, and what `…` stands for. */
function patternOf({ language, text }: Block, place: Place): RegExp {
  const shown = language === 'json' ? JSON.stringify(JSON.parse(text)) : text.trim()
  const pattern = place
    .here(shown)
    .replace(new RegExp(uuid, 'g'), '\u0001')
    .replace(new RegExp(time, 'g'), '\u0002')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(language === 'json' ? /(?<=:)\d+/g : /(?!)/g, '\\d+')
    .replace(/ *…/g, language === 'json' ? '[^"]*' : '[^\\n]*')
    .replace(/[ \n]+/g, '\\s+')
    .replaceAll('\u0001', uuid)
    .replaceAll('\u0002', time)
  return new RegExp(pattern)
}
