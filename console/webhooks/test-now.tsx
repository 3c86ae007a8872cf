import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconSend } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { Contract } from '../../sdk/index.ts'
import { sentenceOf, waggle } from '../app/api.ts'
import { Code } from '../ui/code.tsx'
import { shownMs } from './health.ts'
import classes from './test-now.module.css'
import { whyFailed } from './words.ts'

type Answer = Contract['testWebhook']['reply']

/** Sends a made-up lead and shows what came back. */
export function TestNow({ webhookId }: { readonly webhookId: number | string }) {
  const { mutate, isPending, data, error } = useMutation({ mutationFn: () => waggle.webhooks.test(webhookId) })
  return (
    <div className={classes['test']}>
      <Button
        variant="default"
        leftSection={<IconSend size={14} aria-hidden />}
        loading={isPending}
        onClick={() => mutate()}
        data-autofocus
      >
        {data === undefined ? 'Send a test' : 'Send another test'}
      </Button>
      <div role="status" className={classes['answer']}>
        {data !== undefined && <AnswerShown answer={data} />}
        {error !== null && <p className={classes['failed']}>{sentenceOf(error)}</p>}
      </div>
    </div>
  )
}

function AnswerShown({ answer: { delivered, status, ms, answer, error } }: { readonly answer: Answer }) {
  const why = whyFailed({ state: delivered ? 'delivered' : 'parked', status, error })
  return (
    <>
      <p className={delivered ? classes['good'] : classes['failed']}>
        {delivered ? <IconCircleCheck size={15} aria-hidden /> : <IconAlertTriangle size={15} aria-hidden />}
        {delivered ? `It arrived: the receiver answered ${status} after ${shownMs(ms)}.` : `${why} (${shownMs(ms)})`}
      </p>
      {answer !== null && <Code label="the answer" text={answer} isWrapped heightMax={160} />}
    </>
  )
}
