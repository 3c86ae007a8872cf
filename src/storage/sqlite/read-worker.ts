import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type Answer, type Question, Reader, type ReadSettings } from './reader.ts'

/** `ready` comes once, when questions can be taken. */
export type Said = Answer | 'ready'

/** Answers questions one after the other, each as soon as it has its answer. */
function serve(port: MessagePort, reader: Reader): void {
  const say = (said: Said): void => port.postMessage(said)
  port.on('message', (questions: readonly Question[]) => {
    for (const question of questions) say(reader.answer(question))
  })
  say('ready')
}

if (parentPort !== null) serve(parentPort, new Reader(workerData as ReadSettings))
