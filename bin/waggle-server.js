#!/usr/bin/env node
// As `waggle`. Without a command it runs the server over ./data, which begins as the sample workspace.
var first = process.argv[2]
if (first === undefined || (/^--/.test(first) && first !== '--help' && first !== '--version')) {
  process.argv.splice(2, 0, 'serve', '--sample-if-empty')
}
import('./waggle.js')
