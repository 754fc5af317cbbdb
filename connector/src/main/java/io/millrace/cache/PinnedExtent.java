// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache;

import io.millrace.storage.ByteChunks;

/**
 * An extent's bytes, held in place until it is closed. Closing it twice is harmless; using the
 * bytes after that is not: they may be another extent's by then.
 */
public interface PinnedExtent extends AutoCloseable {

  ByteChunks bytes();

  /** What asking for it was, for the accounting of hits and misses. */
  Touch touch();

  /** When these bytes left their origin, by {@link TimeToLive#now}; never another time. */
  long fetchedNanos();

  /** Whether {@link #markIntact} was called, by anyone, for these bytes since they were fetched. */
  boolean isIntact();

  /**
   * Notes that checksums which the bytes carry within themselves match, so that nobody needs to
   * compute them again while the bytes stay in memory.
   */
  void markIntact();

  @Override
  void close();

  /** How an extent was found, seen from the purpose (an epoch of a scan) that asked for it. */
  enum Touch {
    /** This call brought it from the origin. */
    FETCHED,
    /** It was there, and this purpose had neither fetched nor asked for it before: a hit. */
    RESIDENT,
    /** The same purpose has fetched it or asked for it before: not counted again. */
    AGAIN
  }
}
