// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.github.luben.zstd.Zstd;
import io.millrace.format.codec.TestingStreams;
import io.millrace.format.fuzz.FuzzBytes;
import io.millrace.format.torch.FuzzFileMutation.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the mutation of a seed. */
final class FuzzFileMutator {

  /** One of so many mutations is of a file that takes long to read. */
  private static final int RARE = 100;

  /** Every opcode. */
  private static final byte[] CODES =
      ("IJKML\212\213STUBC\216\226\227\230N\210\211VX\214\215FG]ael)t\205\206\207d}su\217\220\221"
              + "021(ghjpqr\224\202\203\204cR\223bio\201\222\200.\225PQ")
          .getBytes(ISO_8859_1);

  private static final List<Kind> KINDS = List.of(Kind.values());

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    7,
    8,
    20,
    0x7f,
    0x80,
    0xff,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000L,
    0xffff_fffeL,
    0xffff_ffffL,
    0x1_0000_0000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 61
  };

  private final List<FuzzFile> small;
  private final List<FuzzFile> large;

  FuzzFileMutator(List<FuzzFile> small, List<FuzzFile> large) {
    this.small = small;
    this.large = large;
  }

  /** Depends on nothing but the seed and the files. */
  FuzzFileMutation mutation(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder what = new StringBuilder();
    List<FuzzFile> files = random.nextInt(RARE) == 0 ? large : small;
    FuzzFile file = files.get(random.nextInt(files.size()));
    Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    if (kind == Kind.STORED) {
      byte[] other = small.get(random.nextInt(small.size())).stored();
      byte[] stored = new FuzzBytes(random, what).mutate(file.stored(), other);
      return new FuzzFileMutation(kind, file, what.toString(), stored, stored);
    }
    byte[] content =
        switch (kind) {
          case ELEMENTS -> elements(random, file, what);
          case NUMBERS -> numbers(random, file, what);
          default -> pickle(random, file, what);
        };
    byte[] stored = file.compressed() ? Zstd.compress(content) : content;
    return new FuzzFileMutation(kind, file, what.toString(), content, stored);
  }

  private static byte[] elements(SplittableRandom random, FuzzFile file, StringBuilder what) {
    List<long[]> ranges = file.isZip() ? file.checked() : file.elements();
    byte[] bytes = file.content().clone();
    if (ranges.isEmpty()) {
      return bytes;
    }
    long[] range = ranges.get(random.nextInt(ranges.size()));
    int times = range[1] == range[0] ? 0 : 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      int at = (int) random.nextLong(range[0], range[1]);
      bytes[at] ^= (byte) (1 + random.nextInt(255));
      what.append("another byte at ").append(at).append(", ");
    }
    return bytes;
  }

  private static byte[] numbers(SplittableRandom random, FuzzFile file, StringBuilder what) {
    byte[] bytes = file.content().clone();
    int times = 1 + random.nextInt(2);
    for (int i = 0; i < times; i++) {
      int at = random.nextInt(bytes.length);
      for (int tries = 0; FuzzFile.contains(file.checked(), at) && tries < 100; tries++) {
        at = random.nextInt(bytes.length);
      }
      long number = NUMBERS[random.nextInt(NUMBERS.length)];
      int length = 1 << random.nextInt(4);
      what.append(number).append(" in ").append(length).append(" bytes at ").append(at);
      for (int k = 0; k < length && at + k < bytes.length; k++) {
        bytes[at + k] = (byte) (number >>> (8 * k));
      }
    }
    return bytes;
  }

  private static byte[] pickle(SplittableRandom random, FuzzFile file, StringBuilder what)
      throws IOException {
    byte[] content = file.content();
    FuzzBytes mutator = new FuzzBytes(random, what, CODES);
    if (!file.isZip()) {
      byte[] head = Arrays.copyOf(content, (int) file.pickle());
      byte[] tail = Arrays.copyOfRange(content, head.length, content.length);
      return TestingStreams.concatenate(mutator.mutate(head, head), tail);
    }
    FileBytes bytes = new FileBytes(TorchSets.OBJECT, TestingStreams.chunks(content), false, false);
    ZipWriter zip = new ZipWriter();
    for (ZipRecord record : ZipArchive.open(bytes).records()) {
      Region region = record.read(bytes, new CountingInput(1 << 20));
      byte[] copy = region.bytes().copy(region.begin(), (int) region.length());
      boolean isPickle = record.entry().name().endsWith("/data.pkl");
      zip.add(record.entry().name(), isPickle ? mutator.mutate(copy, copy) : copy);
    }
    return zip.bytes();
  }
}
