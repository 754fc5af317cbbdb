// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginOperation;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Requests of S3's REST API with path-style addresses. */
final class S3Requests implements RequestClassifier {

  @Override
  public OriginRequest classify(String method, String target) {
    String path = RequestClassifier.pathOf(target);
    int slash = path.indexOf('/', 1);
    boolean bucket = slash < 0 || slash == path.length() - 1;
    if (!method.equals("GET") || !bucket) {
      return new OriginRequest(RequestClassifier.operationOf(method), method, target, path);
    }
    String name = slash < 0 ? path : path.substring(0, slash);
    String object = name.equals("/") ? name : name + "/" + prefixOf(target, path.length());
    return new OriginRequest(OriginOperation.LIST, method, target, object);
  }

  private static String prefixOf(String target, int path) {
    if (path == target.length()) {
      return "";
    }
    for (String parameter : target.substring(path + 1).split("&", -1)) {
      if (parameter.startsWith("prefix=")) {
        return decode(parameter.substring("prefix=".length()));
      }
    }
    return "";
  }

  private static String decode(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Malformed, which is the server's to refuse.
      return value;
    }
  }
}
