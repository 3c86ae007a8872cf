#!/usr/bin/env node
// Plain JavaScript for any Node: says what is needed before anything newer is parsed.
var version = process.versions.node.split('.').map(Number)
if (version[0] < 24 || (version[0] === 24 && version[1] < 14)) {
  process.stderr.write('waggle: Node 24.14 or newer is needed, this is Node ' + process.versions.node + '.\n')
  process.exitCode = 1
} else {
  // A checkout runs its source as it is; the published package holds JavaScript only.
  var source = new URL('../src/main.ts', import.meta.url)
  Promise.all([import('node:fs'), import('node:module')]).then(function ([fs, module]) {
    module.enableCompileCache() // what was parsed once starts faster
    return import(fs.existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href)
  })
}
