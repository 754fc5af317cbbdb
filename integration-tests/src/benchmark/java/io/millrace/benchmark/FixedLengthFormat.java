// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a file as records of the same length, the last of which may be shorter. */
final class FixedLengthFormat extends SimpleStreamFormat<byte[]> {

  private static final long serialVersionUID = 1L;

  /** Records that are longer are read into their array without a copy. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final int recordBytes;

  FixedLengthFormat(int recordBytes) {
    this.recordBytes = recordBytes;
  }

  @Override
  public Reader<byte[]> createReader(Configuration config, FSDataInputStream stream) {
    return new RecordReader(new BufferedInputStream(stream, BUFFER_BYTES), recordBytes);
  }

  @Override
  public TypeInformation<byte[]> getProducedType() {
    return new ImmutableBytesType();
  }

  private record RecordReader(InputStream in, int recordBytes) implements Reader<byte[]> {

    @Override
    public byte @Nullable [] read() throws IOException {
      byte[] record = new byte[recordBytes];
      int read = in.readNBytes(record, 0, recordBytes);
      if (read == recordBytes) {
        return record;
      }
      return read == 0 ? null : Arrays.copyOf(record, read);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
