import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { shownNumber } from '../ui/time.tsx'
import classes from './bulk.module.css'
import type { RowOutcome } from './bulk.ts'
import { nameOfLead } from './change.ts'
import { withFieldNames } from './field-names.ts'
import type { ShownLead } from './members.ts'
import { useDefinitions } from './queries.ts'

/** So many rows are told one by one. */
const shownMax = 300

const order = { refused: 0, left: 1, changed: 2, same: 3 } as const satisfies Record<RowOutcome['kind'], number>

const words = {
  changed: 'Done',
  same: 'Was so already',
  left: 'Not tried',
  refused: 'Refused',
} as const satisfies Record<RowOutcome['kind'], string>

/** What became of each lead, failures first. */
export function Outcomes({
  outcomes,
  leads,
  close,
}: {
  readonly outcomes: readonly RowOutcome[]
  /** As they were before: those that were on screen. */
  readonly leads: ReadonlyMap<number, ShownLead>
  readonly close: () => void
}) {
  const { fields } = useDefinitions()
  const sorted = outcomes.toSorted((one, other) => order[one.kind] - order[other.kind])
  const nameOfId = (id: number): string => {
    const lead = leads.get(id)
    return lead === undefined ? `Lead ${id}` : nameOfLead(lead)
  }
  return (
    <div className={classes['over']}>
      <p role="status" className={classes['sum']}>
        {sumOf(outcomes)}
      </p>
      <ul className={classes['outcomes']} aria-label="Outcome of each lead">
        {sorted.slice(0, shownMax).map((outcome) => (
          <li key={outcome.id} data-kind={outcome.kind}>
            <Link to="/leads/$leadId" params={{ leadId: String(outcome.id) }} className={classes['cut']}>
              {nameOfId(outcome.id)}
            </Link>
            <span>{outcome.kind === 'refused' ? withFieldNames(outcome.why, fields) : words[outcome.kind]}</span>
          </li>
        ))}
        {sorted.length > shownMax && <li>and {shownNumber(sorted.length - shownMax)} more</li>}
      </ul>
      <div className={classes['answers']}>
        <Button onClick={close} data-autofocus>
          Close
        </Button>
      </div>
    </div>
  )
}

/** `180 done, 20 refused`. */
function sumOf(outcomes: readonly RowOutcome[]): string {
  const count = (kind: RowOutcome['kind']): number => outcomes.filter((one) => one.kind === kind).length
  const parts = [
    [count('changed'), 'done'],
    [count('same'), count('same') === 1 ? 'was so already' : 'were so already'],
    [count('refused'), 'refused'],
    [count('left'), 'not tried'],
  ] as const
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${shownNumber(number)} ${word}`)
  return told.length === 0 ? 'Nothing was changed.' : `${told.join(', ')}.`
}
