import type { Key, LeadRow } from '../../sdk/index.ts'
import type { ShownLead } from '../leads/members.ts'

export type FirstLead = LeadRow & ShownLead

type Rights = Pick<Key, 'read_access' | 'write_access' | 'admin_access'> & { readonly key: string }

/**
 * What to try a new key with: a command to paste in a shell, and what it does.
 *
 * @param lead one of the company's; undefined when it has none
 * @param origin where the server is, such as `https://leads.example`
 */
export function firstSteps(
  { key, read_access, write_access }: Rights,
  lead: Pick<FirstLead, 'id' | 'status'> | undefined,
  origin: string,
): { readonly sentence: string; readonly command: string } {
  const head = `  -H "Authorization: Bearer ${key}"`
  const json = `${head} \\\n  -H "Content-Type: application/json"`
  if (write_access && lead !== undefined) {
    const status = lead.status === 'contacted' ? 'qualified' : 'contacted'
    return {
      sentence: `Try it: paste this in a terminal. It sets the status of lead ${lead.id} to ${status}.`,
      command: `curl -X PATCH "${origin}/api/v1/leads/${lead.id}" \\\n${json} \\\n  -d '{"status": "${status}"}'`,
    }
  }
  if (write_access) {
    return {
      sentence: 'Try it: paste this in a terminal. It makes your first lead.',
      command: `curl -X POST "${origin}/api/v1/leads" \\\n${json} \\\n  -d '{"company_name": "TechCorp Solutions"}'`,
    }
  }
  if (read_access) {
    return {
      sentence: 'Try it: paste this in a terminal. It answers the newest leads.',
      command: `curl "${origin}/api/v1/leads?pageSize=3" \\\n${head}`,
    }
  }
  return {
    sentence: 'Try it: paste this in a terminal. It lists the endpoints that hear of changes.',
    command: `curl "${origin}/api/v1/webhooks" \\\n${head}`,
  }
}
