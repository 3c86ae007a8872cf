import type { Load } from './messages.ts'

interface Span {
  /** `performance.now()` when it began. */
  readonly begun: number
  readonly cpuBefore: NodeJS.CpuUsage
  readonly generatorLoopMaxMs: number
}

/** A round that ends now, of which all answers were good. */
export function loadOf(latenciesMs: readonly number[], { begun, cpuBefore, generatorLoopMaxMs }: Span): Load {
  const elapsedMs = performance.now() - begun
  const { user, system } = process.cpuUsage(cpuBefore)
  const sorted = Float64Array.from(latenciesMs).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return {
    answers: sorted.length,
    others: {},
    firstOther: undefined,
    seconds: elapsedMs / 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    generatorShare: (user + system) / 1000 / elapsedMs,
    generatorLoopMaxMs,
  }
}
