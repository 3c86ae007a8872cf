import { ActionIcon, Button, Menu, Modal, Tooltip } from '@mantine/core'
import { IconDots, IconEraser, IconLink, IconTrash } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { queryClient, sentenceOf, waggle } from '../app/api.ts'
import { CopyAsItems } from '../app/copy-as-menu.tsx'
import { useMadeChanges } from '../app/requests.ts'
import { say } from '../app/say.ts'
import { useMay } from '../app/session.ts'
import { offerUndo } from '../app/undo.tsx'
import { hold, refreshLists } from './cache.ts'
import { nameOfLead } from './change.ts'
import type { ShownLead } from './members.ts'
import classes from './panel.module.css'
import { copy } from './panel-lead.tsx'

const EraseDialog = lazy(() => import('./erase-dialog.tsx').then((one) => ({ default: one.EraseDialog })))

const addressOf = ({ id }: ShownLead): string => `${window.location.origin}/console/leads/${id}`

/** What can be done with the lead as a whole. @param gone called once it is deleted */
export function LeadActions({ lead, gone }: { readonly lead: ShownLead; readonly gone: () => void }) {
  const mayDelete = useMay('deleteLead')
  const mayRestore = useMay('restoreLead')
  const mayErase = useMay('eraseLead')
  const last = useMadeChanges().find(({ path }) => path === `/api/v1/leads/${lead.id}`)
  const [isAsked, setAsked] = useState(false)
  const [isErasing, setErasing] = useState(false)
  const remove = (): void => {
    setAsked(false)
    void deleteLead(lead, { mayRestore, gone })
  }
  return (
    <>
      <Tooltip label="Copy the link">
        <ActionIcon aria-label="Copy the link" onClick={() => void copy(addressOf(lead), 'Link')}>
          <IconLink size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {(mayDelete || last !== undefined) && (
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon aria-label="More">
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {last !== undefined && (
              <>
                <Menu.Label>Your last change</Menu.Label>
                <CopyAsItems request={last} />
              </>
            )}
            {last !== undefined && mayDelete && <Menu.Divider />}
            {mayDelete && (
              <Menu.Item
                leftSection={<IconTrash size={14} aria-hidden />}
                className={classes['danger']}
                onClick={mayRestore ? remove : () => setAsked(true)}
              >
                Delete the lead
              </Menu.Item>
            )}
            {mayErase && (
              <Menu.Item
                leftSection={<IconEraser size={14} aria-hidden />}
                className={classes['danger']}
                onClick={() => setErasing(true)}
              >
                Erase the person…
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {isErasing && (
        <Suspense>
          <EraseDialog lead={lead} gone={gone} close={() => setErasing(false)} />
        </Suspense>
      )}
      <Modal opened={isAsked} onClose={() => setAsked(false)} title={`Delete ${nameOfLead(lead)}?`} size="sm">
        <p className={classes['ask']}>You cannot take this back yourself: only an admin can restore a lead.</p>
        <div className={classes['answers']}>
          <Button variant="default" onClick={() => setAsked(false)}>
            Keep it
          </Button>
          <Button color="red" onClick={remove}>
            Delete
          </Button>
        </div>
      </Modal>
    </>
  )
}

async function deleteLead(
  lead: ShownLead,
  { mayRestore, gone }: { readonly mayRestore: boolean; readonly gone: () => void },
): Promise<void> {
  const name = nameOfLead(lead)
  try {
    await waggle.leads.delete(lead.id)
  } catch (error) {
    say(`${name} was not deleted. ${sentenceOf(error)}`, 'failed')
    return
  }
  gone()
  queryClient.removeQueries({ queryKey: ['lead', lead.id] })
  refreshLists()
  const request = { method: 'DELETE', path: `/api/v1/leads/${lead.id}` }
  if (mayRestore) offerUndo(`${name} deleted`, () => restoreLead(lead.id, name), request)
  else say(`${name} deleted.`)
}

async function restoreLead(id: number, name: string): Promise<void> {
  try {
    hold(await waggle.leads.restore(id))
    refreshLists(id)
    say(`${name} is back.`)
  } catch (error) {
    say(`${name} was not restored. ${sentenceOf(error)}`, 'failed')
  }
}
