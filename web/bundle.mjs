// Puts the editors and what they are made of into `dist/`: a script, a sheet, a font, and the licences of all of it.
// Nothing is asked of the network here; `npm ci` has brought everything before.

import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const OUT = 'dist';

// Icons that carry `style="…"` would be refused by our content security policy; the same as attributes is not.
const styleless = {
  name: 'styleless',
  setup(builder) {
    builder.onLoad({ filter: /bpmn-js\/lib\/features\/(align|distribute)-elements\/\w+Icons\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(/ style="([^"]*)"/g, (_, rules) => rules.split(';').filter(Boolean)
        .map((rule) => rule.split(':')).map(([name, value]) => ` ${name.trim()}="${value.trim()}"`).join(''));
      return { contents, loader: 'js' };
    });
    // Styles that come as an element of the page would be refused; the same as a sheet of the document are not.
    builder.onLoad({ filter: /style-mod\/src\/style-mod\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8'), contents = text.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets');
      if (contents === text) throw new Error('style-mod is not as it was: look for where it makes a style element');
      return { contents, loader: 'js' };
    });
  },
};

async function licences() {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const texts = [];
  for (const [path, facts] of Object.entries(lock.packages)) {
    if (!path || facts.dev) continue;
    const file = (await readdir(path)).find((name) => /^licen[sc]e/i.test(name));
    const own = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    const text = file ? await readFile(join(path, file), 'utf8') : `Licence: ${own.license}\n`;
    texts.push(`${path.replace(/^node_modules\//, '')} ${facts.version}\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

await rm(OUT, { recursive: true, force: true });
const done = await build({
  entryPoints: ['editor/editor.js', 'editor/tables.js'], outdir: OUT, bundle: true, minify: true, format: 'esm', target: 'es2022', metafile: true,
  loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
  assetNames: '[name]', plugins: [styleless], logLevel: 'warning',
});
await writeFile(join(OUT, 'licenses.txt'), await licences());
for (const [path, facts] of Object.entries(done.metafile.outputs)) console.log(path, Math.round(facts.bytes / 1000), 'kB');
