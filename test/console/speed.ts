import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright-core'
import { seed } from '../../bench/seed.ts'
import { key } from '../../bench/workspace.ts'
import { flags } from './browser-flags.ts'
import { installedChromium } from './chromium.ts'

/**
 * `npm run bench:console -- --leads 100000 --rounds 15`: how long it takes from what a person does to what they see in
 * the table of leads, in ms. A local browser and a local server, medians and the slowest of the rounds.
 */

const { values } = parseArgs({
  options: { leads: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '15' } },
})
const leads = Number(values.leads)
const rounds = Number(values.rounds)
const root = resolve(import.meta.dirname, '../..')

/** What a person does; it is over when the page shows it. Texts run in the page. */
interface Act {
  readonly about: string
  /** Before the clock runs. */
  readonly before?: (page: Page, round: number) => Promise<unknown>
  /** Begins it; an expression of the page. */
  readonly begin: (round: number) => string
  /** Whether it is seen; an expression of the page. */
  readonly seen: (round: number) => string
}

const typed = (text: string): string => `(() => {
  const box = document.querySelector('input[aria-label="Search leads"]')
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(box, ${JSON.stringify(text)})
  box.dispatchEvent(new Event('input', { bubbles: true }))
})()`
const pressed = (name: string): string =>
  `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '${name}', bubbles: true, cancelable: true }))`
const focused = (row: number, column: string): string =>
  `document.querySelector('[data-row="${row}"] [data-column="${column}"]').focus()`
const clicked = (selector: string): string => `document.querySelector('${selector}').click()`
const grid = `document.querySelector('[role=grid]')`
const total = `Number([...document.querySelectorAll('[role=status]')].find((one) => / leads?$/.test(one.textContent)).textContent.replace(/\\D/g, ''))`

/** Resolves once it holds; the page's policy forbids Playwright's own way. */
const until = (holds: string): string => `new Promise((done) => {
  const look = () => (${holds}) ? done() : requestAnimationFrame(look);
  look();
})`

const acts: readonly Act[] = [
  {
    about: 'next row by the keyboard',
    before: (page, round) =>
      page.evaluate(
        `${clicked(`[data-row="${round % 10}"] [data-column="status"]`)}; ${focused(round % 10, 'status')}`,
      ),
    begin: () => pressed('ArrowDown'),
    seen: (round) => `document.activeElement.closest('[data-row="${(round % 10) + 1}"]') !== null`,
  },
  {
    about: 'select a row',
    begin: (round) => clicked(`[data-row="${round % 15}"] [data-column="mark"]`),
    seen: (round) =>
      `document.querySelector('[data-row="${round % 15}"]').getAttribute('aria-selected') === '${round % 30 < 15}'`,
  },
  {
    about: 'begin to edit a cell',
    before: (page, round) =>
      page.evaluate(`${clicked(`[data-row="${round % 10}"] [data-column="email"]`)}; ${focused(round % 10, 'email')}`),
    begin: () => pressed('Enter'),
    seen: () => `document.querySelector('[data-editing=true] input') !== null`,
  },
  {
    about: 'leave it again',
    before: async (page, round) => {
      await page.evaluate(
        `${clicked(`[data-row="${round % 10}"] [data-column="email"]`)}; ${focused(round % 10, 'email')}; ${pressed('Enter')}`,
      )
      await page.waitForSelector('[data-editing=true] input')
    },
    begin: () => pressed('Escape'),
    seen: () => `document.querySelector('[data-editing=true]') === null`,
  },
  {
    about: 'scroll by one screen',
    begin: () => `${grid}.scrollTop += 600`,
    seen: () => `(() => {
      const top = ${grid}.getBoundingClientRect().top + 60
      return [...document.querySelectorAll('[role=row]')].some((row) => Math.abs(row.getBoundingClientRect().top - top) < 40)
    })()`,
  },
  {
    about: 'jump to a far row',
    begin: (round) => `${grid}.scrollTop = ${Math.floor(((round + 1) / (rounds + 2)) * leads) * 34}`,
    seen: (round) =>
      `document.querySelector('[data-row="${Math.floor(((round + 1) / (rounds + 2)) * leads) + 3}"] a') !== null`,
  },
  {
    about: 'search as one types, its 120 ms of rest included',
    before: async (page) => {
      await page.evaluate(typed(''))
      await page.evaluate(until(`${total} === ${leads}`))
    },
    begin: (round) => typed(`contact${round * 37}@`),
    seen: () => `${total} < ${leads} && document.querySelector('[data-waiting=true]') === null`,
  },
]

async function measure(page: Page, act: Act, round: number): Promise<number> {
  await act.before?.(page, round)
  await page.evaluate('new Promise((rested) => requestAnimationFrame(() => setTimeout(rested, 60)))')
  // From the act to the frame that shows it: what is seen in one frame is painted before the next begins.
  return page.evaluate<number>(`new Promise((measured) => {
    const begun = performance.now();
    const look = () => (${act.seen(round)})
      ? requestAnimationFrame(() => measured(performance.now() - begun))
      : requestAnimationFrame(look);
    ${act.begin(round)};
    look();
  })`)
}

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((one, other) => one - other)
const median = (numbers: readonly number[]): number => sorted(numbers)[Math.floor(numbers.length / 2)] ?? Number.NaN

async function serve(directory: string) {
  const child = spawn(process.execPath, ['bin/waggle.js', 'serve', '--port', '0', '--data', directory], { cwd: root })
  let out = ''
  const origin = await new Promise<string>((found, failed) => {
    const read = (text: Buffer): void => {
      out += text.toString()
      const at = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0]
      if (at !== undefined) found(at)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${out}`)))
  })
  return { origin, child }
}

const executablePath = installedChromium()
if (executablePath === undefined) throw new Error('there is no Chromium on this machine')
const directory = mkdtempSync(join(tmpdir(), 'waggle-console-speed-'))
await seed(directory, leads)
const { origin, child } = await serve(directory)
const browser = await chromium.launch({ executablePath, args: flags })
try {
  // The key stands in for a session: what is measured begins behind the sign-in.
  const context = await browser.newContext({
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(`${origin}/console/leads`)
  await page.waitForSelector('[data-row="5"] a', { timeout: 120_000 })
  const opened: number[] = []
  for (let round = 0; round < 5; round += 1) {
    await page.reload()
    await page.waitForSelector('[data-row="5"] a')
    opened.push(await page.evaluate<number>('performance.now()'))
  }
  const rows: [about: string, middle: number, slowest: number][] = [
    ['open the page', median(opened), Math.max(...opened)],
  ]
  for (const act of acts) {
    await measure(page, act, 0)
    const times: number[] = []
    for (let round = 1; round <= rounds; round += 1) times.push(await measure(page, act, round))
    rows.push([act.about, median(times), Math.max(...times)])
  }
  console.log(`${leads.toLocaleString('en')} leads, ${rounds} rounds, ms: median, slowest`)
  for (const [about, middle, slowest] of rows)
    console.log(`${about.padEnd(52)}${middle.toFixed(0).padStart(6)}${slowest.toFixed(0).padStart(8)}`)
} finally {
  await browser.close()
  child.kill()
  rmSync(directory, { recursive: true, force: true })
}
