import { referenceFromText } from '../contract/forms.ts'
import { type Config, ConfigError } from '../kernel/config.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { Arguments } from './arguments.ts'

/**
 * The endpoint that the first word names, by its number or uuid, in whatever company.
 *
 * @throws ConfigError the word names none
 */
export async function endpointOf(database: Database, given: Arguments): Promise<Row<'webhooks'>> {
  const [word] = given.words
  const reference = referenceFromText(word ?? '')
  if (word === undefined) throw new ConfigError('Say which webhook by its id. See: waggle webhook list')
  const [webhook] =
    reference === undefined
      ? []
      : await database.find<Row<'webhooks'>>((db) =>
          db
            .selectFrom('webhooks')
            .selectAll()
            .where(typeof reference === 'string' ? 'uuid' : 'id', '=', reference)
            .where('deleted_at', 'is', null),
        )
  if (webhook === undefined) throw new ConfigError(`There is no webhook ${word}. See: waggle webhook list`)
  return webhook
}

/** Networks that may be sent to. The sample's server may reach the machine it runs on, so a command may as well. */
export async function allowedNetworks(
  database: Database,
  { webhookAllow }: Pick<Config, 'webhookAllow'>,
): Promise<readonly string[]> {
  const begun = await database.read('meta', { name: 'begun_as' })
  return begun?.value === 'sample' ? [...webhookAllow, '127.0.0.0/8', '::1/128'] : webhookAllow
}
