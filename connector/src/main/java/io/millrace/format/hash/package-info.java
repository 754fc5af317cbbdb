// SPDX-License-Identifier: Apache-2.0
/**
 * Content hashes as dataset indexes publish them: the algorithms of Python's hashlib and xxhash
 * under their Python names.
 */
@NullMarked
package io.millrace.format.hash;

import org.jspecify.annotations.NullMarked;
