import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The one accent: selection, the primary action, focus. */
const honey: MantineColorsTuple = [
  '#fff8e6',
  '#fdeec8',
  '#f9dd96',
  '#f4ca60',
  '#efb939',
  '#e8a317',
  '#c98607',
  '#8f5e00',
  '#6f4900',
  '#503500',
]

/** Greys with a touch of warmth, in the light. */
const gray: MantineColorsTuple = [
  '#faf9f7',
  '#f4f3f0',
  '#e9e7e2',
  '#dcd9d2',
  '#c3bfb6',
  '#9a958b',
  '#6b675f',
  '#4d4a44',
  '#33312d',
  '#1c1b19',
]

/** The same in the dark, from text to ground. */
const dark: MantineColorsTuple = [
  '#edebe6',
  '#c9c5bd',
  '#a29d94',
  '#7d7970',
  '#3b3935',
  '#33312d',
  '#262421',
  '#1a1917',
  '#151412',
  '#0f0e0d',
]

export const theme = createTheme({
  colors: { honey, gray, dark },
  primaryColor: 'honey',
  primaryShade: 5,
  autoContrast: true,
  luminanceThreshold: 0.35,
  white: '#ffffff',
  black: '#1c1b19',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '18px' }, h2: { fontSize: '15px' }, h3: { fontSize: '14px' } },
  },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 26 } },
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 100 } } },
    Modal: {
      defaultProps: {
        // No page scrolls as a whole, and a lock would have all of it styled anew.
        lockScroll: false,
        transitionProps: { duration: 100 },
        overlayProps: { backgroundOpacity: 0.3 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    // A placeholder for the focus would be a child that a menu may not have (axe: aria-required-children).
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
  },
})

/** What Mantine's parts take from our tokens, so that both themes are designed once, in styles.css. */
export const variables: CSSVariablesResolver = () => {
  const ours = {
    '--mantine-color-body': 'var(--ground)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-placeholder': 'var(--muted)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-default': 'var(--ground)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-primary-color-light-color': 'var(--accent-text)',
  }
  return { variables: {}, light: ours, dark: ours }
}
