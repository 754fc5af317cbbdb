// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.sample.DType;

/** Tensors of bfloat16 that were written as float32, which is bfloat16 with 16 bits of 0 behind. */
final class Bfloat16 {

  private Bfloat16() {}

  /** The upper halves of a tensor of float32; an element that is no bfloat16 is refused. */
  static TensorValue upperHalves(Allowance allowance, TensorValue tensor) throws PickleException {
    Storage storage = tensor.storage();
    allowance.spend(tensor.byteSize());
    byte[] floats = tensor.toBytes();
    for (int i = 0; i < floats.length; i += Float.BYTES) {
      if (floats[i] != 0 || floats[i + 1] != 0) {
        throw new PickleException(
            "element " + i / Float.BYTES + " of a tensor of float32 is no bfloat16");
      }
    }
    long[] strides = tensor.strides().clone();
    for (int i = 0; i < strides.length; i++) {
      strides[i] *= 2;
    }
    Storage halves =
        new Storage(
            storage.bytes(),
            storage.begin(),
            DType.BFLOAT16,
            2 * storage.elements(),
            storage.bigEndian(),
            storage.copied());
    long upper = storage.bigEndian() ? 0 : 1;
    return TensorViews.strided(halves, 2 * tensor.offset() + upper, tensor.shape(), strides);
  }
}
