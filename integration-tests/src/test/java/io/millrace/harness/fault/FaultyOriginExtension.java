// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A file system with faults for the tests of a class: opened before all, reset before each, closed
 * after all. Register it in a static field, after the extension of what is beneath it.
 */
public final class FaultyOriginExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  private final Supplier<FaultyOrigin> opener;
  private @Nullable FaultyOrigin origin;

  /**
   * An extension that has not opened anything yet.
   *
   * @param opener asked once the test class begins: {@code () -> FaultyOrigin.file("train",
   *     directory, 1)}
   */
  public FaultyOriginExtension(Supplier<FaultyOrigin> opener) {
    this.opener = opener;
  }

  /**
   * The origin.
   *
   * @throws NullPointerException before the tests and after them
   */
  public FaultyOrigin origin() {
    return Objects.requireNonNull(origin, "the origin is open only while tests run");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    origin = opener.get();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    origin().reset();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    FaultyOrigin last = origin;
    origin = null;
    if (last != null) {
      last.close();
    }
  }
}
