// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.source.reader;

import io.millrace.cache.Extent;
import io.millrace.format.ByteRange;
import io.millrace.storage.ByteChunks;
import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.util.ArrayList;
import java.util.List;

/** Cuts the ranges that formats ask for into extents: most are one, large objects several. */
final class ExtentLayout {

  /** Length of each extent of a range that is cut: whole chunks, just under 8 MiB. */
  static final long CUT_LENGTH = 32L * ByteChunks.CHUNK_SIZE;

  private ExtentLayout() {}

  /** The extents of a range, in order; none if it is empty. */
  static List<Extent> extents(ObjectLocation object, ObjectVersion version, ByteRange range) {
    List<Extent> extents = new ArrayList<>();
    // A range of up to twice the length stays whole: a run of samples of uneven sizes.
    long step = range.length() <= 2 * CUT_LENGTH ? range.length() : CUT_LENGTH;
    for (long offset = range.offset(); offset < range.end(); offset += step) {
      extents.add(new Extent(object, version, offset, Math.min(step, range.end() - offset)));
    }
    return extents;
  }
}
