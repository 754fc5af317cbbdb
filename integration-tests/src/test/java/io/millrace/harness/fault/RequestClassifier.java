// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginOperation;

/**
 * Tells what an HTTP request is for. Called by several threads at once, once a request; must not
 * block.
 */
@FunctionalInterface
public interface RequestClassifier {

  /**
   * Classifies one request.
   *
   * @param method in capitals
   * @param target path and query as they came, still encoded
   */
  OriginRequest classify(String method, String target);

  /** Any HTTP server: the method is the operation, the path without the query the object. */
  static RequestClassifier http() {
    return (method, target) ->
        new OriginRequest(operationOf(method), method, target, pathOf(target));
  }

  /**
   * An S3 server with buckets in the path: a GET of a bucket is a listing, and its object the
   * bucket and the prefix that is listed.
   */
  static RequestClassifier s3() {
    return new S3Requests();
  }

  /** Before the query. */
  static String pathOf(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** What a method is for if nothing else is known. */
  static OriginOperation operationOf(String method) {
    return switch (method) {
      case "GET" -> OriginOperation.GET;
      case "HEAD" -> OriginOperation.HEAD;
      case "PUT" -> OriginOperation.PUT;
      case "POST" -> OriginOperation.POST;
      case "DELETE" -> OriginOperation.DELETE;
      default -> OriginOperation.OTHER;
    };
  }
}
