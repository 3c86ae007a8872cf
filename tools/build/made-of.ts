import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** In the folder of a build: what it was made of, and what came of it. */
const markName = '.made-of'

interface Made {
  readonly root: string
  /** Files and folders, from the root; of folders, what is made in a `dist` does not count. */
  readonly inputs: readonly string[]
  /** The folder of the build. Building must empty it first, so that a build which broke off has no mark. */
  readonly out: string
}

/** Whether what stands in the folder was made of the files as they are now, and has not been changed since. */
export function isUpToDate(made: Made): boolean {
  const mark = join(made.out, markName)
  return existsSync(mark) && readFileSync(mark, 'utf8') === digestsOf(made)
}

/** Notes after a build what it was made of. */
export function markUpToDate(made: Made): void {
  writeFileSync(join(made.out, markName), digestsOf(made))
}

const digestsOf = ({ root, inputs, out }: Made): string =>
  JSON.stringify({
    node: process.version,
    of: digestOf(
      root,
      inputs.flatMap((name) => filesOf(join(root, name))),
    ),
    made: digestOf(
      root,
      filesOf(out).filter((path) => path !== join(out, markName)),
    ),
  })

function filesOf(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !relative(path, one.parentPath).split(sep).includes('dist'))
    .map((one) => join(one.parentPath, one.name))
    .sort()
}

/** Of names and contents. */
function digestOf(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) {
    const bytes = readFileSync(path)
    hash.update(`${relative(root, path)}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}
