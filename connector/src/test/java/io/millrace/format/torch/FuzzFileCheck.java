// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.format.fuzz.FuzzInput.TooLargeException;
import io.millrace.format.torch.FuzzFileMutation.Kind;
import io.millrace.storage.CorruptObjectException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds what came of a mutation against what is promised. */
final class FuzzFileCheck {

  /** What a value that takes a byte of a pickle may take on the heap. */
  private static final long OF_VALUES = 64;

  /** Most bytes that a mutation adds to a pickle. */
  private static final long ADDED = 4 * 512;

  private final FuzzFileMutation mutation;
  private final FuzzFileOutcome file;
  private final FuzzFileOutcome dataset;

  FuzzFileCheck(FuzzFileMutation mutation) {
    this.mutation = mutation;
    boolean compressed = mutation.file().compressed();
    this.file = FuzzFileOutcome.ofFile(mutation.stored(), compressed);
    this.dataset = FuzzFileOutcome.ofDataset(mutation.stored(), compressed);
  }

  /** Whether the file could be read. */
  boolean isRead() {
    return file.failure() == null;
  }

  void check() {
    checkFailure(file.failure(), "file:/data/sample.pt");
    checkFailure(dataset.failure(), "mem:/fuzz/a.pt");
    if (file.failure() instanceof CorruptObjectException) {
      assertThat(dataset.failure()).isInstanceOf(CorruptObjectException.class);
    }
    FuzzFile good = mutation.file();
    long pickle = good.pickle() + (mutation.kind() == Kind.PICKLE ? ADDED : 0);
    assertThat(file.heap())
        .isLessThan(2L * mutation.content().length + OF_VALUES * pickle + MeasuredOpening.ALWAYS);
    if (good.isZip()) {
      checkArchive(good);
    } else if (mutation.kind() != Kind.STORED || !good.compressed()) {
      checkLegacy(good);
    }
  }

  private static void checkFailure(@Nullable Throwable failure, String place) {
    if (failure == null || failure instanceof TooLargeException) {
      return;
    }
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof CorruptObjectException) {
      assertThat(message).matches("(?s)Corrupt object " + place + "(\\.zst)? at offset [0-9]+: .+");
    } else {
      assertThat(failure).isExactlyInstanceOf(IOException.class);
      assertThat(message).startsWith("Cannot read sample " + place);
    }
  }

  /** All that an archive's value is made of has a checksum. */
  private void checkArchive(FuzzFile good) {
    if (mutation.kind() == Kind.PICKLE) {
      return; // with a checksum of its own
    }
    boolean touched = mutation.changesIn(good.checked());
    if (touched && (mutation.kind() != Kind.STORED || !good.compressed())) {
      assertThat(file.failure()).isInstanceOf(CorruptObjectException.class);
    }
    if (file.failure() == null) {
      assertThat(file.text()).isEqualTo(good.text());
    }
  }

  /** The legacy layout has no checksums: what is changed is another number, and nothing else. */
  private void checkLegacy(FuzzFile good) {
    List<long[]> elements = good.elements();
    if (!elements.isEmpty() && mutation.changesOnlyIn(elements)) {
      assertThat(file.failure()).isNull();
      assertThat(TorchText.withoutElements(file.text()))
          .isEqualTo(TorchText.withoutElements(good.text()));
    }
  }
}
