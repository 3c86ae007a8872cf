import { existsSync } from 'node:fs'
import { type Config, variableOf } from '../../kernel/config.ts'
import { type Finding, findingsOf } from '../../storage/looking/finding.ts'
import type { Looking } from '../../storage/looking/looking.ts'
import { allSealed } from '../../webhooks/sealed.ts'
import { isHalfReplaced, keyFileOf, keyGiven, opened, opensProbe, vaultAt, vaultProbe } from '../vault.ts'

const { ok, note, warning, fault } = findingsOf('secret key')

const restore = (file: string): string =>
  `Restore the right ${file} from a backup, or set ${variableOf('secretKey')}. Without it the secrets of webhooks must be made anew.`

/** Whether the key that seals secrets is there, and opens what was sealed. */
export async function secretFindings(looking: Looking, config: Config): Promise<Finding[]> {
  const file = keyFileOf(config)
  const where = file ?? keyGiven
  const probe = await looking.read('meta', { name: vaultProbe.name })
  if (file !== undefined && !existsSync(file)) {
    if (probe === undefined) return [note('There is no key for secrets yet; the first start of a server makes one.')]
    return [fault(`${file} is missing: secrets of webhooks are sealed with it.`, restore('file'))]
  }
  if (file !== undefined && probe !== undefined && isHalfReplaced(file, probe.value)) {
    return [warning(`An exchange of ${file} was cut off.`, 'Begin a server on the data: it ends the exchange.')]
  }
  const vault = vaultAt(config)
  if (probe !== undefined && !opensProbe(vault, probe.value)) {
    return [fault(`${where} is not the key that this database was sealed with.`, restore('key'))]
  }
  const closed = (await allSealed(looking)).filter(
    ({ isUsed, bytes, about }) => isUsed && opened(vault, bytes, about) === undefined,
  )
  if (closed.length > 0) {
    return closed.map(({ of }) =>
      fault(
        `${of} was sealed with another key, or was changed since.`,
        'Rotate the secret of the endpoint, or set the integration anew.',
      ),
    )
  }
  return [ok(`${where} opens what was sealed.`)]
}
