// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PickleException;
import io.millrace.format.pickle.PyDict;
import io.millrace.format.pickle.PyTuple;

/**
 * Sparse tensors, as dicts of their parts. That the parts fit together is checked, not the indices
 * themselves: nothing here follows them.
 */
final class SparseCalls {

  private static final String LAYOUT = "layout";
  private static final String SIZE = "size";
  private static final String VALUES = "values";

  private SparseCalls() {}

  /** {@code _rebuild_sparse_tensor(layout, parts)}. */
  static PyDict rebuild(TorchConstructors constructors, Arguments arguments)
      throws PickleException {
    arguments.expect(2, 2);
    TorchConstant layout = arguments.constant(0);
    Arguments parts = arguments.nested(1);
    return constructors.tensorInParts(parts(arguments, layout, parts));
  }

  private static PyDict parts(Arguments arguments, TorchConstant layout, Arguments parts)
      throws PickleException {
    return switch (layout.text()) {
      case "torch.sparse_coo" -> coordinates(layout, parts);
      case "torch.sparse_csr", "torch.sparse_bsr" ->
          compressed(layout, parts, "crow_indices", "col_indices");
      case "torch.sparse_csc", "torch.sparse_bsc" ->
          compressed(layout, parts, "ccol_indices", "row_indices");
      default -> throw arguments.wrong(0, "the layout of a sparse tensor");
    };
  }

  /** {@code (indices, values, size, is_coalesced=None)}. */
  private static PyDict coordinates(TorchConstant layout, Arguments parts) throws PickleException {
    parts.expect(3, 4);
    TensorValue indices = indices(parts, 0);
    TensorValue values = parts.tensor(1);
    long[] size = parts.numbers(2);
    boolean fits =
        indices.shape().length == 2
            && values.shape().length > 0
            && indices.shape()[1] == values.shape()[0]
            && indices.shape()[0] + values.shape().length - 1 == size.length;
    if (!fits) {
      throw mismatch(layout);
    }
    PyDict sparse = begun(layout, parts.tuple(2));
    sparse.put("indices", indices);
    sparse.put(VALUES, values);
    return sparse;
  }

  /** {@code (compressed indices, plain indices, values, size)}. */
  private static PyDict compressed(
      TorchConstant layout, Arguments parts, String compressedName, String plainName)
      throws PickleException {
    parts.expect(4, 4);
    TensorValue compressed = indices(parts, 0);
    TensorValue plain = indices(parts, 1);
    TensorValue values = parts.tensor(2);
    int batch = plain.shape().length - 1;
    boolean fits =
        batch >= 0
            && compressed.shape().length == batch + 1
            && values.shape().length > batch
            && values.shape()[batch] == plain.shape()[batch]
            && parts.numbers(3).length >= batch + 2;
    if (!fits) {
      throw mismatch(layout);
    }
    PyDict sparse = begun(layout, parts.tuple(3));
    sparse.put(compressedName, compressed);
    sparse.put(plainName, plain);
    sparse.put(VALUES, values);
    return sparse;
  }

  private static PyDict begun(TorchConstant layout, PyTuple size) throws PickleException {
    PyDict sparse = new PyDict();
    sparse.put(LAYOUT, layout);
    sparse.put(SIZE, size);
    return sparse;
  }

  private static TensorValue indices(Arguments parts, int index) throws PickleException {
    TensorValue indices = parts.tensor(index);
    return switch (indices.dtype()) {
      case INT32, INT64 -> indices;
      default -> throw parts.wrong(index, "a tensor of int32 or int64");
    };
  }

  private static PickleException mismatch(TorchConstant layout) {
    return new PickleException(
        "the parts of a " + layout.text() + " tensor do not have shapes that fit together");
  }
}
