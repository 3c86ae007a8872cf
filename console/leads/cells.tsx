import { nameOf } from '../ui/name.ts'
import { Time } from '../ui/time.tsx'
import type { Column, Fact } from './columns.ts'
import { ValueText } from './editors/value.tsx'
import { sourceLabel } from './filters.ts'
import { type Definitions, heldValue } from './members.ts'
import type { ListedLead } from './rows.ts'
import classes from './table.module.css'

interface CellProps {
  readonly column: Column
  readonly lead: ListedLead
  readonly definitions: Definitions
  /** Whether it is what the lead is called by, and opens it. */
  readonly isName: boolean
}

/** What a cell shows of a lead. */
export function Cell({ column, lead, definitions, isName }: CellProps) {
  if (column.fact !== undefined) return <FactText fact={column.fact} lead={lead} definitions={definitions} />
  if (isName) {
    return (
      <a href={`/console/leads/${lead.id}`} className={classes['name']} tabIndex={-1} draggable={false}>
        {lead.company_name || (
          <span className={classes['unnamed']}>{personName(lead) || lead.email || `Lead ${lead.id}`}</span>
        )}
      </a>
    )
  }
  if (column.id === 'name') return <span className={classes['cut']}>{personName(lead)}</span>
  const [member] = column.members
  return member === undefined ? null : (
    <ValueText member={member} value={heldValue(lead, member)} definitions={definitions} named={lead} />
  )
}

export const personName = ({ first_name, last_name }: ListedLead): string =>
  [first_name, last_name].filter(Boolean).join(' ')

function FactText({ fact, lead, definitions }: { fact: Fact; lead: ListedLead; definitions: Definitions }) {
  if (fact === 'created_at' || fact === 'updated_at') return <Time at={lead[fact]} />
  if (fact === 'source') return <span className={classes['cut']}>{sourceLabel(lead.source)}</span>
  if (fact === 'id') return <>{lead.id}</>
  const user = definitions.users.find(({ id }) => id === lead.created_by_user_id)
  return <span className={classes['cut']}>{user === undefined ? '' : nameOf(user)}</span>
}
