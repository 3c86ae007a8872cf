/**
 * Every way a request can fail: its status and its exact text.
 *
 * A failure that names a member (`invalid_body`, `invalid_query`) takes its text from the fault; the
 * message here is what it says when nothing better is known. So is that of `in_use`, which counts.
 *
 * @see docs/behaviour.md §2 Errors
 */
export const failures = {
  invalid_request: { status: 400, message: 'Invalid request' },
  invalid_json: { status: 400, message: 'Invalid JSON body' },
  body_not_object: { status: 400, message: 'Request body must be a JSON object' },
  invalid_body: { status: 400, message: 'Invalid request body' },
  invalid_query: { status: 400, message: 'Invalid query' },
  invalid_idempotency_key: { status: 400, message: 'Invalid Idempotency-Key' },
  sign_in_refused: { status: 401, message: 'E-mail address or password is wrong' },
  invalid_key: { status: 401, message: 'Invalid API key or insufficient permissions' },
  foreign_user: { status: 403, message: 'Invalid API key or insufficient permissions' },
  write_access_required: { status: 403, message: 'Write access required for this operation' },
  read_access_required: { status: 403, message: 'Read access required for this operation' },
  admin_access_required: { status: 403, message: 'Admin access required for this operation' },
  code_refused: { status: 403, message: 'Code is wrong or has expired: the server prints another one when it starts' },
  sign_in_required: { status: 403, message: 'Only a person who is signed in may do this' },
  sign_in_again: { status: 403, message: 'Sign in again first: this session began more than ten minutes ago' },
  password_refused: { status: 403, message: 'Password is wrong' },
  foreign_origin: { status: 403, message: 'Request comes from another site' },
  not_found: { status: 404, message: 'Not found' },
  lead_not_found: { status: 404, message: 'Lead not found or not accessible' },
  lead_already_deleted: { status: 404, message: 'Lead not found or already deleted' },
  lead_erased: { status: 409, message: 'Lead was erased and cannot be restored' },
  lead_not_deleted: { status: 409, message: 'Lead is not deleted' },
  session_not_found: { status: 404, message: 'Session not found or not accessible' },
  tag_not_found: { status: 404, message: 'Tag not found or not accessible' },
  user_not_found: { status: 404, message: 'User not found or not accessible' },
  field_not_found: { status: 404, message: 'Custom field not found or not accessible' },
  option_not_found: { status: 404, message: 'Option not found or not accessible' },
  import_not_found: { status: 404, message: 'Import not found or not accessible' },
  import_running: { status: 409, message: 'Import is running' },
  import_was_dry: { status: 409, message: 'Import was a dry run' },
  tier_not_found: { status: 404, message: 'Tier not found or not accessible' },
  category_not_found: { status: 404, message: 'Category not found or not accessible' },
  stage_not_found: { status: 404, message: 'Stage not found or not accessible' },
  view_not_found: { status: 404, message: 'View not found or not accessible' },
  key_not_found: { status: 404, message: 'Key not found or not accessible' },
  event_not_found: { status: 404, message: 'Event not found or not accessible' },
  integration_not_found: { status: 404, message: 'Integration not found or not accessible' },
  webhook_not_found: { status: 404, message: 'Webhook not found or not accessible' },
  delivery_not_found: { status: 404, message: 'Delivery not found or not accessible' },
  method_not_allowed: { status: 405, message: 'Method not allowed' },
  request_timeout: { status: 408, message: 'Request timeout' },
  idempotency_running: { status: 409, message: 'A request with this idempotency key is still running' },
  external_id_taken: { status: 409, message: 'external_id belongs to another lead' },
  email_ambiguous: { status: 409, message: 'Several leads have this email' },
  email_taken: { status: 409, message: 'Another user has this e-mail address' },
  setup_done: { status: 409, message: 'Waggle has been set up already' },
  cannot_sign_in: { status: 409, message: 'User is disabled or indirect and cannot sign in' },
  no_password: { status: 409, message: 'You have no password: an administrator can make a link that sets one' },
  no_mail: { status: 409, message: 'This server sends no mail: an administrator can make a link for a new password' },
  key_ended: { status: 409, message: 'Key is revoked or expired' },
  user_erased: { status: 409, message: 'User was erased and cannot be changed' },
  last_admin: { status: 409, message: 'It is the last administrator of the company: make another first' },
  last_admin_key: { status: 409, message: 'It is the last admin key of the company: make another first' },
  not_archived: { status: 409, message: 'Archive it first: only what is archived can be deleted' },
  in_use: { status: 409, message: 'In use by leads' },
  event_erased: { status: 409, message: 'Event was emptied by retention or erasure and cannot be sent again' },
  link_ended: { status: 410, message: 'Link was used already or has expired' },
  lead_modified: { status: 412, message: 'Lead was modified' },
  body_too_large: { status: 413, message: 'Request body too large' },
  unsupported_media_type: { status: 415, message: 'Content-Type must be application/json' },
  unsupported_file_type: { status: 415, message: 'Content-Type must be text/csv or application/x-ndjson' },
  idempotency_mismatch: { status: 422, message: 'Idempotency key was used with another request' },
  too_many_attempts: { status: 429, message: 'Too many attempts' },
  rate_limited: { status: 429, message: 'Rate limit exceeded' },
  headers_too_large: { status: 431, message: 'Request headers too large' },
  internal: { status: 500, message: 'Internal server error' },
  unavailable: { status: 503, message: 'Service unavailable' },
} as const satisfies Record<string, { status: number; message: string }>

export type FailureName = keyof typeof failures

/** One thing wrong with a body: a JSON Pointer (RFC 6901) to the member, and what is wrong with it. */
export interface Fault {
  readonly path: string
  readonly message: string
  /** What `error` says when this fault is the first; `message` where absent. */
  readonly summary?: string
  /** Said in `details` only, behind the message: what would be right. */
  readonly hint?: string
}
