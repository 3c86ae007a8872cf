import type { Measured } from '../goals.ts'
import { median, mostMegabytes, rate, ratioOf, rounded, textTable } from '../report.ts'
import type { Round } from '../rounds.ts'
import type { Peer } from './peer.ts'

export type RoundsOf = Readonly<Record<'waggle' | Peer['name'], Round[]>>

/** What ours is to a peer, in each round. */
const ratios = (ours: readonly Round[], theirs: readonly Round[]): number[] =>
  ours.map((round, at) => rounded(rate(round) / rate(theirs[at] ?? round), 1))

const p99Ratio = (ours: readonly Round[], theirs: readonly Round[]): number =>
  rounded(median(ours.map(({ p99Ms }, at) => p99Ms / (theirs[at]?.p99Ms ?? Number.NaN))), 3)

/** The most that was resident; a peer's since its warm-up began, ours since its start. */
const residentRatio = (ours: readonly Round[], theirs: readonly Round[]): number =>
  rounded(mostMegabytes(ours) / mostMegabytes(theirs), 2)

export const measuredOf = ({ waggle, directus, strapi }: RoundsOf): Measured<'peers'> => ({
  toDirectus: ratioOf(waggle, directus),
  toStrapi: ratioOf(waggle, strapi),
  p99ToDirectus: p99Ratio(waggle, directus),
  p99ToStrapi: p99Ratio(waggle, strapi),
  residentToDirectus: residentRatio(waggle, directus),
  residentToStrapi: residentRatio(waggle, strapi),
})

/** A server's figures: each round's where rounds differ much, and medians. */
export interface PeerRow {
  readonly title: string
  readonly requestsPerSecond: readonly number[]
  /** Ours to it in each round; null for ours. */
  readonly oursTimes: readonly number[] | null
  readonly p50Ms: number
  readonly p99Ms: readonly number[]
  readonly cpuMicrosPerRequest: number
  readonly residentMegabytes: number
  /** The load generator's share of one CPU, the highest of all rounds. */
  readonly generatorShare: number
}

export const rowOf = (title: string, rounds: readonly Round[], ours?: readonly Round[]): PeerRow => ({
  title,
  requestsPerSecond: rounds.map((round) => Math.round(rate(round))),
  oursTimes: ours === undefined ? null : ratios(ours, rounds),
  p50Ms: rounded(median(rounds.map(({ p50Ms }) => p50Ms)), 2),
  p99Ms: rounds.map(({ p99Ms }) => rounded(p99Ms, 1)),
  cpuMicrosPerRequest: Math.round(median(rounds.map(({ cpuMicros, answers }) => cpuMicros / answers))),
  residentMegabytes: mostMegabytes(rounds),
  generatorShare: rounded(Math.max(...rounds.map(({ generatorShare }) => generatorShare)), 2),
})

const columns: readonly [title: string, cell: (row: PeerRow) => string][] = [
  ['', ({ title }) => title],
  ['a second', ({ requestsPerSecond }) => requestsPerSecond.join(' ')],
  ['ours / it', ({ oursTimes }) => oursTimes?.join(' ') ?? '–'],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.join(' ')],
  ['CPU µs each', ({ cpuMicrosPerRequest }) => String(cpuMicrosPerRequest)],
  ['MB', ({ residentMegabytes }) => String(residentMegabytes)],
  ['load CPU', ({ generatorShare }) => `${Math.round(generatorShare * 100)} %`],
]

export const tableOf = (rows: readonly PeerRow[]): string =>
  textTable([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))])
