// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginOperation;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which requests a rule is for: those for which every part agrees.
 *
 * @param operations any of them; empty for all
 * @param methods any of them, in capitals as HTTP has them; empty for all
 * @param target found somewhere in the request's path and query; {@code ^} and {@code $} hold it to
 *     the ends
 */
public record RequestPattern(Set<OriginOperation> operations, Set<String> methods, Pattern target) {

  private static final RequestPattern ANY =
      new RequestPattern(Set.of(), Set.of(), Pattern.compile(""));

  public RequestPattern {
    operations = Set.copyOf(operations);
    methods = Set.copyOf(methods);
  }

  /** All requests. */
  public static RequestPattern any() {
    return ANY;
  }

  /** Requests for any of these. */
  public static RequestPattern operation(OriginOperation... operations) {
    return new RequestPattern(Set.of(operations), Set.of(), ANY.target);
  }

  /** Requests by any of these methods. */
  public static RequestPattern method(String... methods) {
    return new RequestPattern(Set.of(), Set.of(methods), ANY.target);
  }

  /**
   * This, but only where the request's path and query hold a match.
   *
   * @throws java.util.regex.PatternSyntaxException if the expression is malformed
   */
  public RequestPattern at(String targetRegex) {
    return new RequestPattern(operations, methods, Pattern.compile(targetRegex));
  }

  boolean matches(OriginRequest request) {
    return (operations.isEmpty() || operations.contains(request.operation()))
        && (methods.isEmpty() || methods.contains(request.method()))
        && target.matcher(request.target()).find();
  }
}
