// SPDX-License-Identifier: Apache-2.0
package io.millrace.source;

import io.millrace.format.torch.TorchWriter;
import io.millrace.harness.ledger.LedgerEntry;
import io.millrace.sample.Bytes;
import io.millrace.sample.DType;
import io.millrace.sample.Sample;
import io.millrace.sample.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Pairs of torch files, numbered from 0: every element of their tensors is the number. */
final class NumberedPairs {

  private static final long[] LATENTS = {16, 16, 16};
  private static final long[] CONDITIONS = {8, 8};

  private NumberedPairs() {}

  /** Writes {@code latents} of 16 KB and {@code conditions}, every tenth of which is compressed. */
  static void write(Path directory, int pairs) throws IOException {
    Path latents = Files.createDirectories(directory.resolve("latents"));
    Path conditions = Files.createDirectories(directory.resolve("conditions"));
    for (int i = 0; i < pairs; i++) {
      String number = String.format(Locale.ROOT, "%05d", i);
      TorchWriter.write(
          latents.resolve("latent_" + number + ".pt"), Map.of("latents", tensor(i, LATENTS)));
      TorchWriter.write(
          conditions.resolve("condition_" + number + (i % 10 == 0 ? ".pt.zst" : ".pt")),
          Map.of("embeds", tensor(i, CONDITIONS), "text", "number " + i));
    }
  }

  private static Tensor tensor(int value, long[] shape) {
    int elements = 1;
    for (long size : shape) {
      elements *= (int) size;
    }
    ByteBuffer data = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      data.putFloat(value);
    }
    return new Tensor(DType.FLOAT32, shape, Bytes.wrap(data.array()));
  }

  /** The line of a pair with the fields of both files; an impossible number if it is wrong. */
  static String line(Sample sample) {
    Tensor latents = sample.getTensor("latent_conditions");
    int number = (int) latents.getDouble(0);
    boolean right =
        latents.equals(tensor(number, LATENTS))
            && sample.getTensor("embeds").equals(tensor(number, CONDITIONS))
            && sample.getString("text").equals("number " + number);
    return LedgerEntry.of(sample, String.valueOf(right ? number : -1 - number)).toLine();
  }
}
