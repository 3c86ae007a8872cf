import type { Contract } from './contract.ts'
import type { QueryOf, Reference } from './query.ts'
import type { Route, Routes } from './routes.ts'

/** What is told of each answer beside its value. */
export interface AnswerMeta {
  /** The operation, by its id in the contract. */
  readonly operation: string
  readonly status: number
  readonly requestId: string | undefined
  /** How often it was sent. */
  readonly attempts: number
  /** Milliseconds from the call to the answer. */
  readonly ms: number
  /** Members of the body that the server does not know, and passed over. */
  readonly ignored: readonly string[]
  /** Whether the server had given this answer before. */
  readonly replayed: boolean
  readonly headers: Headers
}

/** What each call may say of itself. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** For the call with all its tries, in milliseconds; 0 for no bound. */
  readonly timeoutMs?: number | undefined
  /** Tries beside the first. */
  readonly retries?: number | undefined
  readonly onAnswer?: ((meta: AnswerMeta) => void) | undefined
}

type Shape = Contract[keyof Contract]

/** An ETag, or the version in it. */
export type Version = string | number

type OptionsOf<S extends Shape> = CallOptions &
  ('Idempotency-Key' extends S['hears']
    ? {
        /** Of a change that may have been sent before, by another process say. The client makes one for each call itself. */
        readonly idempotencyKey?: string | undefined
      }
    : unknown) &
  ('If-Match' extends S['hears']
    ? {
        /** Only if the lead still has this version; otherwise it is refused as `lead_modified`. */
        readonly ifMatch?: Version | readonly Version[] | undefined
      }
    : unknown) &
  ('Prefer' extends S['hears']
    ? {
        /** Refuse members that the server does not know. */
        readonly strict?: boolean | undefined
      }
    : unknown)

/** A file that is sent, by what it is. Of a stream the length is not known, and it is sent once. */
export type SentFile = { readonly csv: FileContent } | { readonly jsonl: FileContent }
type FileContent = string | Blob | ReadableStream<Uint8Array>

/** The parameters of a path, in their order. */
type ParamsOf<To extends string> = To extends `${string}:${infer Name}/${infer Rest}`
  ? [...Labelled<Name>, ...ParamsOf<Rest>]
  : To extends `${string}:${infer Name}`
    ? Labelled<Name>
    : []

/** Parameters under their names, for whoever reads the signature. */
interface Labels {
  leadId: [leadId: Reference]
  tagId: [tagId: Reference]
  userId: [userId: Reference]
  fieldId: [fieldId: Reference]
  optionId: [optionId: Reference]
  stageId: [stageId: Reference]
  keyId: [keyId: Reference]
  importId: [importId: Reference]
  webhookId: [webhookId: Reference]
  viewId: [viewId: Reference]
  deliveryId: [deliveryId: Reference]
  sequence: [sequence: number]
}
type Labelled<Name extends string> = Name extends keyof Labels ? Labels[Name] : [id: Reference]

type BodyOf<S extends Shape> = S['file'] extends true
  ? [file: SentFile]
  : undefined extends S['body']
    ? []
    : [body: S['body']]

type ArgumentsOf<S extends Shape, To extends string> = [...ParamsOf<To>, ...BodyOf<S>]
/** Behind the arguments that must be there. */
type FurtherOf<S extends Shape, Options> = undefined extends S['query']
  ? [options?: Options]
  : [query?: QueryOf<S['query']>, options?: Options]

/** A part of a list. */
export interface Page<Row> {
  readonly rows: Row[]
  /** How many rows the whole list has, where the server counts them. */
  readonly total: number | null
  /** The `cursor` of what follows; null at the end. */
  readonly nextCursor: string | null
}

/** What headers tell of a lead. */
type MetaOf<S extends Shape> = ('ETag' extends S['tells']
  ? {
      /** The lead's version, for `ifMatch`. */
      readonly etag: string
    }
  : unknown) &
  ('X-Waggle-Sequence' extends S['tells']
    ? {
        /** The change's number in the log; null when nothing changed. */
        readonly sequence: number | null
      }
    : unknown) &
  ('X-Waggle-Last-Sequence' extends S['tells']
    ? {
        /** The number of the newest event. */
        readonly lastSequence: number
      }
    : unknown)

type ResultOf<S extends Shape, Reply> = S['raw'] extends true
  ? Response
  : Reply extends readonly (infer Row)[]
    ? Page<Row> & MetaOf<S>
    : null extends Reply
      ? unknown extends MetaOf<S>
        ? Reply extends null
          ? undefined
          : Reply
        : MetaOf<S>
      : Reply & MetaOf<S>

type MethodOfShape<S extends Shape, To extends string> = undefined extends S['whole']
  ? (...given: [...ArgumentsOf<S, To>, ...FurtherOf<S, OptionsOf<S>>]) => Promise<ResultOf<S, S['reply']>>
  : {
      /** Answers with the whole lead. */
      (
        ...given: [...ArgumentsOf<S, To>, options: OptionsOf<S> & { readonly whole: true }]
      ): Promise<ResultOf<S, S['whole']>>
      (
        ...given: [...ArgumentsOf<S, To>, ...FurtherOf<S, OptionsOf<S> & { readonly whole?: false | undefined }>]
      ): Promise<ResultOf<S, S['reply']>>
    }

type MethodOf<R> = R extends Route<infer Name, infer To> ? MethodOfShape<Contract[Name], To> : never

/** The operations of a noun as functions. */
export type MethodsOf<Noun> = { readonly [Verb in keyof Noun]: MethodOf<Noun[Verb]> }

/** Every operation as a function, by noun and verb. */
export type Methods = { readonly [Noun in keyof Routes]: MethodsOf<Routes[Noun]> }
