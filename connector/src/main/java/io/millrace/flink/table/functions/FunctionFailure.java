// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import org.apache.flink.table.api.TableRuntimeException;

/** What a function throws when it cannot take a value: its name, the value and the reason. */
final class FunctionFailure {

  private FunctionFailure() {}

  static TableRuntimeException of(String function, String reason) {
    return new TableRuntimeException(function + ": " + reason);
  }

  static TableRuntimeException of(String function, Throwable cause) {
    return new TableRuntimeException(function + ": " + cause.getMessage(), cause);
  }
}
