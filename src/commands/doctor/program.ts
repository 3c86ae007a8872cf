import { type Finding, findingsOf } from '../../storage/looking/finding.ts'
import { version } from '../../version.ts'

/** The versions of what runs. */
export function programFindings({ node, sqlite }: { readonly node: string; readonly sqlite: string }): Finding[] {
  return [findingsOf('program').ok(`Waggle ${version}, on Node ${node} with SQLite ${sqlite}.`)]
}
