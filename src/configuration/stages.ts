import { configurationLimits, partnerTypes } from '../contract/configuration.ts'
import type { Fault } from '../contract/failures.ts'
import { isObject, type Reference, referenceFromJson } from '../contract/forms.ts'
import { type Pipeline, phases, seriesMax } from '../contract/stages.ts'
import { BodyReader, isArray, type Read, refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTimeOrNull } from '../kernel/time.ts'
import type { Definitions, StageRow } from '../storage/definitions.ts'
import type { Work, Write } from '../storage/port.ts'
import { archivedAt, isSame, readLabel, readPartnerType, type Told } from './read-body.ts'

export interface StageCreation extends Pick<StageRow, 'pipeline' | 'label' | 'phase' | 'partner_type'> {
  /** Behind all others when absent. */
  readonly series: number | undefined
}

/** What may be changed of a stage; undefined stays. */
export interface StageChange {
  readonly label: string | undefined
  readonly series: number | undefined
  readonly phase: string | undefined
  readonly archived: boolean | undefined
}

/** One of several stages that are changed together. */
export interface NamedChange extends StageChange {
  readonly stage: Reference
  /** Where it stands in the body, as a JSON Pointer. */
  readonly place: string
}

const placeIn = (reader: BodyReader, pipeline: Pipeline) => ({
  series: reader.integer('series', { min: 1, max: seriesMax }),
  phase: reader.oneOf<string>('phase', phases[pipeline]),
})

/**
 * A stage of partnerships must say for which partner type it is, one of deals its phase.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readStageCreation(pipeline: Pipeline, body: unknown): Read<StageCreation> {
  const reader = new BodyReader(body)
  const label = readLabel(reader, 'needed') ?? ''
  const { series, phase } = placeIn(reader, pipeline)
  const needed = pipeline === 'partner' ? 'partner_type' : 'phase'
  const partner_type =
    pipeline === 'partner'
      ? (reader.oneOf('partner_type', partnerTypes) ?? null)
      : readPartnerType(reader, partnerTypes)
  if (!reader.has(needed)) reader.missing(needed)
  const value: StageCreation = { pipeline, label, series, phase: phase ?? phases[pipeline][0], partner_type }
  return { value, ignored: reader.finish(['label', 'series', 'phase', 'partner_type']) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readStageChange(pipeline: Pipeline, body: unknown): Read<StageChange> {
  const reader = new BodyReader(body)
  const value: StageChange = {
    label: readLabel(reader, 'when sent'),
    ...placeIn(reader, pipeline),
    archived: reader.flag('archived'),
  }
  return { value, ignored: reader.finish(['label', 'series', 'phase', 'archived']) }
}

/**
 * Several changes at once: a list, or an object with the list as `stages`.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readStageChanges(pipeline: Pipeline, body: unknown): Read<readonly NamedChange[]> {
  const isBare = isArray(body)
  const reader = new BodyReader(isBare ? { stages: body } : body)
  const sent = reader.get('stages')
  const ignored = new Set<string>()
  const value: NamedChange[] = []
  if (sent === undefined) reader.missing('stages')
  else if (!isArray(sent)) reader.fault('stages', 'stages must be an array')
  else if (sent.length > configurationLimits.stages) {
    const message = `stages must have at most ${configurationLimits.stages} elements`
    reader.faults.push({ path: isBare ? '' : '/stages', message })
  } else {
    for (const [index, one] of sent.entries()) {
      const read = readNamed(pipeline, one, { index, path: `${isBare ? '' : '/stages'}/${index}` }, reader.faults)
      if (read === undefined) continue
      value.push(read.value)
      for (const name of read.ignored) ignored.add(name)
    }
  }
  for (const name of reader.finish(['stages'])) ignored.add(name)
  return { value, ignored: [...ignored] }
}

/** @param faults what is wrong with the element is added here; then none is read */
function readNamed(
  pipeline: Pipeline,
  sent: unknown,
  { index, path }: { readonly index: number; readonly path: string },
  faults: Fault[],
): Read<NamedChange> | undefined {
  if (!isObject(sent)) {
    faults.push({ path, message: `stages[${index}] must be an object` })
    return undefined
  }
  const reader = new BodyReader(sent)
  const stage = referenceFromJson(reader.get('id'))
  if (stage === undefined) reader.missing('id')
  const change = { label: readLabel(reader, 'when sent'), ...placeIn(reader, pipeline), archived: undefined }
  for (const fault of reader.faults) {
    faults.push({ ...fault, path: `${path}${fault.path}`, message: `stages[${index}].${fault.message}` })
  }
  if (stage === undefined || reader.faults.length > 0) return undefined
  return { value: { stage, place: path, ...change }, ignored: reader.finish(['id', 'label', 'series', 'phase']) }
}

/** The stages of a pipeline by their places, archived ones too. */
export const stagesOf = ({ stages }: Definitions, pipeline: Pipeline): StageRow[] =>
  [...stages.all()]
    .filter((stage) => stage.pipeline === pipeline)
    .sort((left, right) => left.series - right.series || left.id - right.id)

function stageOf({ stages }: Definitions, pipeline: Pipeline, reference: Reference | undefined): StageRow | undefined {
  const stage = stages.get(reference)
  return stage?.pipeline === pipeline ? stage : undefined
}

/** @throws Refusal `invalid_body` when the company has as many as it may, or the last place is taken */
export const createStage = (companyId: number, stage: StageCreation): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: {},
  ids: { stages: 1 },
  changesDefinitions: true,
  decide: (_, at) => {
    const present = stagesOf(at.definitions, stage.pipeline)
    refuseMoreThan(configurationLimits.stages, 'stages', present.length)
    const besides = present.filter(({ partner_type }) => partner_type === stage.partner_type)
    const series = stage.series ?? (besides.at(-1)?.series ?? 0) + 1
    if (series > seriesMax) throw unknownPlace()
    const [id, uuid] = [at.nextId('stages'), at.uuid()]
    const row: StageRow = { ...stage, series, company_id: companyId, id, uuid, created_at: at.now, archived_at: null }
    return { reply: { id, uuid }, writes: [{ kind: 'insert', table: 'stages', row }] }
  },
})

const unknownPlace = (): Refusal =>
  new Refusal('invalid_body', {
    faults: [{ path: '/series', message: `series is required, as a stage has the last place, ${seriesMax}` }],
  })

const after = (before: StageRow, change: StageChange, now: number) => ({
  label: change.label ?? before.label,
  series: change.series ?? before.series,
  phase: change.phase ?? before.phase,
  archived_at: archivedAt(before.archived_at, change.archived, now),
})

const updateOf = ({ company_id, id }: StageRow, set: Partial<StageRow>): Write => ({
  kind: 'update',
  table: 'stages',
  key: { company_id, id },
  set,
})

/** @throws Refusal `stage_not_found` */
export const changeStage = (
  companyId: number,
  { pipeline, reference }: { readonly pipeline: Pipeline; readonly reference: Reference | undefined },
  { wholeSeconds, ...change }: StageChange & Told,
): Work<ReturnType<typeof stageView>> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const before = stageOf(at.definitions, pipeline, reference)
    if (before === undefined) throw new Refusal('stage_not_found')
    const set = after(before, change, at.now)
    return {
      reply: stageView({ ...before, ...set }, wholeSeconds),
      writes: isSame(before, set) ? [] : [updateOf(before, set)],
    }
  },
})

/**
 * Changes several stages of a pipeline, all or none.
 *
 * @returns the ids of those that were named, in their order
 * @throws Refusal `invalid_body` with every stage that is not there, or is named twice
 */
export const changeStages = (
  companyId: number,
  pipeline: Pipeline,
  changes: readonly NamedChange[],
): Work<{ updated: readonly number[] }> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, at) => {
    const faults: Fault[] = []
    const named = new Set<number>()
    const writes: Write[] = []
    for (const change of changes) {
      const before = stageOf(at.definitions, pipeline, change.stage)
      const path = `${change.place}/id`
      if (before === undefined) faults.push({ path, message: `Invalid stage ID: ${change.stage}` })
      else if (named.has(before.id)) faults.push({ path, message: `Duplicate stage ID: ${change.stage}` })
      else {
        named.add(before.id)
        const set = after(before, change, at.now)
        if (!isSame(before, set)) writes.push(updateOf(before, set))
      }
    }
    if (faults.length > 0) throw new Refusal('invalid_body', { faults })
    return { reply: { updated: [...named] }, writes }
  },
})

/** A stage as lists answer it. */
export const stageView = (stage: StageRow, wholeSeconds: boolean) => ({
  id: stage.id,
  uuid: stage.uuid,
  label: stage.label,
  series: stage.series,
  phase: stage.phase,
  partner_type: stage.partner_type,
  company_id: stage.company_id,
  archived_at: wireTimeOrNull(stage.archived_at, wholeSeconds),
})
