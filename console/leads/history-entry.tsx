import { type ReactNode, useState } from 'react'
import { useMay } from '../app/session.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Time } from '../ui/time.tsx'
import { useChangeLead } from './change.ts'
import { ValueText, wordsOf } from './editors/value.tsx'
import classes from './history.module.css'
import { backOf, type Entry, labelIn, namedThen, setChange, type Told, whoOf } from './history-rows.ts'
import type { Definitions, MemberChange, MemberValue, ShownLead } from './members.ts'

/** Longer texts stand side by side, in characters. */
const shortMax = 60

interface HistoryEntryProps {
  readonly entry: Entry
  readonly lead: ShownLead
  readonly definitions: Definitions
}

const deeds: Readonly<Record<Exclude<Told, 'changed'>, string>> = {
  created: 'made this lead',
  deleted: 'deleted this lead',
  restored: 'restored this lead',
  emptied: 'changed this lead; what it was is no longer kept',
}

/** One change: who, what, from what to what, by which key and when. */
export function HistoryEntry({ entry, lead, definitions }: HistoryEntryProps) {
  const { row, told, changes } = entry
  const { user } = row.actor
  const [only] = changes
  const inline = changes.length === 1 && only !== undefined && !isLong(only) ? only : undefined
  return (
    <li className={classes['entry']}>
      <span className={classes['mark']} aria-hidden>
        {user === null ? <span className={classes['nobody']} /> : <Avatar user={user} size={18} />}
      </span>
      <div className={classes['deed']}>
        <span className={classes['who']}>{whoOf(row)}</span>{' '}
        {told === 'changed' ? `changed ${whatOf(entry, definitions)}` : deeds[told]}{' '}
        {inline !== undefined && <Change change={inline} row={row} definitions={definitions} />}
      </div>
      {told === 'changed' && <Revert entry={entry} leadId={lead.id} definitions={definitions} />}
      {inline === undefined && changes.length > 0 && (
        <div className={classes['changes']}>
          {changes.map((change) => (
            <div key={change.member} className={classes['change']} data-alone={changes.length === 1}>
              {changes.length > 1 && (
                <span className={classes['member']}>{labelIn(change.member, row, definitions)}</span>
              )}
              <Change change={change} row={row} definitions={definitions} />
            </div>
          ))}
        </div>
      )}
      <div className={classes['circumstance']}>
        {row.actor.key !== null && <>key {row.actor.key.label} · </>}
        <Time at={row.at} form="clock" />
      </div>
    </li>
  )
}

/** The one member, or how many. */
const whatOf = ({ changes, row }: Entry, definitions: Definitions): string => {
  const [only, ...more] = changes
  return only === undefined || more.length > 0 ? `${changes.length} values` : labelIn(only.member, row, definitions)
}

const isLong = ({ from, to }: MemberChange): boolean =>
  [from, to].some((value) => typeof value === 'string' && (value.length > shortMax || value.includes('\n')))

interface ChangeProps {
  readonly change: MemberChange
  readonly row: Entry['row']
  readonly definitions: Definitions
}

function Change(props: ChangeProps) {
  const { change } = props
  const set = setChange(change)
  if (set !== undefined) return <SetChange {...set} {...props} />
  if (isLong(change)) return <SideBySide {...props} />
  return (
    <span className={classes['fromTo']}>
      <Shown {...props} value={change.from} />
      <span className={classes['arrow']} aria-label="to" role="img">
        →
      </span>
      <Shown {...props} value={change.to} />
    </span>
  )
}

const Shown = ({
  change: { member },
  row,
  value,
  definitions,
}: ChangeProps & { readonly value: MemberValue }): ReactNode =>
  wordsOf(member, value, definitions, namedThen(row)) === '' ? (
    <span className={classes['empty']}>empty</span>
  ) : (
    <ValueText member={member} value={value} definitions={definitions} named={namedThen(row)} whole />
  )

type SetChangeProps = ChangeProps & { readonly added: number[]; readonly removed: number[] }

function SetChange({ added, removed, ...props }: SetChangeProps) {
  return (
    <span className={classes['set']}>
      {removed.length > 0 && (
        <span className={classes['removed']}>
          <span className={classes['sign']} role="img" aria-label="without">
            −
          </span>
          <Shown {...props} value={removed} />
        </span>
      )}
      {added.length > 0 && (
        <span className={classes['added']}>
          <span className={classes['sign']} role="img" aria-label="with">
            +
          </span>
          <Shown {...props} value={added} />
        </span>
      )}
    </span>
  )
}

function SideBySide(props: ChangeProps) {
  const { change } = props
  const label = labelIn(change.member, props.row, props.definitions)
  return (
    <div className={classes['sides']}>
      {(['from', 'to'] as const).map((side) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
        <div
          key={side}
          className={classes['side']}
          role="group"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by keys too
          tabIndex={0}
          aria-label={`${label} ${sideNames[side]}`}
        >
          <div className={classes['sideName']}>{sideNames[side]}</div>
          <Shown {...props} value={change[side]} />
        </div>
      ))}
    </div>
  )
}

const sideNames = { from: 'before', to: 'after' } as const

interface RevertProps {
  readonly entry: Entry
  readonly leadId: number
  readonly definitions: Definitions
}

/** Puts back what a change has replaced; where that was changed again since, the person is asked. */
function Revert({ entry, leadId, definitions }: RevertProps) {
  const mayChange = useMay('updateLead')
  const change = useChangeLead()
  const [state, setState] = useState<{ readonly isBusy: boolean; readonly why?: string }>({ isBusy: false })
  if (!mayChange) return null
  const revert = async (): Promise<void> => {
    setState({ isBusy: true })
    const outcome = await change(leadId, backOf(entry))
    setState(outcome.kind === 'refused' ? { isBusy: false, why: outcome.why } : { isBusy: false })
  }
  const what = entry.changes.map(({ member }) => labelIn(member, entry.row, definitions)).join(', ')
  return (
    <>
      <button
        type="button"
        className={classes['revert']}
        aria-label={`Revert the change of ${what} by ${whoOf(entry.row)}`}
        disabled={state.isBusy}
        onClick={() => void revert()}
      >
        Revert
      </button>
      {state.why !== undefined && (
        <div role="alert" className={classes['refusal']}>
          Not reverted. {state.why}
        </div>
      )}
    </>
  )
}
