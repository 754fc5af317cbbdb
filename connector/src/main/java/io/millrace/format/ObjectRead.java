// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

import io.millrace.storage.ByteChunks;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What reading one of several objects gave: its bytes, or why there are none. */
public final class ObjectRead {

  private final @Nullable ByteChunks bytes;
  private final @Nullable IOException failure;

  private ObjectRead(@Nullable ByteChunks bytes, @Nullable IOException failure) {
    this.bytes = bytes;
    this.failure = failure;
  }

  public static ObjectRead of(ByteChunks bytes) {
    return new ObjectRead(bytes, null);
  }

  /**
   * An object that is damaged or missing.
   *
   * @param failure as {@link BadInput} tells
   */
  public static ObjectRead failed(IOException failure) {
    return new ObjectRead(null, failure);
  }

  /** The bytes. */
  public ByteChunks bytes() throws IOException {
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(bytes);
  }
}
