// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

/** A container without content, which tells nothing of the type of a field. */
enum EmptyValue {
  LIST("an empty list", "[]"),
  DICT("an empty dict", "{}");

  private final String description;
  private final String json;

  EmptyValue(String description, String json) {
    this.description = description;
    this.json = json;
  }

  String json() {
    return json;
  }

  @Override
  public String toString() {
    return description;
  }
}
