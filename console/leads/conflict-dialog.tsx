import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { waggle } from '../app/api.ts'
import type { Conflict } from '../app/conflict.ts'
import { shownAgo } from '../ui/time.tsx'
import { nameOfLead } from './change.ts'
import { type Choice, chosenOf, contested } from './conflict-choice.ts'
import classes from './conflict-dialog.module.css'
import { ValueText, wordsOf } from './editors/value.tsx'
import { entryOf, whoOf } from './history-rows.ts'
import { type Definitions, heldValue, labelOf, type Member, type MemberChange, type MemberValue } from './members.ts'

/** Yours, theirs and the original, member by member; the person says which stands. */
export function ConflictDialog({ conflict }: { readonly conflict: Conflict }) {
  const { stored, changes, definitions } = conflict
  // Where the person was: the dialog is gone at once, and does not bring the focus back itself.
  const [before] = useState(() => document.activeElement)
  const settle = (chosen: readonly MemberChange[]): void => {
    conflict.settle(chosen)
    if (before instanceof HTMLElement) requestAnimationFrame(() => before.focus())
  }
  const disputed = contested(stored, changes)
  const others = changes.filter((change) => !disputed.includes(change))
  const [choices, setChoices] = useState<Readonly<Partial<Record<Member, Choice>>>>({})
  const keepAll = (): void => settle(chosenOf(stored, changes, () => 'theirs'))
  return (
    <Modal
      opened
      onClose={keepAll}
      size="xl"
      classNames={{ title: classes['heading'] ?? '' }}
      title={`Somebody else has changed ${nameOfLead(stored)}`}
      closeButtonProps={{ 'aria-label': 'Close and keep theirs' }}
    >
      <p className={classes['lead']}>
        While you were editing, {disputed.length === 1 ? 'a value' : 'values'} that you changed{' '}
        {disputed.length === 1 ? 'was' : 'were'} changed by somebody else. Choose which should stand.
      </p>
      {disputed.map((change) => (
        <Disputed
          key={change.member}
          change={change}
          conflict={conflict}
          choice={choices[change.member] ?? 'mine'}
          choose={(choice) => setChoices({ ...choices, [change.member]: choice })}
        />
      ))}
      <Undisputed changes={others} definitions={definitions} />
      <div className={classes['answers']}>
        <Button variant="default" onClick={keepAll}>
          {disputed.length === 1 ? 'Keep theirs' : 'Keep all of theirs'}
        </Button>
        <Button onClick={() => settle(chosenOf(stored, changes, (member) => choices[member] ?? 'mine'))}>
          Save what is chosen
        </Button>
      </div>
    </Modal>
  )
}

interface DisputedProps {
  readonly change: MemberChange
  readonly conflict: Conflict
  readonly choice: Choice
  readonly choose: (choice: Choice) => void
}

function Disputed({ change, conflict, choice, choose }: DisputedProps) {
  const { stored, definitions } = conflict
  const name = useId()
  const theirs = heldValue(stored, change.member)
  const who = useLastChange(stored.id, change.member)
  const sides = [
    { key: 'mine', title: 'Yours', value: change.to, note: 'not saved yet' },
    { key: 'theirs', title: 'Stored now', value: theirs, note: who },
  ] as const
  return (
    <fieldset className={classes['disputed']}>
      <legend className={classes['member']}>{labelOf(change.member, definitions)}</legend>
      <div className={classes['sides']}>
        {sides.map(({ key, title, value, note }) => (
          <label key={key} className={classes['side']} data-chosen={choice === key}>
            <span className={classes['head']}>
              <input
                type="radio"
                name={name}
                checked={choice === key}
                onChange={() => choose(key)}
                {...(key === 'mine' && { 'data-autofocus': true })}
              />
              <span className={classes['title']}>{title}</span>
              <span className={classes['note']}>{note}</span>
            </span>
            <Value member={change.member} value={value} definitions={definitions} />
          </label>
        ))}
        <div className={classes['original']}>
          <span className={classes['head']}>
            <span className={classes['title']}>Original</span>
            <span className={classes['note']}>when you began</span>
          </span>
          <Value member={change.member} value={change.from} definitions={definitions} />
        </div>
      </div>
    </fieldset>
  )
}

interface ValueProps {
  readonly member: Member
  readonly value: MemberValue
  readonly definitions: Definitions
}

const Value = ({ member, value, definitions }: ValueProps) => (
  <span className={classes['value']}>
    {wordsOf(member, value, definitions) === '' ? (
      <span className={classes['empty']}>empty</span>
    ) : (
      <ValueText member={member} value={value} definitions={definitions} whole />
    )}
  </span>
)

function Undisputed({ changes, definitions }: { changes: readonly MemberChange[]; definitions: Definitions }) {
  if (changes.length === 0) return null
  return (
    <p className={classes['lead']}>
      Not touched by anybody else, and saved as you changed it:{' '}
      {changes.map(({ member }) => labelOf(member, definitions)).join(', ')}.
    </p>
  )
}

/** Who changed a member last, and when: "Eva Ost, 2 min ago". */
function useLastChange(leadId: number, member: Member): string {
  const { data } = useQuery({
    queryKey: ['history', leadId, 'latest'],
    queryFn: ({ signal }) => waggle.leads.history(leadId, { pageSize: 20 }, { signal }),
    staleTime: 0,
  })
  const entry = data?.rows.map(entryOf).find(({ changes }) => changes.some((change) => change.member === member))
  if (entry === undefined) return ''
  return `${whoOf(entry.row)}, ${shownAgo(Date.parse(entry.row.at))}`
}
