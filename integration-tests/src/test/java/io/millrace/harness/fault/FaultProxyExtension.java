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
 * A proxy for the tests of a class: started before all, reset before each, closed after all.
 * Register it in a static field, after the extension of its origin where there is one:
 * {@code @Order}.
 */
public final class FaultProxyExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  private final Supplier<FaultProxy.Builder> builder;
  private @Nullable FaultProxy proxy;

  /**
   * An extension that has not started anything yet.
   *
   * @param builder asked once the test class begins: {@code () ->
   *     FaultProxy.to(S3.endpoint().uri()).seed(1)}
   */
  public FaultProxyExtension(Supplier<FaultProxy.Builder> builder) {
    this.builder = builder;
  }

  /**
   * The proxy.
   *
   * @throws NullPointerException before the tests and after them
   */
  public FaultProxy proxy() {
    return Objects.requireNonNull(proxy, "the proxy is there only while tests run");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    proxy = builder.get().start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    proxy().reset();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    FaultProxy last = proxy;
    proxy = null;
    if (last != null) {
      last.close();
    }
  }
}
