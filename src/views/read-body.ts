import { codePoints, isObject, isStorable } from '../contract/forms.ts'
import { type Layout, layouts, viewLimits } from '../contract/views.ts'
import { BodyReader, isArray, type Read } from '../http/body-reader.ts'

/** What a client says of a view; undefined where it says nothing. */
export interface ViewBody {
  readonly name: string | undefined
  readonly shared: boolean | undefined
  readonly layout: Layout | undefined
  readonly query: Readonly<Record<string, unknown>> | undefined
  readonly columns: readonly string[] | undefined
  readonly position: number | undefined
}

/**
 * Reads the body of Create View and of Change View.
 *
 * @param when whether the name must be sent
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readView(body: unknown, when: 'needed' | 'when sent'): Read<ViewBody> {
  const reader = new BodyReader(body)
  const value: ViewBody = {
    name: reader.notBlank('name', viewLimits.name, when),
    shared: reader.flag('shared'),
    layout: reader.oneOf('layout', layouts),
    query: reader.json('query', { form: 'an object', isRight: isObject, bytesMax: viewLimits.queryBytes }),
    columns: readColumns(reader),
    position: reader.integer('position', { min: 0, max: viewLimits.position }),
  }
  return { value, ignored: reader.finish(['name', 'shared', 'layout', 'query', 'columns', 'position']) }
}

/** Names of columns in their order, each once. */
function readColumns(reader: BodyReader): readonly string[] | undefined {
  const sent = reader.get('columns')
  if (sent === undefined) return undefined
  if (!isArray(sent)) return reader.fault('columns', 'columns must be an array')
  if (sent.length > viewLimits.columns) {
    return reader.fault('columns', `columns must have at most ${viewLimits.columns} elements`)
  }
  const names: string[] = []
  for (const [index, name] of sent.entries()) {
    const isName = typeof name === 'string' && name !== '' && codePoints(name) <= viewLimits.column && isStorable(name)
    if (isName) names.push(name)
    else reader.fault(`columns/${index}`, `columns[${index}] must be a text of 1 to ${viewLimits.column} characters`)
  }
  return [...new Set(names)]
}
