import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process that is looked at from outside, by what Linux tells of it. */
interface Watched {
  readonly pid: number
}

const mibOf = ({ pid }: Watched, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** The memory that a process holds, in MiB. */
export const residentMib = (process: Watched): number => mibOf(process, 'VmRSS')

/** The most memory that a process has held so far, in MiB. */
export const peakMib = (process: Watched): number => mibOf(process, 'VmHWM')

/** Descriptors that a process holds open. */
export const descriptorsOf = ({ pid }: Watched): number => readdirSync(`/proc/${pid}/fd`).length

/** Sockets that a process holds open. */
export function socketsOf({ pid }: Watched): number {
  const directory = `/proc/${pid}/fd`
  const links = readdirSync(directory).map((descriptor) => {
    try {
      return readlinkSync(`${directory}/${descriptor}`)
    } catch {
      return '' // closed meanwhile
    }
  })
  return links.filter((link) => link.startsWith('socket:')).length
}
