// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import java.nio.charset.StandardCharsets;

/** Errors as S3's REST API words them. */
final class S3Errors {

  private S3Errors() {}

  static String nameOf(int code) {
    return switch (code) {
      case 401, 403 -> "AccessDenied";
      case 404 -> "NoSuchKey";
      case 408 -> "RequestTimeout";
      case 412 -> "PreconditionFailed";
      case 416 -> "InvalidRange";
      case 429 -> "TooManyRequests";
      case 500 -> "InternalError";
      case 503 -> "SlowDown";
      default -> "Status" + code;
    };
  }

  /** The status line's words. */
  static String reasonOf(int code) {
    return switch (code) {
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      default -> "Status " + code;
    };
  }

  static byte[] body(Fault.Status status, String object) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
            + escape(status.error())
            + "</Code><Message>Injected by a test</Message><Resource>"
            + escape(object)
            + "</Resource><RequestId>0</RequestId></Error>";
    return xml.getBytes(StandardCharsets.UTF_8);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
