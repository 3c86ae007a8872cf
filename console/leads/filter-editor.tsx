import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { StatusMark, statuses } from '../ui/status.tsx'
import { PickList } from './editors/pick-list.tsx'
import classes from './filter-bar.module.css'
import type { Condition, ConditionKind, Filter } from './filters.ts'

/** What is typed rests for so long, in ms, until it narrows the list. */
const restMs = 200

const kindWords = {
  any: 'is',
  none: 'is not',
  holds: 'contains',
  range: 'is between',
  empty: 'is empty',
  set: 'is set',
} as const satisfies Record<ConditionKind, string>

interface FilterEditorProps {
  readonly filter: Filter
  readonly condition: Condition | undefined
  readonly change: (condition: Condition | undefined) => void
  readonly done: () => void
}

/** What is asked of a member. Each choice counts at once. */
export function FilterEditor({ filter, condition, change, done }: FilterEditorProps) {
  const [first = 'any'] = filter.kinds
  const [kind, setKind] = useState<ConditionKind>(condition?.kind ?? first)
  const choose = (next: ConditionKind): void => {
    setKind(next)
    change(begun(next, condition))
  }
  return (
    <div className={classes['form']}>
      <div className={classes['formHead']}>
        <span className={classes['formLabel']}>{filter.label}</span>
        {filter.kinds.length > 1 && (
          <NativeSelect
            aria-label={`How ${filter.label} is compared`}
            size="xs"
            value={kind}
            data={filter.kinds.map((value) => ({ value, label: kindWords[value] }))}
            onChange={(event) => {
              const next = filter.kinds.find((one) => one === event.currentTarget.value)
              if (next !== undefined) choose(next)
            }}
          />
        )}
      </div>
      <Operand key={kind} kind={kind} filter={filter} condition={condition} change={change} done={done} />
    </div>
  )
}

/** What a condition begins with when its kind is chosen: it keeps the values it had, and asks for nothing without. */
function begun(kind: ConditionKind, was: Condition | undefined): Condition | undefined {
  if (kind === 'empty' || kind === 'set') return { kind }
  const isChoice = was?.kind === 'any' || was?.kind === 'none'
  return isChoice && (kind === 'any' || kind === 'none') ? { kind, values: was.values } : undefined
}

interface OperandProps extends FilterEditorProps {
  readonly kind: ConditionKind
}

function Operand(props: OperandProps) {
  const { kind, done } = props
  if (kind === 'any' || kind === 'none') return <Choices {...props} kind={kind} />
  if (kind === 'holds') return <Words {...props} />
  if (kind === 'range') return <Bounds {...props} />
  return (
    <div className={classes['formBody']}>
      <Button fullWidth onClick={done} data-autofocus>
        Done
      </Button>
    </div>
  )
}

function Choices({ filter, condition, change, done, kind }: OperandProps & { readonly kind: 'any' | 'none' }) {
  const { choices = [], single = false, label, id } = filter
  const picked = condition?.kind === 'any' || condition?.kind === 'none' ? condition.values : []
  return (
    <PickList
      label={label}
      many={!single}
      choices={choices.map(({ value, label: name }) => ({ key: value, label: name }))}
      picked={picked}
      look={(key) => <ChoiceLook filter={filter} value={key} isStatus={id === 'status'} />}
      onPick={(values) => {
        change(values.length === 0 ? undefined : { kind, values })
        if (single) done()
      }}
      onDone={(by) => {
        if (by !== 'blur') done()
      }}
      onCancel={done}
    />
  )
}

function ChoiceLook({ filter, value, isStatus }: { filter: Filter; value: string; isStatus: boolean }) {
  const status = isStatus ? statuses.find((one) => one === value) : undefined
  if (status !== undefined) return <StatusMark status={status} />
  const choice = filter.choices?.find((one) => one.value === value)
  return (
    <>
      {choice?.color !== undefined && (
        <span className={classes['mark']} style={{ background: choice.color }} aria-hidden />
      )}
      {choice?.label ?? value}
    </>
  )
}

/** Calls with what is typed once it rests, and at the end at the latest. */
function useRested<T>(value: T, isChanged: boolean, tell: (value: T) => void): void {
  const latest = useRef({ value, isChanged, tell })
  latest.current = { value, isChanged, tell }
  useEffect(() => {
    if (!isChanged) return
    const timer = setTimeout(() => latest.current.tell(value), restMs)
    return () => clearTimeout(timer)
  }, [value, isChanged])
}

function Words({ filter, condition, change, done }: OperandProps) {
  const stored = condition?.kind === 'holds' ? condition.text : ''
  const [text, setText] = useState(stored)
  const tell = (sent: string): void => change(sent.trim() === '' ? undefined : { kind: 'holds', text: sent.trim() })
  useRested(text, text.trim() !== stored, tell)
  return (
    <form
      className={classes['formBody']}
      onSubmit={(event) => {
        event.preventDefault()
        tell(text)
        done()
      }}
    >
      <TextInput
        data-autofocus
        aria-label={`${filter.label} contains`}
        placeholder="Text"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  )
}

function Bounds({ filter, condition, change, done }: OperandProps) {
  const stored: { readonly min?: string; readonly max?: string } = condition?.kind === 'range' ? condition : {}
  const [min, setMin] = useState(stored.min ?? '')
  const [max, setMax] = useState(stored.max ?? '')
  const type = filter.bound === 'day' ? 'date' : 'number'
  const tell = (): void => {
    const range = { ...(min !== '' && { min }), ...(max !== '' && { max }) }
    change(min === '' && max === '' ? undefined : { kind: 'range', ...range })
  }
  useRested(`${min} ${max}`, min !== (stored.min ?? '') || max !== (stored.max ?? ''), tell)
  return (
    <form
      className={classes['formBody']}
      onSubmit={(event) => {
        event.preventDefault()
        tell()
        done()
      }}
    >
      <TextInput
        data-autofocus
        type={type}
        step="any"
        label="From"
        value={min}
        onChange={(event) => setMin(event.target.value)}
      />
      <TextInput type={type} step="any" label="To" value={max} onChange={(event) => setMax(event.target.value)} />
      {/* So that Enter in either field ends it. */}
      <button type="submit" hidden />
    </form>
  )
}

/** Every filter that can be added, to be found by its name. */
export function FilterMenu({
  filters,
  pick,
  close,
}: {
  readonly filters: readonly Filter[]
  readonly pick: (id: string) => void
  readonly close: () => void
}) {
  return (
    <PickList
      label="Filter by"
      choices={filters.map(({ id, label }) => ({ key: id, label }))}
      picked={[]}
      onPick={([id]) => {
        if (id !== undefined) pick(id)
      }}
      onDone={(by) => {
        if (by !== 'blur') close()
      }}
      onCancel={close}
    />
  )
}
