// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.meter;

/**
 * What requests are counted by.
 *
 * @param operation what they are for
 * @param object path of the object or directory, from a slash on; of an S3 listing {@code
 *     /BUCKET/PREFIX}
 * @param faulted whether a fault was injected into them
 */
public record OriginKey(OriginOperation operation, String object, boolean faulted) {}
