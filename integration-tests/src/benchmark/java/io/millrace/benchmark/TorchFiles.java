// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark;

import io.millrace.format.torch.TorchWriter;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A directory of torch files, each a dict of one tensor of 100,000 bytes and a number.
 *
 * @param directory where they lie
 * @param samples number of files
 */
record TorchFiles(Path directory, int samples) implements Workload {

  static final String LABEL = "pt-100kb";

  private static final int FULL_FILES = 2_000;
  private static final int TENSOR_BYTES = 100_000;
  private static final long[] SHAPE = {25, 1_000};
  private static final long SEED = 20_240_229;

  /** Writes them and waits until the disk has them. */
  static TorchFiles write(Path parent, double scale) throws IOException {
    int samples = (int) Math.max(2, Math.round(FULL_FILES * scale));
    Path directory = Files.createDirectory(parent.resolve("pt"));
    Random random = new Random(SEED);
    for (int i = 0; i < samples; i++) {
      byte[] data = new byte[TENSOR_BYTES];
      random.nextBytes(data);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("latents", new Tensor(DType.FLOAT32, SHAPE, Bytes.wrap(data)));
      fields.put("index", (long) i);
      Path file = directory.resolve(String.format(Locale.ROOT, "latent_%06d.pt", i));
      TorchWriter.write(file, fields);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    return new TorchFiles(directory, samples);
  }

  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  long storedBytes() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  @Override
  public String label() {
    return LABEL;
  }

  @Override
  public long payloadBytes() {
    return (long) samples * TENSOR_BYTES;
  }
}
