import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Block, isForShell, root } from './blocks.ts'

const path = process.env['PATH'] ?? ''

/**
 * What a reader has at hand, by the names that pages call it: the program of the checkout, its Node, and a curl that says
 * when it was refused. npm is here for what pages ask of it beside a checkout, and no more.
 */
const programs = {
  node: `exec "${process.execPath}" "$@"`,
  waggle: `exec "${process.execPath}" "${root}/bin/waggle.js" "$@"`,
  curl: `PATH="${path}" exec curl --silent --show-error --fail "$@"`,
  npm: [
    'case "$1 $2 $3" in',
    '  "run waggle --") shift 3; exec waggle "$@" ;;',
    '  "start --"*) shift 2; exec waggle serve --sample "$@" ;;',
    '  "start  ") exec waggle serve --sample ;;',
    '  *) echo "npm $* is nothing that this test can run" >&2; exit 64 ;;',
    'esac',
  ].join('\n'),
}

/** Ports that pages name, and what a reader may have there. */
const portsOfPages = [4000, 4001, 5000] as const

/** What does not end by itself, by its port: a reader has one at a time there. */
function portOf(text: string): string | undefined {
  if (/\breceiver\.(?:mjs|py)\b/.test(text)) return '5000'
  return /\bserve\b|\bnpm start\b/.test(text) ? (/--port (\d+)/.exec(text)?.[1] ?? '4000') : undefined
}
const begun = /listens on|listening on \d+/

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  readonly said: { out: string }
}

/** A folder, ports and programs for the blocks of one page; what is begun there ends with it. */
export class Place {
  /** What each shell has printed so far, in the order in which they were begun. */
  readonly #said: { out: string }[] = []
  readonly directory = mkdtempSync(join(tmpdir(), 'waggle-guide-'))
  readonly #ports: ReadonlyMap<number, number>
  readonly #stands: ReadonlyMap<string, string | RegExp>
  readonly #exported: string[] = []
  readonly #kept = new Map<string, Running>()

  /** @param stands what a page shows in the place of what a reader has: a text, or what was printed last that is such */
  static async make(stands: Readonly<Record<string, string | RegExp>> = {}): Promise<Place> {
    const ports = await Promise.all(portsOfPages.map(async (port) => [port, await freePort()] as const))
    return new Place(new Map(ports), new Map(Object.entries(stands)))
  }

  private constructor(ports: ReadonlyMap<number, number>, stands: ReadonlyMap<string, string | RegExp>) {
    this.#ports = ports
    this.#stands = stands
    for (const name of ['programs', 'home']) mkdirSync(join(this.directory, name))
    symlinkSync(join(root, 'docs'), join(this.directory, 'docs'))
    for (const [name, text] of Object.entries(programs)) {
      const file = join(this.directory, 'programs', name)
      writeFileSync(file, `#!/bin/sh\n${text}\n`)
      chmodSync(file, 0o755)
    }
  }

  get out(): string {
    return this.#said.map(({ out }) => out).join('\n')
  }

  /** Whether a shell has printed this; what others printed meanwhile does not stand in between. */
  hasPrinted(pattern: RegExp): boolean {
    return this.#said.some(({ out }) => pattern.test(out))
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), this.here(text))
  }

  /**
   * Runs a block as a reader would: pastes it into a shell, or keeps it as the file that its first line names.
   *
   * @throws Error it ended with a fault
   */
  async run(block: Block): Promise<void> {
    if (isForShell(block)) return this.shell(block.text)
    const file = /^(?:\/\/|#) ([\w-]+\.(?:mjs|py))\b/.exec(block.text)?.[1]
    if (file !== undefined) return this.write(file, block.text)
    const imports = /^import /m.test(block.text) ? '' : "import { createClient } from 'waggle-client'\n"
    this.write('block.mts', `${imports}${block.text}`.replaceAll("'waggle-client'", `'${root}/sdk/index.ts'`))
    return this.shell('node block.mts', /\bfollow\(\)/.test(block.text) ? /^\d+ lead_/m : undefined)
  }

  /** @param until it is stopped when it has printed this, which it does not do by itself */
  async shell(text: string, until = /\bcurl -N\b/.test(text) ? /^event: /m : undefined): Promise<void> {
    const port = portOf(text)
    await this.#stop(port)
    const running = this.#begin(text)
    const ready = port === undefined ? until : begun
    const isReady = new Promise<'ready'>((resolve) => {
      const look = (): void => {
        if (ready?.test(running.said.out)) resolve('ready')
      }
      for (const stream of [running.child.stdout, running.child.stderr]) stream?.on('data', look)
    })
    const code = await Promise.race([isReady, running.ended])
    if (code === 'ready') {
      if (port === undefined) await end(running)
      else this.#kept.set(port, running)
    } else if (code !== 0 || ready !== undefined) {
      throw new Error(`It ended with ${code}:\n${this.here(text)}\n${running.said.out}`)
    }
  }

  async close(): Promise<void> {
    for (const port of [...this.#kept.keys()].reverse()) await this.#stop(port)
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** A text with what is here in the place of what a page shows. */
  here(text: string): string {
    let here = text
    for (const [shown, stands] of this.#stands) {
      if (!here.includes(shown)) continue
      const found = typeof stands === 'string' ? stands : [...this.out.matchAll(stands)].at(-1)?.[0]
      if (found === undefined) throw new Error(`Nothing was printed that could stand for ${shown}.`)
      here = here.replaceAll(shown, found)
    }
    return here.replace(/(:|--port |PORT=|listening on )(\d{4})\b/g, (all, before: string, port: string) => {
      const other = this.#ports.get(Number(port))
      return other === undefined ? all : `${before}${other}`
    })
  }

  #begin(text: string): Running {
    const env = {
      PATH: `${join(this.directory, 'programs')}:${path}`,
      HOME: join(this.directory, 'home'),
      WAGGLE_PORT: String(this.#ports.get(4000)),
      PORT: String(this.#ports.get(5000)),
    }
    const here = this.here(text)
    const child = spawn('sh', ['-e', '-c', [...this.#exported, here].join('\n')], {
      cwd: this.directory,
      env,
      detached: true,
    })
    // A reader's terminal keeps them for the blocks to come.
    this.#exported.push(...(here.match(/^export .*$/gm) ?? []))
    const said = { out: '' }
    this.#said.push(said)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (printed: string) => {
        said.out += printed
      })
    }
    child.stdin.end()
    return { child, said, ended: new Promise((resolve) => child.on('close', resolve)) }
  }

  async #stop(port: string | undefined): Promise<void> {
    const running = port === undefined ? undefined : this.#kept.get(port)
    if (port === undefined || running === undefined) return
    this.#kept.delete(port)
    await end(running)
  }
}

/** Ends a shell with all that it has started, as Ctrl+C does. */
async function end({ child, ended }: Running): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    try {
      process.kill(-child.pid, 'SIGINT')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
  await ended
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
