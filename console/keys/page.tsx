import { Button, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { sentenceOf } from '../app/api.ts'
import { useMay } from '../app/session.ts'
import { useShortcuts } from '../app/shortcuts.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { KeyTable, type Open } from './key-table.tsx'
import { MakeKey } from './make-key.tsx'
import classes from './page.module.css'
import { keysQuery } from './queries.ts'
import { RevokeKey } from './revoke-key.tsx'
import { RotateKey } from './rotate-key.tsx'

/** The keys by which programs call the API. */
export function KeysPage() {
  const search = useSearch({ from: '/signed-in/keys' })
  const navigate = useNavigate()
  const withEnded = search['revoked'] !== undefined
  const { data, error, refetch } = useQuery({ ...keysQuery(withEnded), placeholderData: keepPreviousData })
  const [open, setOpen] = useState<Open>()
  const mayMake = useMay('createKey')
  const make = (): void => setOpen({ kind: 'make' })
  const close = (): void => setOpen(undefined)
  useShortcuts('Keys', mayMake ? [{ keys: 'n', label: 'New key', run: make }] : [])
  const actions = (
    <>
      <Switch
        size="xs"
        label="Ended ones too"
        checked={withEnded}
        onChange={(event) =>
          void navigate({
            to: '.',
            search: { ...search, revoked: event.currentTarget.checked ? '1' : undefined },
            replace: true,
          })
        }
      />
      {mayMake && (
        <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={make}>
          New key
        </Button>
      )}
    </>
  )
  return (
    <Page title="Keys" actions={actions}>
      {data === undefined && error === null && <Skeleton />}
      {data === undefined && error !== null && (
        <Empty title="The keys could not be read" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {sentenceOf(error)}
        </Empty>
      )}
      {data?.length === 0 && <First make={mayMake ? make : undefined} />}
      {data !== undefined && data.length > 0 && (
        <>
          <p className={classes['hint']}>
            A program sends its key as <code>Authorization: Bearer …</code>. What it changes is told in the history with
            the key’s label. What it may ask for is in the <a href="/docs">API reference</a>.
          </p>
          <KeyTable keys={data} open={setOpen} />
        </>
      )}
      {open?.kind === 'make' && <MakeKey close={close} />}
      {open?.kind === 'rotate' && <RotateKey held={open.key} close={close} />}
      {open?.kind === 'revoke' && <RevokeKey held={open.key} keys={data ?? []} close={close} />}
    </Page>
  )
}

function First({ make }: { readonly make: (() => void) | undefined }) {
  return (
    <Empty title="Let a program in" action={make !== undefined && <Button onClick={make}>Make the first key</Button>}>
      A key lets a program read or change leads over the API. Make one, paste the command that comes with it, and watch
      the lead change here.
    </Empty>
  )
}
