import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import type { Io } from '../../../src/commands/command.ts'
import { doctorCommand } from '../../../src/commands/doctor.ts'
import { webhookCommands } from '../../../src/commands/webhook.ts'
import { ConfigError } from '../../../src/kernel/config.ts'
import { fillWithSample } from '../../../src/sample/workspace.ts'
import type { Finding } from '../../../src/storage/looking/finding.ts'
import { openDatabase } from '../../../src/storage/open.ts'
import { startCluster, withClient } from '../../postgres/cluster.ts'

/** Runs a command of ours in this process. */
async function ran(run: (io: Io) => Promise<void>, env: Record<string, string> = {}) {
  let out = ''
  const io: Io = {
    env,
    terminal: false,
    out: (text) => {
      out += text
    },
    data: (text) => {
      out += text
      return true
    },
    input: async () => '',
    onStop: () => {},
    abort: () => {},
  }
  try {
    await run(io)
    return { out, refused: undefined }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { out, refused: error.message }
  }
}

export interface Looked {
  readonly findings: readonly Finding[]
  readonly refused: string | undefined
}

/** What the doctor finds. */
export async function lookAt(args: readonly string[], env: Record<string, string> = {}): Promise<Looked> {
  const { out, refused } = await ran((io) => doctorCommand.run([...args, '--json'], io), env)
  return { findings: JSON.parse(out).findings, refused }
}

/** An installation of one test, which it may break. */
export interface Patient {
  /** Its flags. */
  readonly args: readonly string[]
  readonly directory: string
  query(sql: string): Promise<void>
}

export interface Ward {
  /** A copy of the sample, with an endpoint that has all behind it, and two users more who may administer. */
  admit(): Promise<Patient>
  close(): Promise<void>
}

const addEndpoint = webhookCommands.find(({ name }) => name === 'webhook add')

async function fill(directory: string, url?: string): Promise<void> {
  const database = await openDatabase({ directory, url })
  await fillWithSample(database, Date.now())
  await database.close()
  const at = url === undefined ? [] : ['--database-url', url]
  for (const companyId of ['3', '4']) {
    const args = ['https://hooks.example/waggle', '--data', directory, '--company', companyId, ...at]
    await ran(async (io) => addEndpoint?.run(args, io))
  }
}

/** A second person of each company may administer. */
const secondAdmins =
  "UPDATE users SET role = 'admin' WHERE id IN (SELECT max(id) FROM users WHERE role <> 'admin' GROUP BY company_id)"

export async function embeddedWard(): Promise<Ward> {
  const template = mkdtempSync(join(tmpdir(), 'waggle-ward-'))
  await fill(template)
  const file = join(template, 'waggle.db')
  chmodSync(file, 0o600) // as the program's own mask has it
  const db = new DatabaseSync(file)
  db.exec(secondAdmins)
  db.close()
  return {
    admit: async () => {
      const directory = mkdtempSync(join(tmpdir(), 'waggle-patient-'))
      onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
      cpSync(template, directory, { recursive: true })
      const query = async (sql: string): Promise<void> => {
        const broken = new DatabaseSync(join(directory, 'waggle.db'))
        broken.exec(sql)
        broken.close()
      }
      return { args: ['--data', directory], directory, query }
    },
    close: async () => rmSync(template, { recursive: true, force: true }),
  }
}

/** A server that syncs, as one of a real installation does. */
export async function postgresWard(): Promise<Ward> {
  const cluster = await startCluster({ durable: true })
  const template = mkdtempSync(join(tmpdir(), 'waggle-ward-'))
  await cluster.create('template')
  await fill(template, cluster.url('template'))
  await cluster.query(secondAdmins, 'template')
  let admitted = 0
  return {
    admit: async () => {
      admitted += 1
      const name = `patient_${admitted}`
      await cluster.query(`CREATE DATABASE ${name} TEMPLATE template`)
      const directory = mkdtempSync(join(tmpdir(), 'waggle-patient-'))
      onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
      cpSync(template, directory, { recursive: true })
      const url = cluster.url(name)
      const query = (sql: string) => withClient(url, async (client) => void (await client.query(sql)))
      return { args: ['--data', directory, '--database-url', url], directory, query }
    },
    close: async () => {
      await cluster.stop()
      rmSync(template, { recursive: true, force: true })
    },
  }
}
