// Everything the desk does beyond plain forms and links. Each part looks for its own attributes and
// leaves pages without them alone; without this file every page still works.
import * as combo from './combo'
import * as deskBatch from './desk-batch'
import * as draft from './draft'
import * as errors from './errors'
import * as keys from './keys'
import * as list from './list'
import * as localSigning from './local-signing'
import * as neighbours from './neighbours'
import * as pad from './pad'
import * as pages from './pages'
import * as print from './print'
import * as progress from './progress'
import * as reader from './reader'
import * as scan from './scan'
import * as submitOnce from './submit-once'

// submitOnce listens first: a form it holds back has not been sent, and draft must know that.
const parts = [submitOnce, keys, list, neighbours, reader, scan, combo, draft, pad, pages, progress, print, localSigning, deskBatch, errors]
for (const part of parts) part.start()
