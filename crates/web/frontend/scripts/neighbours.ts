// A dossier's page leads to the dossiers before and after it in the list that the person came from.
// The list is remembered by this tab alone, as addresses without any name.
const SEEN = 'motcua.list'

export interface Around { readonly previous?: string | undefined, readonly next?: string | undefined }

/** What stands round `here` in `list`; nothing when it is not in it. */
export function around (list: readonly string[], here: string): Around {
  const at = list.indexOf(here)
  return at < 0 ? {} : { previous: list[at - 1], next: list[at + 1] }
}

export function start (): void {
  try {
    remember()
    offer()
  } catch { /* no session storage: the list itself is one key away */ }
}

function remember (): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-list] a[data-row-link]')]
  if (links.length === 0) return
  sessionStorage.setItem(SEEN, JSON.stringify(links.map(link => new URL(link.href).pathname)))
}

function offer (): void {
  const place = document.querySelector<HTMLElement>('[data-neighbours]')
  const list = JSON.parse(sessionStorage.getItem(SEEN) ?? '[]') as string[]
  if (!place || !Array.isArray(list)) return
  const found = around(list, location.pathname)
  for (const link of place.querySelectorAll<HTMLAnchorElement>('a[data-neighbour]')) {
    const to = link.dataset['neighbour'] === 'next' ? found.next : found.previous
    if (!to) continue
    link.href = to
    link.hidden = false
    place.hidden = false
  }
}
