// SPDX-License-Identifier: Apache-2.0
package io.millrace.format;

/**
 * A published hash of an object's bytes.
 *
 * @param algorithm name as Python's hashlib and xxhash have it, such as {@code sha1}, {@code xxh64}
 * @param hex the digest in lower-case hexadecimal digits, canonical (big-endian) order
 */
public record ContentHash(String algorithm, String hex) {}
