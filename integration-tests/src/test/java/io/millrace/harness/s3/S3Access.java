// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.s3;

import java.net.URI;
import org.apache.flink.configuration.Configuration;

/**
 * How clients reach an S3 server, itself or by way of a proxy.
 *
 * @param endpoint {@code http://HOST:PORT}
 * @param accessKey made up
 * @param secretKey made up
 */
public record S3Access(URI endpoint, String accessKey, String secretKey) {

  /**
   * What Flink's S3 file system needs, for a cluster's configuration. The client's own retries are
   * off and its time-outs short, so that errors reach whoever reads through it.
   */
  public Configuration flinkConfiguration() {
    Configuration configuration = new Configuration();
    configuration.setString("s3.endpoint", endpoint.toString());
    configuration.setString("s3.endpoint.region", "us-east-1");
    configuration.setString("s3.path.style.access", "true");
    configuration.setString("s3.connection.ssl.enabled", "false");
    configuration.setString("s3.access-key", accessKey);
    configuration.setString("s3.secret-key", secretKey);
    configuration.setString("s3.attempts.maximum", "0");
    configuration.setString("s3.retry.limit", "0");
    configuration.setString("s3.retry.throttle.limit", "0");
    configuration.setString("s3.connection.establish.timeout", "2000");
    configuration.setString("s3.connection.timeout", "10000");
    return configuration;
  }
}
