import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../src/app.ts'
import type { Operation } from '../src/contract/operation.ts'
import { openapiOf } from '../src/http/openapi.ts'
import { configFrom, flagOf, settingNames, settings, shownDefault, variableOf } from '../src/kernel/config.ts'
import { vaultKeyBytes, vaultOf } from '../src/kernel/vault.ts'
import { Accounts } from '../src/sign-in/accounts.ts'
import { openAccounts } from '../src/storage/accounts.ts'
import { openDatabase } from '../src/storage/open.ts'
import { version } from '../src/version.ts'
import type { Sender } from '../src/webhooks/sending.ts'
import { accessPage } from './access.ts'

/** Nothing is sent while documents are written. */
const sender: Sender = {
  send: async () => ({ status: undefined, retryAfter: undefined, answer: '', error: 'nothing is sent', ms: 0 }),
  close: async () => {},
}

/** Every operation that is served. */
async function servedOperations(): Promise<readonly Operation[]> {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-docs-'))
  const database = await openDatabase({ directory })
  const server = createApp({
    config: configFrom({}, {}),
    database,
    vault: vaultOf(new Uint8Array(vaultKeyBytes)),
    accounts: new Accounts(() => openAccounts({ directory }), ''),
    sender,
    dispatch: false,
    log: () => {},
    onBackgroundError: () => {},
  })
  await server.close()
  await database.close()
  rmSync(directory, { recursive: true })
  return server.operations
}

const configuration = (): string => `# Configuration

Each setting is a flag of \`waggle serve\` and a variable; the flag wins. An unknown flag or \`WAGGLE_*\` variable is
refused with the nearest name. This page is made from \`src/kernel/config.ts\` by \`npm run docs\`.

| flag | variable | default | what it sets | value |
|---|---|---|---|---|
${settingNames
  .map((name) => {
    const { about, form } = settings[name]
    return `| \`${flagOf(name)}\` | \`${variableOf(name)}\` | \`${shownDefault(name)}\` | ${about} | ${form} |`
  })
  .join('\n')}

\`waggle serve --sample\` fills an empty database with a sample workspace. Its keys are published, so it listens on
loopback only, unless \`--sample-public\` is said too. With \`--sample-if-empty\` a database of your own is served in
place of the sample; \`waggle-server\` without a command does so.
`

// Writes the documents that are made from code; with `--check` only says whether they are as the code is.
const operations = await servedOperations()
const checking = process.argv.includes('--check')
for (const [name, text] of [
  ['openapi.json', `${JSON.stringify(openapiOf(operations, version), null, 2)}\n`],
  ['access.md', accessPage(operations)],
  ['configuration.md', configuration()],
] as const) {
  const file = join(import.meta.dirname, name)
  if (!checking) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`docs/${name} is not as the code is. Run: npm run docs`)
    process.exitCode = 1
  }
}
