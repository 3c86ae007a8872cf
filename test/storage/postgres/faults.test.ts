import { DatabaseError } from 'pg'
import { expect, test } from 'vitest'
import { BatchUndone, StorageFault } from '../../../src/storage/engine.ts'
import { isAnswer, isOfServer, refused, undone, unknown } from '../../../src/storage/postgres/faults.ts'

function answer(code: string, severity = 'ERROR'): DatabaseError {
  const error = new DatabaseError('what the server says', 1, 'error')
  error.code = code
  error.severity = severity
  return error
}
const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
const ended = new Error('Connection terminated unexpectedly')

test.each([
  ['a serialization failure', answer('40001')],
  ['a deadlock', answer('40P01')],
  ['a server that shuts down', answer('57P01', 'FATAL')],
  ['a connection that was lost', lost],
  ['a connection that ended', ended],
])('behind %s the batch is tried again', (_, error) => {
  expect(undone(error)).toBeInstanceOf(BatchUndone)
  expect(undone(error)).toMatchObject({ next: 'again', cause: error })
})

test.each([
  ['a value that does not fit', '22003'],
  ['a rule of a table', '23505'],
  ['a statement of ours', '42703'],
  ['a row that two writes touch', '21000'],
])('%s is one work’s fault: each is tried by itself', (_, code) => {
  expect(undone(answer(code))).toMatchObject({ next: 'alone' })
})

test.each([
  ['no room on the disk', '53100'],
  ['a lock that was not got in time', '55P03'],
  ['a statement that took too long', '57014'],
])('%s refuses the batch, and its fate is known', (_, code) => {
  expect(undone(answer(code))).toBeInstanceOf(StorageFault)
  expect(undone(answer(code))).toMatchObject({
    fateUnknown: false,
    message: 'The database refused a commit: what the server says',
  })
})

test('an error of this program is no fault of the server', () => {
  const bug = new TypeError('x is not a function')
  expect(isOfServer(bug)).toBe(false)
  expect(undone(bug)).toBe(bug)
})

test('an answer is what the server says and keeps the connection for', () => {
  expect(isAnswer(answer('23505'))).toBe(true)
  expect(isAnswer(answer('57P01', 'FATAL'))).toBe(false)
  expect(isAnswer(answer('XX000', 'PANIC'))).toBe(false)
  expect(isAnswer(lost)).toBe(false)
})

test('a fault says what the server said, and does not stop the process', () => {
  expect(refused(lost)).toMatchObject({ message: 'The database refused a commit: read ECONNRESET', fateUnknown: false })
  expect(unknown(ended)).toMatchObject({
    message: 'Whether a commit stands is not known: Connection terminated unexpectedly',
    fateUnknown: false,
  })
})
