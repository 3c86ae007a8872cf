import { systemClock } from '../kernel/clock.ts'
import { ConfigError, variableOf } from '../kernel/config.ts'
import { move, undoMove } from '../storage/moving/move.ts'
import type { Digests } from '../storage/moving/reading.ts'
import { openMovable } from '../storage/open.ts'
import { makeAccounts } from './accounts.ts'
import { type Arguments, readArguments } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { brokenOff, Shower } from './progress.ts'
import { digestTable } from './table.ts'

const place = 'directory|postgres://…'
const flags = {
  from: { value: place, about: 'Where the data is.' },
  to: { value: place, about: 'Where it goes: an empty directory, or an empty database.' },
  'keep-source': { about: 'Leave the source usable. Then there are two, and each goes its own way.' },
  undo: { about: 'Make a source usable again whose data has moved, as it was then. Needs --from alone.' },
}

export const moveCommand: Command = {
  name: 'move',
  about: 'Move everything from one database to another, such as to PostgreSQL or back, while no server runs.',
  examples: ['waggle move --from ./data --to postgres://waggle@db.example/waggle', 'waggle move --undo --from ./data'],
  words: '',
  flags,
  run: async (argv, io) => {
    const given = readArguments(argv, flags, 0)
    const from = placeIn(given, 'from')
    if (given.has('undo')) return undo(from, given, io)
    const to = placeIn(given, 'to')
    const source = await openMovable(from, { mustExist: true })
    try {
      const target = await openMovable(to, { mustExist: false, besides: source })
      try {
        const shower = new Shower(io)
        const digests = await move(source, target, {
          command: 'move',
          keepSource: given.has('keep-source'),
          now: systemClock.now(),
          ...shower.watched,
          onResume: (resume) =>
            io.out(
              resume === 'goes on'
                ? 'The move that was begun before goes on where it stopped.\n'
                : `${source.shown} has changed since the move was begun, so it begins anew.\n`,
            ),
          makeAccounts: () => makeAccounts(to),
        })
        shower.end()
        io.out(closing(digests, given, { from: source.shown, to: target.shown }))
      } finally {
        await target.close()
      }
    } catch (error) {
      throw inWords(error)
    } finally {
      await source.close()
    }
  },
}

async function undo(from: Place, given: Arguments, io: Io): Promise<void> {
  if (given.text('to') !== undefined) throw new ConfigError('--undo needs --from alone: nothing is moved by it.')
  const source = await openMovable(from, { mustExist: true })
  try {
    await undoMove(source)
  } finally {
    await source.close()
  }
  io.out(`${source.shown} can be used again, as it was when it moved.\n`)
}

interface Place {
  readonly directory: string
  readonly url: string
}

function placeIn(given: Arguments, flag: 'from' | 'to'): Place {
  const text = given.text(flag)
  if (text === undefined || text === '') {
    throw new ConfigError(`Say where with --from and --to: each a directory, or the address of a PostgreSQL database.`)
  }
  return /^postgres(ql)?:\/\//.test(text) ? { directory: '', url: text } : { directory: text, url: '' }
}

const inWords = (error: unknown): unknown =>
  brokenOff(error, {
    stopped: 'Stopped. The same command goes on where this one stopped.',
    failed: (reason) => `The move was broken off: ${reason}. The same command goes on where this one stopped.`,
  })

function closing(digests: Digests, given: Arguments, { from, to }: { from: string; to: string }): string {
  const table = digestTable(digests, 'digest, on both sides')
  const source = given.has('keep-source')
    ? `${from} is as it was. What is changed there from now on does not come to ${to}.`
    : `${from} serves nobody from now on; keep it until you trust the new place.`
  return (
    `\n${table}\nEverything that ${from} held was read back from ${to}, and is the same.\n${source}\n` +
    `Secrets of webhooks stay sealed with the same key: let the new servers have the file secret.key in their ` +
    `--data directory, or set ${variableOf('secretKey')}.\n`
  )
}
