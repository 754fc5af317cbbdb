// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import com.github.luben.zstd.Zstd;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes dicts of tensors, whole numbers and strings as {@code torch.save} does: a zip archive of
 * stored records, a pickle of protocol 2 among them, and the storages aligned to 64 bytes.
 */
public final class TorchWriter {

  private static final int ALIGNMENT = 64;
  private static final int LOCAL_HEADER = 30;
  private static final int PADDING_FIELD = 0x4246;
  private static final LocalDateTime EARLY_DOS_TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

  private static final Map<DType, String> STORAGES =
      Map.of(
          DType.FLOAT32, "FloatStorage",
          DType.FLOAT16, "HalfStorage",
          DType.BFLOAT16, "BFloat16Storage",
          DType.INT64, "LongStorage",
          DType.UINT8, "ByteStorage",
          DType.BOOL, "BoolStorage");

  private final List<byte[]> storages = new ArrayList<>();
  private final ByteArrayOutputStream pickled = new ByteArrayOutputStream();
  private final DataOutputStream pickle = new DataOutputStream(pickled);

  private TorchWriter() {}

  /** The file's bytes. */
  public static byte[] toBytes(Map<String, Object> fields) throws IOException {
    TorchWriter writer = new TorchWriter();
    writer.pickle(fields);
    return writer.archive();
  }

  /** Writes {@code NAME.pt}, or {@code NAME.pt.zst} compressed. */
  public static void write(Path file, Map<String, Object> fields) throws IOException {
    byte[] bytes = toBytes(fields);
    Files.write(file, file.toString().endsWith(".zst") ? Zstd.compress(bytes) : bytes);
  }

  private void pickle(Map<String, Object> fields) throws IOException {
    pickle.write(new byte[] {(byte) 0x80, 2, '}', '('});
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      string(field.getKey());
      value(field.getValue());
    }
    pickle.write(new byte[] {'u', '.'});
  }

  private void value(Object value) throws IOException {
    if (value instanceof Tensor tensor) {
      tensor(tensor);
    } else if (value instanceof String text) {
      string(text);
    } else if (value instanceof Long number) {
      number(number);
    } else {
      throw new IllegalArgumentException("Cannot write " + value);
    }
  }

  private void tensor(Tensor tensor) throws IOException {
    long elements = 1;
    long[] strides = new long[tensor.rank()];
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = elements;
      elements *= tensor.shape()[i];
    }
    global("torch._utils", "_rebuild_tensor_v2");
    pickle.write(new byte[] {'(', '('});
    string("storage");
    global("torch", STORAGES.get(tensor.dtype()));
    string(String.valueOf(storages.size()));
    string("cpu");
    number(elements);
    pickle.write(new byte[] {'t', 'Q'});
    number(0);
    numbers(tensor.shape());
    numbers(strides);
    pickle.write((byte) 0x89);
    global("collections", "OrderedDict");
    pickle.write(new byte[] {')', 'R', 't', 'R'});
    storages.add(tensor.data().toByteArray());
  }

  private void numbers(long[] values) throws IOException {
    pickle.write('(');
    for (long value : values) {
      number(value);
    }
    pickle.write('t');
  }

  private void global(String module, String name) throws IOException {
    pickle.write(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void string(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    pickle.write('X');
    pickle.writeInt(Integer.reverseBytes(utf8.length));
    pickle.write(utf8);
  }

  private void number(long value) throws IOException {
    pickle.write(new byte[] {(byte) 0x8a, Long.BYTES});
    pickle.writeLong(Long.reverseBytes(value));
  }

  private byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      record(zip, bytes, "archive/data.pkl", pickled.toByteArray());
      for (int i = 0; i < storages.size(); i++) {
        record(zip, bytes, "archive/data/" + i, storages.get(i));
      }
      record(zip, bytes, "archive/version", "3\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void record(
      ZipOutputStream zip, ByteArrayOutputStream written, String name, byte[] content)
      throws IOException {
    zip.flush();
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(EARLY_DOS_TIME); // another one would take an extra field of its own
    int begin = written.size() + LOCAL_HEADER + name.length() + Integer.BYTES;
    int padding = (ALIGNMENT - begin % ALIGNMENT) % ALIGNMENT;
    byte[] extra = new byte[Integer.BYTES + padding];
    extra[0] = (byte) PADDING_FIELD;
    extra[1] = (byte) (PADDING_FIELD >> 8);
    extra[2] = (byte) padding;
    entry.setExtra(extra);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
