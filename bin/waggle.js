#!/usr/bin/env node
// Plain JavaScript for any Node: says what is needed before anything newer is parsed.
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write('waggle: Node 24 or newer is needed, this is Node ' + process.versions.node + '.\n')
  process.exitCode = 1
} else {
  // A checkout runs its source as it is; the published package holds JavaScript only.
  var source = new URL('../src/main.ts', import.meta.url)
  import('node:fs').then(function (fs) {
    return import(fs.existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href)
  })
}
