import { copyText } from './clipboard.ts'
import type { ChangeRequest } from './requests.ts'
import { say } from './say.ts'

/** Copies a text and says so. */
export async function copied(text: string, sentence: string): Promise<void> {
  if (await copyText(text)) say(sentence)
  else say('The browser lets nothing be copied here.', 'failed')
}

/** The forms that a request is copied in. */
export const requestForms = [
  { form: 'curl', label: 'Copy as curl' },
  { form: 'code', label: 'Copy as code' },
] as const
export type RequestForm = (typeof requestForms)[number]['form']

/** Copies a request as a command for a shell, or as a program. What writes it is loaded only now. */
export async function copyRequest(request: ChangeRequest, form: RequestForm): Promise<void> {
  const { codeOf, curlOf } = await import('./copy-as.ts')
  const text = form === 'curl' ? curlOf(request, window.location.origin) : codeOf(request, window.location.origin)
  if (text === undefined) say('The client has no function for this change.', 'failed')
  else await copied(text, form === 'curl' ? 'The curl command is copied.' : 'The code is copied.')
}
