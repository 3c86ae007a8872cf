import { Button, NativeSelect, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { contactMembers } from '../../src/contract/lead-members.ts'
import { statuses, statusLabels } from '../ui/status.tsx'
import classes from './bulk.module.css'
import type { BulkChange, ListMember } from './bulk.ts'
import { MemberEditor } from './editor.tsx'
import { tagChoices, userChoices } from './editors/choices.ts'
import { PickList } from './editors/pick-list.tsx'
import { ValueText } from './editors/value.tsx'
import { type Definitions, fieldMember, labelOf, type Member } from './members.ts'

interface BulkChoiceProps {
  readonly task: Member | 'other'
  readonly definitions: Definitions
  readonly change: BulkChange | undefined
  readonly choose: (change: BulkChange | undefined) => void
}

/** What the leads shall have. */
export function BulkChoice({ task, ...props }: BulkChoiceProps) {
  if (task === 'tags' || task === 'assignedUsers') return <ElementChoice member={task} {...props} />
  return task === 'status' ? <StatusChoice {...props} /> : <FieldChoice {...props} />
}

type ChoiceProps = Omit<BulkChoiceProps, 'task'>

function StatusChoice({ definitions, change, choose }: ChoiceProps) {
  const to = change?.kind === 'set' ? change.to : undefined
  return (
    <div className={classes['picks']}>
      <PickList
        label="New status"
        choices={statuses.map((key) => ({ key: String(key), label: statusLabels[key] }))}
        picked={typeof to === 'string' ? [to] : []}
        look={(key) => <ValueText member="status" value={key} definitions={definitions} />}
        onPick={([key]) => choose(key === undefined ? undefined : { kind: 'set', member: 'status', to: key })}
        onDone={() => undefined}
        onCancel={() => undefined}
      />
    </div>
  )
}

/** Members that many leads may have in common. */
const others = ({ fields }: Definitions): Member[] => [
  ...contactMembers,
  ...fields
    .filter(({ category, archived_at }) => category === 'lead' && archived_at === null)
    .map(({ id }) => fieldMember(id)),
]

function FieldChoice({ definitions, change, choose }: ChoiceProps) {
  const members = others(definitions)
  const [member, setMember] = useState<Member>('company_name')
  return (
    <>
      <NativeSelect
        label="Field"
        data-autofocus
        value={member}
        data={members.map((value) => ({ value, label: labelOf(value, definitions) }))}
        onChange={(event) => {
          const next = members.find((one) => one === event.currentTarget.value)
          if (next === undefined) return
          setMember(next)
          choose(undefined)
        }}
      />
      <ValueChoice key={member} member={member} definitions={definitions} change={change} choose={choose} />
    </>
  )
}

/** A value, by the control that edits it everywhere. */
function ValueChoice({ member, definitions, change, choose }: ChoiceProps & { readonly member: Member }) {
  const [isEditing, setEditing] = useState(false)
  const label = labelOf(member, definitions)
  const to = change?.kind === 'set' ? change.to : undefined
  return (
    <div className={classes['value']}>
      <span className={classes['label']}>New value</span>
      <div className={classes['control']}>
        {isEditing ? (
          <MemberEditor
            member={member}
            value={to ?? null}
            definitions={definitions}
            label={`New value of ${label}`}
            onSave={(next) => {
              setEditing(false)
              choose({ kind: 'set', member, to: next })
            }}
            onCancel={() => setEditing(false)}
          />
        ) : (
          <>
            <span className={classes['shown']}>
              {to === undefined ? (
                <span className={classes['muted']}>Not chosen yet</span>
              ) : to === null ? (
                <span className={classes['muted']}>Empty</span>
              ) : (
                <ValueText member={member} value={to} definitions={definitions} />
              )}
            </span>
            <Button variant="default" onClick={() => setEditing(true)}>
              {to === undefined ? 'Choose' : 'Choose another'}
            </Button>
            {to === undefined && (
              <Button variant="subtle" color="gray" onClick={() => choose({ kind: 'set', member, to: null })}>
                Make it empty
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  )
}

const modes = [
  { value: 'add', label: 'Add' },
  { value: 'remove', label: 'Remove' },
  { value: 'set', label: 'Replace all' },
] as const

/** Tags or people: to be added, taken away, or instead of all there are. */
function ElementChoice({ member, definitions, change, choose }: ChoiceProps & { readonly member: ListMember }) {
  const [mode, setMode] = useState<(typeof modes)[number]['value']>('add')
  const [ids, setIds] = useState<readonly number[]>([])
  const choices = member === 'tags' ? tagChoices(definitions, []) : userChoices(definitions, [])
  const tell = (nextMode: typeof mode, next: readonly number[]): void => {
    setMode(nextMode)
    setIds(next)
    if (nextMode === 'set') choose({ kind: 'set', member, to: next })
    else choose(next.length === 0 ? undefined : { kind: nextMode, member, ids: next })
  }
  return (
    <div className={classes['elements']} data-chosen={change !== undefined}>
      <SegmentedControl
        aria-label="What is done"
        size="xs"
        fullWidth
        data={[...modes]}
        value={mode}
        onChange={(next) => tell(modes.find(({ value }) => value === next)?.value ?? 'add', ids)}
        transitionDuration={0}
      />
      <div className={classes['picks']}>
        <PickList
          label={labelOf(member, definitions)}
          many
          choices={choices}
          picked={ids}
          look={(id) => <ValueText member={member} value={[id]} definitions={definitions} />}
          onPick={(next) => tell(mode, next)}
          onDone={() => undefined}
          onCancel={() => undefined}
        />
      </div>
    </div>
  )
}
