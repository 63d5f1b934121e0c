// Builds dist/, which the binary embeds: styles, scripts, fonts, icons, and the manifest that names them.
//   manifest.json  logical name -> file in dist/, its name carrying a hash of its content
//   icons.json     Lucide name -> the inner markup of its drawing, for pages to inline
//   ttf/           faces for printed slips, under plain names: they are compiled in, never served
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { compile } from 'sass'
import subsetFont from 'subset-font'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, 'node_modules')
const dist = join(here, 'dist')
const weights = [400, 500, 600]
const manifest = {}

/** Writes one file under a name that changes when its content does, so that it may be cached for ever. */
function emit (name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10)
  const end = extname(name)
  const file = `${name.slice(0, -end.length)}.${hash}${end}`
  mkdirSync(dirname(join(dist, file)), { recursive: true })
  writeFileSync(join(dist, file), content)
  manifest[name] = file
}

async function fonts () {
  const face = (family, set, weight) =>
    readFileSync(join(modules, '@fontsource', family, 'files', `${family}-${set}-${weight}-normal.woff2`))
  for (const weight of weights) {
    for (const set of ['latin', 'latin-ext', 'vietnamese']) {
      emit(`fonts/be-vietnam-pro-${set}-${weight}.woff2`, face('be-vietnam-pro', set, weight))
    }
    // Ten figures are all that is asked of this face.
    const figures = await subsetFont(face('hanken-grotesk', 'latin', weight), '0123456789', { targetFormat: 'woff2' })
    emit(`fonts/figures-${weight}.woff2`, figures)
  }
}

function styles () {
  const { css } = compile(join(here, 'styles', 'look.scss'), { loadPaths: [modules], style: 'compressed', charset: false, quietDeps: true })
  const named = css.replace(/url\("?(fonts\/[\w-]+\.woff2)"?\)/g, (_, font) => {
    if (!manifest[font]) throw new Error(`the styles ask for ${font}, which is not built`)
    return `url(${manifest[font]})`
  })
  // The pages' policy allows nothing inline, and a data: address would be refused there in silence.
  if (/url\(["']?data:/.test(named)) throw new Error('the styles contain a data: address')
  emit('look.css', named)
}

async function scripts () {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'scripts', 'desk.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    write: false
  })
  emit('desk.js', outputFiles[0].contents)
}

function icons () {
  const names = JSON.parse(readFileSync(join(here, 'icons.json'), 'utf8'))
  const drawings = names.map(name => {
    const svg = readFileSync(join(modules, 'lucide-static', 'icons', `${name}.svg`), 'utf8')
    const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    return [name, inner.replace(/\s+/g, ' ').trim()]
  })
  writeFileSync(join(dist, 'icons.json'), JSON.stringify(Object.fromEntries(drawings), null, 1))
}

function slipFaces () {
  mkdirSync(join(dist, 'ttf'))
  for (const face of ['400Regular', '500Medium', '600SemiBold']) {
    const file = join(modules, '@expo-google-fonts', 'be-vietnam-pro', face, `BeVietnamPro_${face}.ttf`)
    copyFileSync(file, join(dist, 'ttf', `BeVietnamPro-${face.slice(3)}.ttf`))
  }
}

/** The licences of what is shipped; the fonts' and the icons' ask to travel with them. */
function notices () {
  const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  const texts = Object.keys(dependencies).map(name => {
    const file = ['LICENSE', 'LICENSE.txt', 'LICENSE.md'].map(f => join(modules, name, f)).find(f => existsSync(f))
    const { license, author } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'))
    if (!file && !license) throw new Error(`${name} names no licence`)
    const text = file ? readFileSync(file, 'utf8').trim() : `${license}, ${author?.name ?? author ?? 'see the package'}`
    return `${name}\n${'='.repeat(name.length)}\n${text}\n`
  })
  writeFileSync(join(dist, 'NOTICES.txt'), texts.join('\n\n'))
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await fonts()
styles()
await scripts()
icons()
slipFaces()
notices()
emit('mark.svg', readFileSync(join(here, 'mark.svg')))
writeFileSync(join(dist, 'manifest.json'), JSON.stringify(manifest, null, 1))
console.log(`dist/ built: ${Object.keys(manifest).length} files and ${Object.keys(JSON.parse(readFileSync(join(dist, 'icons.json'), 'utf8'))).length} icons`)
