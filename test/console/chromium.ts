import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Says which program shows pages; for machines where none is found. */
const chromiumVariable = 'WAGGLE_CHROMIUM'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The Chromium of this machine; undefined when there is none. */
export function findChromium(): string | undefined {
  const given = process.env[chromiumVariable]
  if (given !== undefined) return existsSync(given) ? given : undefined
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
}

/**
 * The Chromium of this machine, installed from Debian's packages where that is possible and it is missing.
 *
 * @returns undefined when there is none and it could not be installed
 */
export function installedChromium(): string | undefined {
  const found = findChromium()
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (found !== undefined || !mayInstall || process.env[chromiumVariable] !== undefined) return found
  console.log('Chromium is missing on this machine: installing it with apt-get.')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const command of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const { status, stderr } = spawnSync('apt-get', ['-qq', ...command], { encoding: 'utf8', env })
    if (status !== 0) {
      console.log(`apt-get ${command[0]} failed: ${stderr.trim()}`)
      return undefined
    }
  }
  return findChromium()
}
