import { closeSync, fdatasyncSync, fstatSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { shownBytes } from '../../kernel/shown.ts'
import { type Finding, findingsOf } from '../../storage/looking/finding.ts'

const room = findingsOf('disk')
const sync = findingsOf('sync')
const kind = findingsOf('file system')
const clocks = findingsOf('clock')

/** Syncs of a scratch file; the middle one counts. */
const triesMax = 21
const blockBytes = 4_096
/** A sync that takes longer makes every change slow, in ms. */
const slowMs = 50
/** Below this many bytes the next checkpoint or copy may fail. */
const freeBytesMin = 67_108_864
/** By which clocks may differ, in ms. */
const clockMsMax = 5_000

export interface DiskFacts {
  /** Of the file system, as statfs(2) numbers them. */
  readonly type: number
  readonly freeBytes: number
  /** How long it took to write 4 KiB and sync them, the middle of many, in ms. */
  readonly syncMs: number
  /** The file system's clock less this machine's, in ms. */
  readonly clockMs: number
}

/**
 * Tries a disk, with a scratch file that is removed again.
 *
 * @throws Error the disk refuses a file, or a sync
 */
export function tryDisk(directory: string, clock: Clock): DiskFacts {
  const { type, bavail, bsize } = statfsSync(directory)
  const path = join(directory, `.doctor-${process.pid}`)
  const file = openSync(path, 'wx', 0o600)
  try {
    const block = new Uint8Array(blockBytes)
    const spans: number[] = []
    for (let count = 0; count < triesMax; count += 1) {
      const begun = clock.elapsed()
      writeSync(file, block)
      fdatasyncSync(file)
      spans.push(clock.elapsed() - begun)
    }
    spans.sort((one, other) => one - other)
    const clockMs = fstatSync(file).mtimeMs - clock.now()
    return { type, freeBytes: bavail * bsize, syncMs: spans[Math.floor(triesMax / 2)] ?? 0, clockMs }
  } finally {
    closeSync(file)
    rmSync(path, { force: true })
  }
}

/** File systems that keep nothing, or on which locks and syncs cannot be trusted (statfs(2)). */
const fileSystems: readonly {
  readonly type: number
  readonly name: string
  readonly why: string
  readonly advice: string
}[] = [
  {
    type: 0x01021994,
    name: 'tmpfs',
    why: 'is memory: all is lost with the machine',
    advice: 'Choose a directory on a disk.',
  },
  {
    type: 0x794c7630,
    name: 'overlayfs',
    why: 'goes with its container',
    advice: 'Mount a volume there, such as: docker run --volume waggle:/data',
  },
  ...[
    { type: 0x6969, name: 'NFS' },
    { type: 0xff534d42, name: 'CIFS' },
    { type: 0xfe534d42, name: 'SMB' },
    { type: 0x01021997, name: '9p' },
  ].map((one) => ({
    ...one,
    why: 'is of another machine, where locks and syncs may not hold',
    advice: 'Choose a directory on a disk of this machine, or PostgreSQL.',
  })),
]

/** @param bytes what the database takes, its log included; undefined when it is on another machine */
export function diskFindings(facts: DiskFacts, bytes: number | undefined): Finding[] {
  const found = [...ofKind(facts, bytes), ofClock(facts)]
  if (bytes === undefined) return found
  return [...found, ofRoom(facts.freeBytes, bytes), ofSync(facts.syncMs)]
}

function ofKind({ type }: DiskFacts, bytes: number | undefined): Finding[] {
  const bad = fileSystems.find((one) => one.type === type)
  if (bad === undefined || bytes === undefined) return []
  return [kind.warning(`The data lies on ${bad.name}, which ${bad.why}.`, bad.advice)]
}

function ofRoom(free: number, bytes: number): Finding {
  const says = `${shownBytes(free)} of the disk are free; the database takes ${shownBytes(bytes)}.`
  if (free < freeBytesMin) return room.fault(says, 'Make room now: changes will be refused with 503.')
  if (free < bytes) {
    return room.warning(says, 'Make room: neither a backup nor an upgrade, which makes a copy first, would fit.')
  }
  return room.ok(says)
}

function ofSync(ms: number): Finding {
  const says = `A sync of 4 KiB takes ${ms < 10 ? ms.toFixed(2) : Math.round(ms)} ms.`
  if (ms > slowMs)
    return sync.warning(says, 'Every commit waits for one: choose a faster disk, or look what else uses this one.')
  return sync.ok(says)
}

function ofClock({ clockMs }: DiskFacts): Finding {
  if (Math.abs(clockMs) < clockMsMax) return clocks.ok("The file system's clock is this machine's.")
  const seconds = Math.round(Math.abs(clockMs) / 1000)
  return clocks.warning(
    `The file system's clock is ${seconds} s ${clockMs > 0 ? 'before' : 'behind'} this machine's.`,
    'Let one time service keep both.',
  )
}

export const diskRefused = (directory: string, error: unknown): Finding =>
  sync.fault(
    `No file can be written and synced in ${directory}: ${error instanceof Error ? error.message : String(error)}.`,
    'Run this as the user of the server, and look whether the disk is full or read-only.',
  )
