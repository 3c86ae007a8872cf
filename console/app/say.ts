import { notifications } from '@mantine/notifications'

/** Says something in a toast that nothing can be done about. */
export function say(message: string, kind: 'told' | 'failed' = 'told'): void {
  notifications.show({
    message,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    ...(kind === 'failed' && { color: 'red', role: 'alert' }),
  })
}
