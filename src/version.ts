/** The version of the program; `npm version` and CHANGELOG.md follow package.json, and a test compares. */
export const version = '0.2.0'
