import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { everyMachine, projectRoot } from '../../deploy/tools/machines/catalogue.ts';
import { everyState, readMachine } from '../../deploy/tools/machines/definition.ts';
import { geometryText, hashOf, parseGeometry } from '../../deploy/tools/machines/geometry.ts';
import { outdatedPictures } from '../../deploy/tools/machines/pictures.ts';
import { textWidth } from '../../deploy/tools/machines/text-width.ts';

const contentOf = async (name: string, kind: string) =>
  readFile(join(projectRoot, 'machines/diagrams', `${name}.${kind}`), 'utf8');

suite('pictures of machines', async () => {
  const machines = await everyMachine();

  test('show each machine as it is: run `npm run machines` when this fails', async () => {
    assert.deepEqual(await outdatedPictures(), []);
  });

  for (const { name, machine } of machines) {
    test(`that of ${name} is read without scrolling sideways, on at most two screens, in text of 12 px`, async () => {
      const svg = await contentOf(name, 'svg');
      const [, width, height] = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
      assert.ok(Number(width) <= 1_280 && Number(height) <= 1_600, `${width} x ${height}`);
      const sizes = [...svg.matchAll(/font(?:-size)?:(?:bold )?(\d+)px/g)].map(([, size]) => size);
      assert.ok(sizes.length > 1 && sizes.every((size) => Number(size) >= 12), sizes.join());
      assert.doesNotMatch(svg, /scale\(/);
    });

    test(`that of ${name} has all its states, and each text within its box`, async () => {
      const svg = await contentOf(name, 'svg');
      const root = readMachine(machine);
      const { boxes } = parseGeometry(await contentOf(name, 'layout')) ?? assert.fail();
      for (const { id, parent } of everyState(root)) {
        const box = boxes.get(id) ?? assert.fail(id);
        const start = svg.indexOf(`<g id="${id}"`);
        assert.notEqual(start, -1, id);
        const own = svg.slice(start, svg.indexOf('<g ', start + 1));
        for (const [, x = '', text = ''] of own.matchAll(
          /<text class="(?:label|does|goes)" x="(\d+)"[^>]*>([^<]*)</g,
        ))
          assert.ok(Number(x) + textWidth(text, 12) <= box.width, `${id}: ${text}`);
        const outer = parent === null ? undefined : boxes.get(parent.id);
        if (outer)
          assert.ok(
            box.x + box.width <= outer.width && box.y + box.height <= outer.height,
            `${id} is outside of its parent`,
          );
      }
      assert.equal(boxes.size, everyState(root).length);
    });
  }

  test('have their geometry in lines that say the same when they are read', async () => {
    for (const { name, machine } of machines) {
      const text = await contentOf(name, 'layout');
      const geometry = parseGeometry(text) ?? assert.fail(name);
      assert.equal(geometryText(geometry), text);
      assert.equal(geometry.hash, hashOf(readMachine(machine)));
    }
  });
});
