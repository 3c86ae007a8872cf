import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { version } from '../../src/version.ts'
import { temporaryDirectory } from '../crash/server.ts'
import { startCluster } from '../postgres/cluster.ts'
import { findPrograms } from '../postgres/programs.ts'
import { type DatabaseKind, folderOf } from './kept.ts'
import { type Begun, live } from './life.ts'

/**
 * Keeps data as this version makes it, for each database, so that later versions can be tried on it. It is run once, when
 * the version is released: `npm run upgrades`.
 */
const root = resolve(import.meta.dirname, '../..')
const email = 'eva@our.example'
/** A dump of the oldest PostgreSQL that Waggle runs on is read by all of them. */
const oldestPostgres = 15

function begin(kind: DatabaseKind, at: string, vaultKey: string | null): Begun {
  const place = kind === 'embedded' ? ['--data', at] : ['--database-url', at]
  const words = [join(root, 'bin/waggle.js'), 'init', ...place, '--email', email, '--company', 'Ours']
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  })
  const key = /wgl_\w+/.exec(stdout)?.[0]
  if (key === undefined) throw new Error(`waggle init: ${stdout}${stderr}`)
  return { at, key, email, vaultKey }
}

async function keep(kind: DatabaseKind, begun: Begun, copy: (folder: string) => void): Promise<void> {
  const { kept, answers } = await live(begun)
  const folder = folderOf(version, kind)
  mkdirSync(folder, { recursive: true })
  copy(folder)
  const lines = [kept, ...answers].map((line) => JSON.stringify(line))
  writeFileSync(join(folder, 'answers.jsonl'), `${lines.join('\n')}\n`)
  console.log(`${folder} holds ${answers.length} answers.`)
}

async function keepEmbedded(): Promise<void> {
  const directory = temporaryDirectory()
  await keep('embedded', begin('embedded', directory.path, null), (folder) => {
    for (const name of ['waggle.db', 'auth.db']) {
      const source = new DatabaseSync(join(directory.path, name))
      source.prepare('VACUUM INTO ?').run(join(folder, name))
      source.close()
    }
    copyFileSync(join(directory.path, 'secret.key'), join(folder, 'secret.key'))
  })
  directory.remove()
}

async function keepPostgres(): Promise<void> {
  const programs = findPrograms()
  const dump = join(programs.bin, 'pg_dump')
  if (Number.parseInt(programs.version, 10) !== oldestPostgres || !existsSync(dump)) {
    throw new Error(
      `PostgreSQL ${oldestPostgres} with pg_dump is needed; ${programs.bin} is ${programs.version}. ` +
        'WAGGLE_TEST_POSTGRES may name the directory of its programs.',
    )
  }
  const cluster = await startCluster({ programs })
  await cluster.create('kept')
  const url = cluster.url('kept')
  await keep('postgres', begin('postgres', url, '07'.repeat(32)), (folder) => {
    const words = ['--inserts', '--no-owner', '--no-privileges', '--no-comments', url]
    const { status, stdout, stderr } = spawnSync(dump, words, { encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (status !== 0) throw new Error(`pg_dump: ${stderr}`)
    // Lines that only psql understands, and its remarks.
    writeFileSync(join(folder, 'database.sql'), stdout.replaceAll(/^(?:\\|--).*\n/gm, '').replaceAll(/\n{2,}/g, '\n'))
  })
  await cluster.stop()
}

const folder = join(import.meta.dirname, version)
if (existsSync(folder)) {
  throw new Error(
    `${folder} is there already. What a released version has left stays; remove it if ${version} was not released.`,
  )
}
await keepEmbedded()
await keepPostgres()
