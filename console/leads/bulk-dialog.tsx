import { Button, Modal, Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { sentenceOf, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { useMay } from '../app/session.ts'
import { offerUndo } from '../app/undo.tsx'
import { shownNumber } from '../ui/time.tsx'
import classes from './bulk.module.css'
import { type BulkChange, chosenIds, type RowOutcome, runBulk, undoable, undoBulk, undoMax } from './bulk.ts'
import type { BulkTask } from './bulk-bar.tsx'
import { BulkChoice } from './bulk-choice.tsx'
import { Outcomes } from './bulk-outcomes.tsx'
import { type Preview, previewOf, previewOfCounts } from './bulk-preview.ts'
import { heldLeads } from './cache.ts'
import { wordsOf } from './editors/value.tsx'
import { type Definitions, labelOf, type ShownLead } from './members.ts'
import { type LeadQuery, useDefinitions } from './queries.ts'
import { type Chosen, countOf } from './selection.ts'

interface BulkDialogProps {
  readonly task: BulkTask
  readonly chosen: Chosen
  readonly query: LeadQuery
  readonly total: number
  /** Whether the leads have been changed, so that they need not stay chosen. */
  readonly close: (isDone: boolean) => void
}

type Stage =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'running'; readonly done: number; readonly of: number }
  | {
      readonly kind: 'over'
      readonly outcomes: readonly RowOutcome[]
      readonly leads: ReadonlyMap<number, ShownLead>
    }

/** Changes many leads: what will change, how far it is, and what became of each. */
export function BulkDialog({ task, close, ...given }: BulkDialogProps) {
  // As it was when the person began: while it runs the list changes behind it.
  const [{ chosen, query, total }] = useState(given)
  const definitions = useDefinitions()
  const [change, setChange] = useState<BulkChange | undefined>(task === 'delete' ? { kind: 'delete' } : undefined)
  const { stage, start, cancel } = useRun({ chosen, query, definitions })
  const count = countOf(chosen, total)
  const isRunning = stage.kind === 'running'
  return (
    <Modal
      opened
      onClose={() => (isRunning ? cancel() : close(stage.kind === 'over'))}
      title={titleOf(task, count, definitions)}
      closeOnClickOutside={!isRunning}
      size="md"
    >
      {stage.kind === 'choosing' && (
        <>
          {task !== 'delete' && <BulkChoice task={task} definitions={definitions} change={change} choose={setChange} />}
          {change !== undefined && (
            <PreviewText change={change} chosen={chosen} query={query} count={count} definitions={definitions} />
          )}
          <div className={classes['answers']}>
            <Button variant="default" onClick={() => close(false)}>
              Cancel
            </Button>
            <Button
              disabled={change === undefined}
              {...(task === 'delete' && { color: 'red', 'data-autofocus': true })}
              onClick={() => change !== undefined && void start(change, count)}
            >
              {task === 'delete' ? 'Delete' : 'Change'} {leadsOf(count)}
            </Button>
          </div>
        </>
      )}
      {stage.kind === 'running' && <Running stage={stage} cancel={cancel} />}
      {stage.kind === 'over' && <Outcomes {...stage} close={() => close(true)} />}
    </Modal>
  )
}

const leadsOf = (count: number): string => (count === 1 ? '1 lead' : `${shownNumber(count)} leads`)

function titleOf(task: BulkTask, count: number, definitions: Definitions): string {
  if (task === 'delete') return `Delete ${leadsOf(count)}`
  if (task === 'other') return `Change a field of ${leadsOf(count)}`
  return `${labelOf(task, definitions)} of ${leadsOf(count)}`
}

/** Carries a change out, and offers to take it back. */
function useRun({
  chosen,
  query,
  definitions,
}: Pick<BulkDialogProps, 'chosen' | 'query'> & { definitions: Definitions }) {
  const [stage, setStage] = useState<Stage>({ kind: 'choosing' })
  const ending = useRef(new AbortController())
  const mayRestore = useMay('restoreLead')
  const start = async (change: BulkChange, count: number): Promise<void> => {
    const { signal } = ending.current
    // The list is read again meanwhile, and what was deleted is no longer in it.
    const leads = chosen.kind === 'some' ? chosen.leads : heldLeads()
    setStage({ kind: 'running', done: 0, of: count })
    try {
      const ids = await chosenIds(chosen, query, signal)
      const tell = (outcomes: readonly RowOutcome[]): void =>
        setStage({ kind: 'running', done: outcomes.length, of: ids.length })
      const outcomes = await runBulk(ids, change, { definitions, signal, tell })
      setStage({ kind: 'over', outcomes, leads })
      const changed = undoable(outcomes)
      const mayUndo = changed.length > 0 && changed.length <= undoMax && (change.kind !== 'delete' || mayRestore)
      if (mayUndo) {
        const what = change.kind === 'delete' ? 'deleted' : 'changed'
        offerUndo(`${leadsOf(changed.length)} ${what}`, () => takeBack(outcomes, change, definitions))
      }
    } catch (error) {
      if (signal.aborted) setStage({ kind: 'over', outcomes: [], leads })
      else {
        say(`Nothing was changed. ${sentenceOf(error)}`, 'failed')
        setStage({ kind: 'choosing' })
      }
    }
  }
  return { stage, start, cancel: () => ending.current.abort() }
}

async function takeBack(outcomes: readonly RowOutcome[], change: BulkChange, definitions: Definitions): Promise<void> {
  const run = { definitions, signal: new AbortController().signal, tell: () => undefined }
  const back = await undoBulk(outcomes, change, run)
  const failed = back.filter(({ kind }) => kind === 'refused').length
  const done = back.length - failed
  if (failed === 0) say(`Undone for ${leadsOf(done)}.`)
  else say(`Undone for ${leadsOf(done)}. ${leadsOf(failed)} stay: they were changed again since.`, 'failed')
}

function Running({
  stage,
  cancel,
}: {
  readonly stage: Extract<Stage, { kind: 'running' }>
  readonly cancel: () => void
}) {
  const { done, of } = stage
  return (
    <div className={classes['running']}>
      <p role="status">
        {shownNumber(done)} of {shownNumber(of)} done
      </p>
      <Progress value={of === 0 ? 0 : (done / of) * 100} aria-label="Progress" transitionDuration={0} />
      <div className={classes['answers']}>
        <Button variant="default" onClick={cancel} data-autofocus>
          Stop
        </Button>
      </div>
    </div>
  )
}

interface PreviewTextProps {
  readonly change: BulkChange
  readonly chosen: Chosen
  readonly query: LeadQuery
  readonly count: number
  readonly definitions: Definitions
}

const shownMax = 5

/** From what to what. */
function PreviewText({ change, chosen, query, count, definitions }: PreviewTextProps) {
  const isAll = chosen.kind === 'all'
  const { data: counts } = useQuery({
    queryKey: ['leads', 'counts', query],
    queryFn: ({ signal }) => {
      const { sort: _sort, include: _include, ...filters } = query
      const asked: object = filters
      return waggle.leads.counts(asked, { signal })
    },
    enabled: isAll && change.kind !== 'delete',
  })
  if (change.kind === 'delete') {
    return (
      <p className={classes['text']}>
        {leadsOf(count)} will no longer be found. Their history stays, and an admin can restore them.
      </p>
    )
  }
  const preview = isAll
    ? counts && previewOfCounts(counts, change, definitions)
    : previewOf([...chosen.leads.values()], change, definitions)
  return (
    <div className={classes['preview']}>
      <p>{aim(change, definitions)}</p>
      {preview !== undefined && <Former preview={preview} />}
      {isAll && chosen.except.size > 0 && <p>{leadsOf(chosen.except.size)} of these were left out by you.</p>}
      {count > undoMax && <p>This cannot be undone at once: undo is for {shownNumber(undoMax)} leads at the most.</p>}
    </div>
  )
}

function Former({ preview: { former, same } }: { readonly preview: Preview }) {
  const rest = former.slice(shownMax)
  const restCount = rest.reduce((sum, { count }) => sum + count, 0)
  return (
    <ul className={classes['former']}>
      {former.slice(0, shownMax).map(({ words, count }) => (
        <li key={words}>
          <span className={classes['cut']}>{words}</span>
          <span>{leadsOf(count)}</span>
        </li>
      ))}
      {restCount > 0 && (
        <li>
          <span>{shownNumber(rest.length)} other values</span>
          <span>{leadsOf(restCount)}</span>
        </li>
      )}
      {same > 0 && (
        <li className={classes['same']}>
          <span>Already so, will not change</span>
          <span>{leadsOf(same)}</span>
        </li>
      )}
    </ul>
  )
}

/** What will be, in a sentence. */
function aim(change: Exclude<BulkChange, { kind: 'delete' }>, definitions: Definitions): string {
  const label = labelOf(change.member, definitions)
  if (change.kind === 'set') {
    const words = wordsOf(change.member, change.to, definitions)
    return words === '' ? `${label} will be empty. Now:` : `${label} will be ${words}. Now:`
  }
  const words = wordsOf(change.member, change.ids, definitions)
  return change.kind === 'add' ? `${words} will be added. Now:` : `${words} will be removed. Now:`
}
