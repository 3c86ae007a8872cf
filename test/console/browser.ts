import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import axe from 'axe-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, describe, onTestFinished } from 'vitest'
import { type Client, createClient } from '../../sdk/index.ts'
import { sampleKeys } from '../../src/sample/workspace.ts'
import { flags } from './browser-flags.ts'
import { findChromium } from './chromium.ts'

const root = resolve(import.meta.dirname, '../..')
const executablePath = findChromium()

/** As `describe`, for what only a browser shows; `npm test` tells when there is none. */
export const describeInBrowser = describe.skipIf(executablePath === undefined)

export interface Console {
  /** Where the server listens. */
  readonly origin: string
  /** The server's data. */
  readonly directory: string
  /** What the server has printed so far. */
  readonly printed: () => string
  /** With the sample's key that may do everything but administer. */
  readonly api: Client
  /** With the sample's admin key. */
  readonly admin: Client
  /** A browser's window of its own, signed in as the demo user of the sample. */
  signedIn(options?: BrowserContextOptions): Promise<Page>
  /** A browser's window of its own, without a session. */
  stranger(options?: BrowserContextOptions): Promise<Page>
}

/**
 * A server with the sample workspace and a browser, for all tests of a file; both end after the last.
 *
 * @param given further arguments of `waggle serve`
 */
export function useConsole(given: readonly string[] = ['--sample']): () => Promise<Console> {
  let begun: Promise<Console & { close(): Promise<void> }> | undefined
  afterAll(async () => (await begun)?.close())
  return () => {
    begun ??= begin(given)
    return begun
  }
}

async function begin(given: readonly string[]): Promise<Console & { close(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-console-'))
  const { origin, child, printed } = await serve(directory, given)
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: flags })
  const stranger = async (options: BrowserContextOptions = {}): Promise<Page> =>
    (await open(browser, origin, options)).page
  return {
    origin,
    directory,
    printed,
    api: createClient({ baseUrl: origin, key: sampleKeys.readWrite }),
    admin: createClient({ baseUrl: origin, key: sampleKeys.admin }),
    stranger,
    signedIn: async (options = {}) => {
      const { context, page } = await open(browser, origin, options)
      await signIn(context, origin)
      return page
    },
    close: async () => {
      await browser.close()
      const ended = new Promise((over) => child.once('exit', over))
      child.kill()
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function open(browser: Browser, origin: string, options: BrowserContextOptions) {
  const context = await browser.newContext({
    baseURL: `${origin}/console/`,
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    ...options,
  })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return { context, page }
}

/** Through the API, as the page for it has a test of its own. The context keeps the cookie. */
async function signIn(context: BrowserContext, origin: string): Promise<void> {
  const state = await (await context.request.get(`${origin}/api/console/state`)).json()
  const headers = { origin, 'content-type': 'application/json' }
  const reply = await context.request.post(`${origin}/api/console/sign-in`, { headers, data: state.sample_sign_in })
  if (!reply.ok()) throw new Error(`sign-in was refused: ${await reply.text()}`)
}

async function serve(
  directory: string,
  given: readonly string[],
): Promise<{ origin: string; child: ChildProcess; printed: () => string }> {
  const port = given.includes('--port') ? [] : ['--port', '0']
  const args = ['bin/waggle.js', 'serve', ...port, '--data', directory, ...given]
  // A server takes every name of ours for a setting, also those of the tests.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WAGGLE_')))
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  const origin = await new Promise<string>((found, failed) => {
    const read = (text: string): void => {
      out += text
      const at = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0]
      if (at !== undefined) found(at)
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read)
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${out}`)))
  })
  return { origin, child, printed: () => out }
}

/**
 * What axe finds wrong on a page by WCAG 2.2 A and AA and its own good practice, a line each; nothing may be.
 *
 * The page's policy lets no script in, so axe comes through the debugger.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(`
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' — ' + failureSummary)))
  `)
}
