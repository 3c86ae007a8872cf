import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { sentenceOf } from '../app/api.ts'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import classes from './page.module.css'
import { PasswordSection } from './password.tsx'
import { accountQuery } from './queries.ts'
import { SessionsSection } from './sessions.tsx'

/** What a person sees and changes of their own: the password, and where they are signed in. */
export function AccountPage() {
  const { data, error, refetch } = useQuery(accountQuery)
  return (
    <Page title="Your account">
      {data === undefined && error === null && <Skeleton />}
      {data === undefined && error !== null && (
        <Empty
          title="Your account could not be read"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {sentenceOf(error)}
        </Empty>
      )}
      {data !== undefined && (
        <div className={classes['content']}>
          <PasswordSection hasPassword={data.has_password} />
          <SessionsSection sessions={data.sessions} hasPassword={data.has_password} />
        </div>
      )}
    </Page>
  )
}
