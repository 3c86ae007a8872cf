import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** A block of a page: between fences, or indented. */
export interface Block {
  /** Of the page, from the root. */
  readonly page: string
  /** Where its first line stands, from 1. */
  readonly line: number
  /** What stands behind the fence; empty for an indented block, or where nothing stands there. */
  readonly language: string
  readonly text: string
  /** The heading that it stands under. */
  readonly heading: string
}

/** Pages for people, that is all but what is generated. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'deploy/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md') && name !== 'configuration.md')
    .map((name) => `docs/${name}`),
]

export const textOfPage = (page: string): string => readFileSync(join(root, page), 'utf8')

/** The blocks of a page, in their order. */
export function blocksOf(page: string, text = textOfPage(page)): Block[] {
  const blocks: Block[] = []
  let heading = ''
  let open: { fence: string; indent: number; language: string; line: number; lines: string[] } | undefined
  let before = ''
  for (const [at, line] of text.split('\n').entries()) {
    const shown = line.trimStart()
    if (open !== undefined) {
      const ends = open.fence === '' ? !line.startsWith('    ') : shown === open.fence
      if (!ends) open.lines.push(line.slice(open.indent))
      else {
        blocks.push({ page, line: open.line, language: open.language, text: `${open.lines.join('\n')}\n`, heading })
        open = undefined
      }
      if (!ends || shown.startsWith('```')) continue
    }
    const fence = /^(`{3,})(\w*)$/.exec(shown)
    if (fence !== null)
      open = { fence: fence[1] ?? '', indent: line.indexOf('`'), language: fence[2] ?? '', line: at + 2, lines: [] }
    else if (/^ {4}\S/.test(line) && before === '')
      open = { fence: '', indent: 4, language: '', line: at + 1, lines: [line.slice(4)] }
    else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '')
    before = line
  }
  return blocks
}

const programs =
  'waggle|waggle-server|npm|npx|node|curl|docker|python3|sh|sudo|systemctl|createdb|psql|apt-get|export|git|tar|cp|rm'
const isCommandLine = new RegExp(`^(\\$ )?(?:[A-Z_]+=\\S+ )*(?:${programs})\\b`)

/** Whether a block is for a shell: it says so, or one of its lines begins with a program. */
export const isForShell = ({ language, text }: Block): boolean =>
  language === 'sh' || (language === '' && text.split('\n').some((line) => isCommandLine.test(line)))

/** Whether a reader may run a block. */
export const isForRunning = (block: Block): boolean =>
  isForShell(block) || ['ts', 'js', 'mjs', 'python', 'bash', 'sql'].includes(block.language)
