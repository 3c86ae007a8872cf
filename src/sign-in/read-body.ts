import { companyNameMax } from '../contract/company.ts'
import { codePoints, emailHint, isEmail } from '../contract/forms.ts'
import { passwordLimits } from '../contract/session.ts'
import { userLimits } from '../contract/users.ts'
import { BodyReader, type Read } from '../http/body-reader.ts'
import type { FirstPerson } from './setup.ts'

const asItIs = (text: string): string => text

/** What a person signs in with. */
export interface Credentials {
  readonly email: string
  readonly password: string
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readCredentials(body: unknown): Read<Credentials> {
  const reader = new BodyReader(body)
  const email = reader.notBlank('email', userLimits.email, 'needed') ?? ''
  const password = reader.text('password', passwordLimits.max, asItIs) ?? ''
  if (password === '') reader.missing('password')
  return { value: { email, password }, ignored: reader.finish(['email', 'password']) }
}

const tokenLengthMax = 128
const codeLengthMax = 32

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readSetUp(body: unknown): Read<FirstPerson> {
  const reader = new BodyReader(body)
  const value: FirstPerson = {
    code: reader.notBlank('code', codeLengthMax, 'needed') ?? '',
    email: readNewEmail(reader),
    password: readNewPassword(reader),
    firstName: reader.text('first_name', userLimits.first_name) ?? null,
    lastName: reader.text('last_name', userLimits.last_name) ?? null,
    companyName: reader.text('company_name', companyNameMax) ?? null,
  }
  const known = ['code', 'email', 'password', 'first_name', 'last_name', 'company_name']
  return { value, ignored: reader.finish(known) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readToken(body: unknown): Read<string> {
  const reader = new BodyReader(body)
  const value = reader.notBlank('token', tokenLengthMax, 'needed') ?? ''
  return { value, ignored: reader.finish(['token']) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readWelcome(body: unknown): Read<{ token: string; password: string }> {
  const reader = new BodyReader(body)
  const token = reader.notBlank('token', tokenLengthMax, 'needed') ?? ''
  return { value: { token, password: readNewPassword(reader) }, ignored: reader.finish(['token', 'password']) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readForgot(body: unknown): Read<string> {
  const reader = new BodyReader(body)
  const value = reader.notBlank('email', userLimits.email, 'needed') ?? ''
  return { value, ignored: reader.finish(['email']) }
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readPasswordChange(body: unknown): Read<{ current: string; password: string }> {
  const reader = new BodyReader(body)
  const current = reader.text('current_password', passwordLimits.max, asItIs) ?? ''
  if (current === '') reader.missing('current_password')
  const value = { current, password: readNewPassword(reader) }
  return { value, ignored: reader.finish(['current_password', 'password']) }
}

/**
 * The password of who is signed in, once more.
 *
 * @param isNeeded whether that one has a password
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readPasswordAgain(body: unknown, isNeeded: boolean): Read<string | undefined> {
  const reader = new BodyReader(body)
  const password = reader.text('password', passwordLimits.max, asItIs) ?? undefined
  if (password === undefined && isNeeded) reader.missing('password')
  return { value: password, ignored: reader.finish(['password']) }
}

function readNewEmail(reader: BodyReader): string {
  const email = reader.notBlank('email', userLimits.email, 'needed') ?? ''
  if (email !== '' && !isEmail(email)) reader.fault('email', 'Invalid email', emailHint)
  return email
}

function readNewPassword(reader: BodyReader): string {
  const password = reader.text('password', passwordLimits.max, asItIs)
  if (password === undefined || password === null) reader.missing('password')
  else if (codePoints(password) < passwordLimits.min) {
    reader.fault('password', `password must be at least ${passwordLimits.min} characters`)
  }
  return password ?? ''
}
