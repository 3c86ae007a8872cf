import type { exampleBody } from '../requests.ts'

/** The body of a patch of the page's example. */
export type Body = ReturnType<typeof exampleBody>

/** One way to carry out a patch: checked, written with its event, and durable when it resolves. */
export interface WritePath {
  patch(companyId: number, leadId: number, body: Body): Promise<void>
  close(): Promise<void>
}

/** Who asks, for the event. */
export const actor = { userUuid: '0192a000-0000-7000-8000-000000000001', keyId: 1 }
