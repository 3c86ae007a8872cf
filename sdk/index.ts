export { type Client, type ClientOptions, createClient } from './client.ts'
export type { Contract } from './contract.ts'
export type { FollowOptions, FollowState } from './follow.ts'
export type { AnswerMeta, CallOptions, Page, SentFile, Version } from './methods.ts'
export type * from './nouns.ts'
export { everyRow } from './pages.ts'
export type { DeliveryState, EventName, Fillable, Reference, Source, Status } from './query.ts'
export { type Detail, type Failure, WaggleError } from './refusal.ts'
export {
  type ToldLead,
  type VerifyWebhook,
  verifyWebhook,
  WebhookError,
  type WebhookEvent,
  type WebhookFault,
  type WebhookKeys,
  type WebhookMessage,
} from './webhook.ts'
