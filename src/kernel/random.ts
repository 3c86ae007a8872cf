import { randomFillSync } from 'node:crypto'

/** Chance, given to whatever needs it, so that one seed replays a run. */
export interface Random {
  /** A uuid of version 7 (RFC 9562 §5.7): ordered by its time, the rest random. Lower case. */
  uuid(unixMs: number): string
  /** Uniform in [0, 1). */
  fraction(): number
}

const pool = new Uint8Array(4096)
let used = pool.length

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const at = (index: number): string => hex[pool[index] ?? 0] ?? '00'

/** Randomness of the operating system, drawn in blocks: one uuid costs well under a microsecond. */
export const systemRandom: Random = {
  fraction: Math.random,
  uuid(unixMs) {
    if (used + 10 > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const from = used
    used += 10
    pool[from] = 0x70 | ((pool[from] ?? 0) & 0x0f)
    pool[from + 2] = 0x80 | ((pool[from + 2] ?? 0) & 0x3f)
    const time = unixMs.toString(16).padStart(12, '0')
    return (
      `${time.slice(0, 8)}-${time.slice(8, 12)}-${at(from)}${at(from + 1)}-${at(from + 2)}${at(from + 3)}-` +
      `${at(from + 4)}${at(from + 5)}${at(from + 6)}${at(from + 7)}${at(from + 8)}${at(from + 9)}`
    )
  },
}
