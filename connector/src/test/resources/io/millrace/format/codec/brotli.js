// SPDX-License-Identifier: Apache-2.0
// Makes the brotli streams of the tests, with Node 20.20.2: node brotli.js FOLDER
// text() makes the bytes of TestingStreams.text; zeros-10g.br holds 10 GiB of zeros.
const zlib = require('zlib');
const fs = require('fs');
const c = zlib.constants;
const folder = process.argv[2];

const PHRASES = [
  'The river carries the water to the mill. ', 'Turn the wheel slowly, then faster. ',
  'In the beginning of the year, ', 'because of the weather and the season, ',
  'A miller keeps the gate; ', 'nothing is lost on the way ',
  'United States Department of Agriculture ', 'http://www.example.com/index.html ',
  'grain, flour and bread\n', 'the quick brown fox jumps over the lazy dog ',
  'Zürich, Köln, Besançon — naïve café ', '0123456789 3.14159 ',
  '<div class="mill"></div>\n', 'function (race) { return race; } ',
  'international development ', 'и снова мельница '];

function text(length) {
  const parts = [];
  for (let x = 1, done = 0; done < length; done += parts[parts.length - 1].length) {
    x = (Math.imul(x, 1664525) + 1013904223) | 0;
    parts.push(Buffer.from(PHRASES[(x >>> 16) % PHRASES.length], 'utf8'));
  }
  return Buffer.concat(parts).subarray(0, length);
}

function compress(bytes, quality, window) {
  return zlib.brotliCompressSync(bytes, {
    params: {[c.BROTLI_PARAM_QUALITY]: quality, [c.BROTLI_PARAM_LGWIN]: window}});
}

for (const [length, quality, window] of
    [[900001, 11, 22], [300000, 5, 18], [300000, 1, 24], [20000, 0, 10]]) {
  fs.writeFileSync(
    `${folder}/text-${length}-q${quality}-w${window}.br`, compress(text(length), quality, window));
}
fs.writeFileSync(`${folder}/empty.br`, compress(Buffer.alloc(0), 11, 22));

const zeros = zlib.createBrotliCompress({params: {[c.BROTLI_PARAM_QUALITY]: 9}});
const block = Buffer.alloc(1 << 20);
let blocks = 0;
zeros.pipe(fs.createWriteStream(`${folder}/zeros-10g.br`));
(function more() {
  while (blocks++ < 10240) {
    if (!zeros.write(block)) {
      zeros.once('drain', more);
      return;
    }
  }
  zeros.end();
})();
