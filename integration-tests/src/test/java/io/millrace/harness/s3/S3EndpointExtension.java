// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.s3;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An S3 server for the tests of a class: started before all, closed after all; objects stay in
 * between. Register it in a static field, before the extensions that need it.
 */
public final class S3EndpointExtension implements BeforeAllCallback, AfterAllCallback {

  private final String[] buckets;
  private @Nullable S3Endpoint endpoint;

  public S3EndpointExtension(String... buckets) {
    this.buckets = buckets.clone();
  }

  /**
   * The server.
   *
   * @throws NullPointerException before the tests and after them
   */
  public S3Endpoint endpoint() {
    return Objects.requireNonNull(endpoint, "the S3 server is there only while tests run");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    endpoint = S3Endpoint.start(buckets);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    S3Endpoint last = endpoint;
    endpoint = null;
    if (last != null) {
      last.close();
    }
  }
}
