import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { exampleBody } from '../requests.ts'
import type { Round } from '../rounds.ts'
import { drawsOf, firstLeadId } from '../workspace.ts'
import { object, type Peer } from './peer.ts'
import type { PeerProcess } from './process.ts'

/** Fewer leads than this share of those that must have changed, and a round has measured something else. */
const changedShareMin = 0.95

/**
 * Sends one PATCH of the load and reads the lead back.
 *
 * @throws AssertionError the peer did not keep what it was sent, or answers more than was asked for
 */
export async function provePatch(peer: Peer, server: PeerProcess, token: string): Promise<void> {
  const { method, before, after, within } = peer.target(token)
  const body = exampleBody(3, drawsOf(7))
  const path = `${before}${firstLeadId}`
  const read = async () => object(object(await server.call('GET', path, undefined, token))['data'])
  const old = await read()
  const sent = within === undefined ? body : { [within]: body }
  const receipt = object(object(await server.call(method, `${path}${after}`, sent, token))['data'])
  const kept = await read()
  assert.equal(kept['first_name'], old['first_name'], `${peer.title} changed a member that it was not sent`)
  for (const [member, value] of Object.entries(body)) {
    assert.notDeepEqual(old[member], value, `${peer.title} had this ${member} already`)
    assert.deepEqual(kept[member], value, `${peer.title} did not keep ${member}`)
    assert.ok(!Object.hasOwn(receipt, member), `${peer.title} answers ${member} as well`)
  }
}

/**
 * Looks into the file whether the answers of the rounds were true: an answer changed a lead.
 *
 * @param since when the load began, in ms
 * @throws AssertionError fewer leads have changed than so many random ones are
 */
export function proveChanges(
  peer: Peer,
  database: string,
  { rounds, since, leads }: { rounds: readonly Round[]; since: number; leads: number },
): void {
  const db = new DatabaseSync(database, { readOnly: true })
  const row = db.prepare(`SELECT count(*) AS changed FROM ${peer.table} WHERE ${peer.changedAt} >= ?`).get(since)
  db.close()
  const answers = rounds.reduce((sum, round) => sum + round.answers, 0)
  // Leads are drawn with all of them in the urn each time.
  const expected = leads * (1 - (1 - 1 / leads) ** answers)
  const changed = Number(row?.['changed'])
  assert.ok(
    changed >= changedShareMin * expected,
    `${peer.title} answered ${answers} patches of random leads, but only ${changed} leads have changed`,
  )
}
