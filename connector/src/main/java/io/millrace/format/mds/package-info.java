// SPDX-License-Identifier: Apache-2.0
/**
 * Reads MDS, the format of MosaicML Streaming: an {@code index.json} and shards in MDS, JSON or
 * separated-values layout, raw or compressed. Checks what the reference reader takes on trust.
 */
@NullMarked
package io.millrace.format.mds;

import org.jspecify.annotations.NullMarked;
