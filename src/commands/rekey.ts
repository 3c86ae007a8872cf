import { randomBytes } from 'node:crypto'
import { ConfigError, eitherOf, variableOf } from '../kernel/config.ts'
import { counted } from '../kernel/shown.ts'
import { type Vault, vaultKeyBytes, vaultOf } from '../kernel/vault.ts'
import { DatabaseRefused, openDatabase, openMovable } from '../storage/open.ts'
import type { Database, Write } from '../storage/port.ts'
import { allSealed } from '../webhooks/sealed.ts'
import { readArguments } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { configOf, databaseSettings, placeOf, settingFlags } from './settings.ts'
import { bytesOf, keyFileOf, opened, opensProbe, openVault, replaceKey, sealedProbe, vaultProbe } from './vault.ts'

const flags = settingFlags([...databaseSettings, 'secretKey'])

export const rekeyCommand: Command = {
  name: 'rekey',
  about:
    'Seal all secrets with a new key, while no server runs. "-" reads the key from standard input; else one is made.',
  examples: ['waggle rekey', 'waggle rekey - < new.key'],
  words: '[-]',
  flags,
  run: async (argv, io) => {
    const given = readArguments(argv, flags, 1)
    const config = configOf(given, io)
    const file = keyFileOf(config)
    const key = await newKey(given.words[0], file, io)
    const held = await openMovable(placeOf(config), { mustExist: true })
    try {
      await held.refuseServers()
      const database = await openDatabase({ ...placeOf(config), listsInTurn: true })
      try {
        const writes = await sealedAnew(database, await openVault(database, config), vaultOf(key))
        await replaceKey(file, key, () => database.load(writes))
        io.out(closing(writes.length - 1, file))
      } finally {
        await database.close()
      }
    } finally {
      await held.close()
    }
  },
}

async function newKey(word: string | undefined, file: string | undefined, io: Io): Promise<Uint8Array> {
  if (word === '-') return bytesOf((await io.input()).trim(), 'Standard input')
  if (word !== undefined) {
    throw new ConfigError('A key is not given in words, which others may read: waggle rekey - < new.key')
  }
  if (file !== undefined) return randomBytes(vaultKeyBytes)
  throw new ConfigError(
    `The key comes from ${eitherOf('secretKey')}, so that the new one must be yours to keep: ` +
      'openssl rand -hex 32 > new.key, then waggle rekey - < new.key',
  )
}

/** What is sealed, and the probe, under another key. */
async function sealedAnew(database: Database, old: Vault, next: Vault): Promise<Write[]> {
  const probe = await database.read('meta', { name: vaultProbe.name })
  if (probe !== undefined && opensProbe(next, probe.value)) {
    throw new ConfigError('The new key is the one that the secrets are sealed with.')
  }
  const writes: Write[] = []
  for (const { of, bytes, about, isUsed, write } of await allSealed(database)) {
    const text = opened(old, bytes, about)
    if (text !== undefined) writes.push(write(next.seal(text, about)))
    else if (isUsed) throw new DatabaseRefused(`${of} does not open. See what to do with: waggle doctor`)
  }
  const value = sealedProbe(next)
  return [...writes, { kind: 'update', table: 'meta', key: { name: vaultProbe.name }, set: { value } }]
}

const closing = (secrets: number, file: string | undefined): string =>
  `${counted(secrets, 'secret')} of webhooks and integrations ${secrets === 1 ? 'is' : 'are'} sealed with the new key. ` +
  (file === undefined
    ? `Set ${variableOf('secretKey')} to it before a server begins: the old one opens nothing here any more.\n`
    : `It is in ${file}; servers on other machines need a copy of it.\n`) +
  'Who was signed in signs in anew. Backups from before open with the old key alone: keep it as long as you keep them.\n'
