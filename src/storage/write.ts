import type { Row, TableName } from './tables.ts'

/**
 * A change of one row, as data. The engine makes the statement.
 *
 * An event is an insert into `events`; the core counts it, so that numbers stay dense.
 */
export type Write = {
  [T in TableName]:
    | { readonly kind: 'insert'; readonly table: T; readonly row: Row<T>; readonly names?: Names }
    | {
        readonly kind: 'update'
        readonly table: T
        readonly key: Partial<Row<T>>
        readonly set: Partial<Row<T>>
        readonly names?: Names
        /** Of a definition: what it replaces is not kept, so that the past is told by this change, too. */
        readonly forgets?: true
      }
    | { readonly kind: 'delete'; readonly table: T; readonly key: Partial<Row<T>> }
}[TableName]

/** Values of a second unique key that a write takes or gives up: writes of one value keep their order. */
type Names = readonly string[]
