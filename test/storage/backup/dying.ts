import fs from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

// Loaded into a process before its program: ends it, as a kill would, in front of a step that changes names or files.
// DIE_BEFORE says which, counted from 1; DIE_WHEN_SAID is a pattern of what it writes, behind which it ends.

const dieBefore = Number(process.env['DIE_BEFORE'])
let steps = 0

function step(): void {
  steps += 1
  if (steps === dieBefore) process.kill(process.pid, 'SIGKILL')
}

const { mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } = fs
const { copyFile } = promises

fs.mkdirSync = ((...args: Parameters<typeof mkdirSync>) => {
  step()
  return mkdirSync(...args)
}) as typeof mkdirSync
fs.renameSync = (...args) => {
  step()
  renameSync(...args)
}
fs.rmSync = (...args) => {
  step()
  rmSync(...args)
}
fs.rmdirSync = (...args) => {
  step()
  rmdirSync(...args)
}
fs.writeFileSync = (...args) => {
  step()
  writeFileSync(...args)
}
promises.copyFile = async (...args) => {
  step()
  await copyFile(...args)
}
syncBuiltinESMExports()

const dieWhenSaid = process.env['DIE_WHEN_SAID']
if (dieWhenSaid !== undefined) {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((...args: Parameters<typeof write>) => {
    if (new RegExp(dieWhenSaid).test(String(args[0]))) process.kill(process.pid, 'SIGKILL')
    return write(...args)
  }) as typeof write
}
