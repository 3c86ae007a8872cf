import { type Reference, referenceFromText } from '../contract/forms.ts'
import type { Definitions, FieldRow } from '../storage/definitions.ts'

interface Labelled {
  readonly id: number
  readonly label: string
}

const folded = (label: string): string => label.trim().toLowerCase()

/** Rows by their label, whatever its case; those that share one have none. */
class Labels {
  readonly #byLabel = new Map<string, number | undefined>()

  constructor(rows: Iterable<Labelled>) {
    for (const { id, label } of rows) {
      const name = folded(label)
      this.#byLabel.set(name, this.#byLabel.has(name) ? undefined : id)
    }
  }

  idOf(label: string): number | undefined {
    return this.#byLabel.get(folded(label))
  }

  /** How a row is written so that reading it finds this row: by its label, else as `#` and its id. */
  written({ id, label }: Labelled): string {
    const isPlain = this.idOf(label) === id && !/[;]|^#|^\s|\s$/.test(label) && referenceFromText(label) === undefined
    return isPlain ? label : `#${id}`
  }
}

/** What people call tags, users and options, and what these are. */
export class Names {
  readonly definitions: Definitions
  readonly tags: Labels
  readonly users: Labels
  readonly #options = new Map<number, Labels>()

  constructor(definitions: Definitions) {
    this.definitions = definitions
    this.tags = new Labels(
      [...definitions.tags.all()].filter(
        ({ archived_at, association }) => archived_at === null && association === 'lead',
      ),
    )
    this.users = new Labels([...definitions.users.all()].map(({ id, email }) => ({ id, label: email })))
  }

  options({ id, options }: FieldRow): Labels {
    const present = this.#options.get(id)
    if (present !== undefined) return present
    const labels = new Labels([...options.values()].filter(({ archived_at }) => archived_at === null))
    this.#options.set(id, labels)
    return labels
  }
}

/** What an element of a cell names: a number, a uuid, `#` and a number, or a label. Undefined when it names nothing. */
export function referenceIn(element: string, labels: Pick<Labels, 'idOf'>): Reference | undefined {
  const byLabel = labels.idOf(element)
  if (byLabel !== undefined) return byLabel
  return referenceFromText(element.startsWith('#') ? element.slice(1) : element)
}
