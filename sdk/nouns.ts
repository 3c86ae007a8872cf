import type { Contract } from './contract.ts'
import type { ToldLead } from './webhook.ts'

type RowOf<Name extends keyof Contract> = Contract[Name]['reply'] extends readonly (infer Row)[] ? Row : never

export type Lead = Contract['getLead']['reply']
/** A lead as a list has it; its custom values only when they were asked for. */
export type LeadRow = RowOf<'listLeads'>
export type LeadCounts = Contract['countLeads']['reply']
export type LeadCreation = Contract['createLead']['body']
/** Members of a lead that a change names; the others stay as they are. */
export type LeadPatch = Contract['updateLead']['body']
export type LeadBatch = Contract['changeLeads']['body']
export type LeadBatchResult = Contract['changeLeads']['reply']['results'][number]
export type HistoryRow = RowOf<'leadHistory'>
/** A change in the feed, or what retention has left of it (`erased`). */
export type FeedEvent = FeedEventOf<RowOf<'listEvents'>>
type FeedEventOf<Row> = Row extends { lead: unknown } ? Omit<Row, 'lead'> & { lead: ToldLead } : Row

export type Tag = RowOf<'listTags'>
export type CustomField = RowOf<'listCustomFields'>
export type User = RowOf<'listUsers'>
export type Company = Contract['getCompany']['reply']
export type View = RowOf<'listViews'>
export type Key = RowOf<'listKeys'>
export type Tier = RowOf<'listTiers'>
export type Category = RowOf<'listCategories'>
export type PartnerStage = RowOf<'listPartnerStages'>
export type LeadDealStage = RowOf<'listLeadDealStages'>

export type Me = Contract['me']['reply']
/** What the page for signing in needs to know. */
export type ConsoleState = Contract['consoleState']['reply']

export type Integration = RowOf<'listIntegrations'>
export type Webhook = Contract['getWebhook']['reply']
export type Delivery = RowOf<'listDeliveries'>
export type DeliveryDetail = Contract['getDelivery']['reply']
export type Receipt = RowOf<'eventDeliveries'>

export type Import = Contract['getImport']['reply']
export type ImportRow = RowOf<'listImportRows'>
