import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serving, temporaryDirectory } from '../commands/program.ts'
import { complaints, packed, root, run, strict } from './packed.ts'

/** The guide's blocks as one program: what it imports stands first. */
function programOf(guide: string): string {
  const blocks = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = '']) => text)
  expect(blocks.length).toBeGreaterThan(8)
  const isImport = (line: string): boolean => line.startsWith('import ')
  const lines = blocks.join('\n').split('\n')
  // The one block that defines no more than a function is called with a message that nobody signed.
  const forged =
    "console.log('receiver', (await receive(new Request('http://me.example', { method: 'POST', body: '{}' }))).status)"
  return [...lines.filter(isImport), ...lines.filter((line) => !isImport(line)), forged].join('\n')
}

test('every block of the guide does what it says', { timeout: 180_000 }, async () => {
  const the = await packed()
  try {
    const server = await serving(['--sample', '--data', temporaryDirectory()])
    const guide = readFileSync(join(root, 'docs/client.md'), 'utf8')
    const program = programOf(guide).replaceAll('http://127.0.0.1:4000', server.url)
    writeFileSync(join(the.project, 'guide.ts'), program)
    expect(await complaints(the.project, { ...strict, include: ['guide.ts'] })).toEqual([])
    const { status, said } = await run(process.execPath, ['guide.ts'], the.project)
    expect(status, said).toBe(0)
    expect(said).toContain('TechCorp Solutions qualified\n')
    expect(said).toContain('somebody was faster\n')
    expect(said).toMatch(/^\d+ lead_created .* \[/m)
    expect(said).toMatch(/^(running|done) true$/m)
    expect(said).toContain('function\nreceiver 401\n')
  } finally {
    the.remove()
  }
})

test("the package's reader finds every link of the guide", () => {
  const guide = readFileSync(join(root, 'docs/client.md'), 'utf8')
  for (const [, file = ''] of guide.matchAll(/\]\(([\w.]+\.(?:md|json))/g)) {
    expect(readFileSync(join(root, 'docs', file), 'utf8').length, file).toBeGreaterThan(0)
  }
})
