// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PyKey;
import io.millrace.sample.DType;

/**
 * A single number of NumPy's, such as {@code numpy.float32(1)}.
 *
 * @param dtype not a complex one: those are tensors of rank 0
 * @param value a {@link Boolean}, {@link Long}, of uint64 a {@link java.math.BigInteger}, of
 *     float16 and float32 a {@link Float}, of float64 a {@link Double}
 */
record NumpyScalar(DType dtype, Object value) implements PyKey {}
