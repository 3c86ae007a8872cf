/** A count and what is counted, as people write it: `1 lead`, `12,000 leads`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const

/** A number of bytes as people read it, as `240.0 KiB` or `67.4 GiB`. */
export function shownBytes(bytes: number): string {
  if (bytes < 1024) return counted(bytes, 'byte')
  const steps = Math.min(units.length, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** steps
  return `${value.toFixed(1)} ${units[steps - 1]}`
}

/** A path as it is typed in a command: in quotes where a shell would take it apart. */
export function typed(path: string): string {
  if (/^[A-Za-z]:\\/.test(path)) return /^[\p{L}\p{N}\\_.:/-]+$/u.test(path) ? path : `"${path}"`
  return /^[\p{L}\p{N}_.:/@%+=,-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
