// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.aligned;

import io.millrace.format.DatasetFormat;
import io.millrace.format.DatasetManifest;

/**
 * One of the datasets that are joined.
 *
 * @param format its format
 * @param manifest what discovery found of it
 * @param names what its fields are called in the whole
 */
public record AlignedPart(DatasetFormat format, DatasetManifest manifest, FieldNames names) {}
