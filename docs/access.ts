import type { Operation } from '../src/contract/operation.ts'
import { isOpenTo } from '../src/contract/roles.ts'
import { givenRoles } from '../src/contract/users.ts'

/** The switches of a key, each a column of the table. */
const switches = ['read', 'write', 'admin'] as const

/** What one caller is answered: `yes`, or the status of the refusal. */
const ofKey = ({ access }: Operation, one: string): string => (access === 'public' || access === one ? 'yes' : '403')
const ofNobody = ({ access }: Operation): string => (access === 'public' ? 'yes' : '401')

/** Numbers of the log are each company's own; an option is one of its field, which is another company's before it. */
const foreignIds = ({ path }: Operation): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name).filter((name) => name !== 'sequence')

const row = (operation: Operation): string => {
  const ids = foreignIds(operation)
  const cells = [
    `\`${operation.id}\``,
    `\`${operation.method} ${operation.path}\``,
    ofNobody(operation),
    ...switches.map((one) => ofKey(operation, one)),
    ...givenRoles.map((role) => (isOpenTo(role, operation) ? 'yes' : '403')),
    ids.length === 0 ? '' : '404',
  ]
  return `| ${cells.join(' | ')} |`
}

const heads = [
  'operation',
  'request',
  'no valid key',
  ...switches.map((one) => `key: ${one}`),
  ...givenRoles.map((role) => `person: ${role}`),
  "another company's id",
]

/** docs/access.md: who may do what, made from the operations themselves. */
export const accessPage = (operations: readonly Operation[]): string => `# Who may do what

Each operation of the API, and what each kind of caller is answered. The page is made from the operations by \`npm run docs\`, and
\`test/access.test.ts\` asks a server for each cell of it.

- **no valid key**: none, an unknown, revoked or expired one, or one of a company that is suspended; no session, or one that has
  ended.
- **key**: of the three switches this one alone. One with several opens what each of them does, and nothing more.
  What is a person's own opens to no key.
- **person**: signed in, with this role. A request that changes something must come from a page of the server itself.
- **another company's id**: an id in the path that belongs to another company is answered as one that nobody has, whoever asks
  (\`test/isolation.test.ts\`).
- \`yes\` opens it; what stands in place of it is the status of the refusal, before anything else of the request is looked at.

What the roles and switches mean is told in [behaviour.md](behaviour.md), §1 and §21.

| ${heads.join(' | ')} |
|${'---|'.repeat(heads.length)}
${operations.map(row).join('\n')}
`
