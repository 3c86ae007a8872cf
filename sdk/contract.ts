import type { Static, TSchema, TUnion } from 'typebox'
import type { Operation } from '../src/contract/operation.ts'

/** The files of the contract that hold operations. A new file is a line here. */
type Modules =
  | typeof import('../src/contract/account.ts')
  | typeof import('../src/contract/company.ts')
  | typeof import('../src/contract/configuration.ts')
  | typeof import('../src/contract/deletions.ts')
  | typeof import('../src/contract/deliveries.ts')
  | typeof import('../src/contract/erasure.ts')
  | typeof import('../src/contract/feed.ts')
  | typeof import('../src/contract/keys.ts')
  | typeof import('../src/contract/lead-batch.ts')
  | typeof import('../src/contract/lead-elements.ts')
  | typeof import('../src/contract/lead-history.ts')
  | typeof import('../src/contract/lead-life.ts')
  | typeof import('../src/contract/leads.ts')
  | typeof import('../src/contract/session.ts')
  | typeof import('../src/contract/stages.ts')
  | typeof import('../src/contract/system.ts')
  | typeof import('../src/contract/tiers.ts')
  | typeof import('../src/contract/transfer.ts')
  | typeof import('../src/contract/users.ts')
  | typeof import('../src/contract/views.ts')
  | typeof import('../src/contract/webhooks.ts')

/** The operations that a file of the contract exports. */
type OperationOf<Module> = Module extends unknown
  ? { [Name in keyof Module]: Module[Name] extends Operation ? Module[Name] : never }[keyof Module]
  : never

/** What may be sent: lists need not be changeable. */
type Sent<Value> = Value extends readonly (infer Element)[]
  ? readonly Sent<Element>[]
  : Value extends object
    ? { [Member in keyof Value]: Sent<Value[Member]> }
    : Value

type StaticOf<O, Member extends string> = O extends { readonly [Name in Member]: infer Schema extends TSchema }
  ? Static<Schema>
  : undefined

type NamesOf<O, Member extends string> = O extends { readonly [Name in Member]: infer Names }
  ? keyof Names & string
  : never

/** Of an update, that which answers with the whole lead when that is preferred. */
type RepliesOf<O> = O extends { readonly replyHeaders: { readonly 'Preference-Applied': string } }
  ? O extends { readonly reply: TUnion<[infer Short extends TSchema, infer Whole extends TSchema]> }
    ? { reply: Static<Short>; whole: Static<Whole> }
    : { reply: StaticOf<O, 'reply'>; whole: undefined }
  : { reply: StaticOf<O, 'reply'>; whole: undefined }

/** What the client knows of an operation. */
interface ShapeOf<O extends Operation> {
  method: O['method']
  /** Every spelling of its path. */
  path: O['path'] | (O extends { readonly aliases: readonly (infer Alias extends string)[] } ? Alias : never)
  /** Members of the query as the wire has them; undefined when it takes none. */
  query: StaticOf<O, 'query'>
  body: Sent<StaticOf<O, 'body'>>
  /** Whether its body is a file. */
  file: O extends { readonly file: readonly string[] } ? true : false
  reply: RepliesOf<O>['reply']
  /** What it answers with {@link CallOptions} `whole`; undefined when it does not know that. */
  whole: RepliesOf<O>['whole']
  /** Whether its answer is a file or a text, not JSON. */
  raw: O extends { readonly media: readonly (infer Media)[] }
    ? 'application/json' extends Media
      ? false
      : true
    : false
  /** Headers of the request and of the answer that it declares. */
  hears: NamesOf<O, 'headers'>
  tells: NamesOf<O, 'replyHeaders'>
}

/**
 * Every operation of the server by its id, mapped from the contract.
 *
 * This file alone knows the contract's schemas, and only as types: a program that uses the client holds none of
 * them. The published package has plain types in its place, which `tools/client/` writes from the same operations.
 */
export type Contract = { [O in OperationOf<Modules> as O['id']]: ShapeOf<O> }
