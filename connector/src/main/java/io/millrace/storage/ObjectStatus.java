// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

/**
 * One entry of a listing.
 *
 * @param location where it lies
 * @param version its content's version; all zero for a directory
 * @param directory whether it is a directory, or a prefix that stands for one
 */
public record ObjectStatus(ObjectLocation location, ObjectVersion version, boolean directory) {}
