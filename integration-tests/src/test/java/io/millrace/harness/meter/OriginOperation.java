// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.meter;

/** What a request to an origin is for; the names follow HTTP, and file systems are fitted in. */
public enum OriginOperation {
  /** The listing of a directory, or of a prefix of a bucket. */
  LIST,
  /** The status of an object. */
  HEAD,
  /** The opening of a file; object stores have no such request. */
  OPEN,
  /** A read: one HTTP GET, or what a file's stream reads from an opening or a seek on. */
  GET,
  /** The writing of an object, or of a part of it. */
  PUT,
  /** What HTTP does by POST: the begin and end of an upload in parts, deletion of many objects. */
  POST,
  /** The deletion of an object or directory. */
  DELETE,
  /** Anything else: other HTTP methods, directories made, files renamed. */
  OTHER
}
