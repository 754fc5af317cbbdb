// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.codec.TestingStreams;
import io.millrace.format.codec.ZstdDecompressor;
import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A good file, and what is known of it.
 *
 * @param stored its bytes
 * @param compressed whether they are zstd frames around the content
 * @param content what {@code torch.save} wrote
 * @param checked ranges of the content that the CRCs of stored records cover, as pairs; none in the
 *     legacy layout
 * @param elements ranges of the content where tensors' elements are, as pairs
 * @param pickle bytes of the pickle, or of all that is in front of the elements
 * @param text its value, as {@link TorchText} writes it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FuzzFile(
    String name,
    byte[] stored,
    boolean compressed,
    byte[] content,
    List<long[]> checked,
    List<long[]> elements,
    long pickle,
    String text) {

  static FuzzFile of(String name) throws IOException {
    byte[] stored = TorchSets.bytes(name);
    boolean compressed = name.endsWith(".zst");
    byte[] content = compressed ? inflated(stored) : stored;
    FileBytes file = new FileBytes(TorchSets.OBJECT, TestingStreams.chunks(content), false, false);
    Object value = TorchSets.open(content);
    List<long[]> checked = new ArrayList<>();
    List<long[]> elements = new ArrayList<>();
    long pickle = 0;
    if (ZipArchive.recognises(file)) {
      for (ZipRecord record : ZipArchive.open(file).records()) {
        if (!record.entry().deflated()) {
          checked.add(new long[] {record.begin(), record.end()});
        }
        if (record.entry().name().endsWith("/data.pkl")) {
          pickle = record.entry().size();
        }
      }
    } else {
      pickle = content.length;
      for (TensorValue tensor : StoredTensors.of(value)) {
        Storage storage = tensor.storage();
        long end = storage.begin() + storage.elements() * storage.dtype().byteSize();
        if (storage.bytes().length() == content.length) {
          elements.add(new long[] {storage.begin(), end});
          pickle = Math.min(pickle, storage.begin());
        }
      }
    }
    return new FuzzFile(
        name, stored, compressed, content, checked, elements, pickle, TorchText.of(value));
  }

  static byte[] inflated(byte[] stored) throws IOException {
    try (ZstdDecompressor zstd = new ZstdDecompressor()) {
      return TestingStreams.toArray(
          zstd.inflate(TorchSets.OBJECT, TestingStreams.chunks(stored), ByteChunks::allocate));
    }
  }

  boolean isZip() {
    return content[0] == 'P' && content[1] == 'K';
  }

  static boolean contains(List<long[]> ranges, long position) {
    return ranges.stream().anyMatch(range -> position >= range[0] && position < range[1]);
  }
}
