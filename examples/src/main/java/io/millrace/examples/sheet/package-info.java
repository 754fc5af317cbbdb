// SPDX-License-Identifier: Apache-2.0
/** Finds images in samples of any dataset and draws some of each class into one picture. */
@NullMarked
package io.millrace.examples.sheet;

import org.jspecify.annotations.NullMarked;
