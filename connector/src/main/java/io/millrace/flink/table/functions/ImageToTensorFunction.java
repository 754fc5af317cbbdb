// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.table.functions;

import java.io.IOException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/**
 * {@code IMAGE_TO_TENSOR(image [, mode [, max_pixels]])}: the pixels of a PNG or JPEG as uint8
 * [height, width, channels].
 */
@Internal
public final class ImageToTensorFunction extends ScalarFunction implements SpecializedFunction {
  static final String NAME = "IMAGE_TO_TENSOR";

  /** As many as 8192 x 4096: 96 MiB as RGB, and as much again while it is decoded. */
  static final long MAX_PIXELS = 1L << 25;

  private final ImageMode mode;

  /** Makes the function as a module lists it, not yet fit to be called. */
  public ImageToTensorFunction() {
    this(ImageMode.UNCHANGED);
  }

  private ImageToTensorFunction(ImageMode mode) {
    this.mode = mode;
  }

  @Override
  public UserDefinedFunction specialize(SpecializedContext context) {
    CallContext call = context.getCallContext();
    return call.getArgumentDataTypes().size() < 2
        ? new ImageToTensorFunction()
        : new ImageToTensorFunction(
            call.getArgumentValue(1, String.class)
                .flatMap(ImageMode::of)
                .orElse(ImageMode.UNCHANGED));
  }

  /** Called by generated code. */
  public @Nullable RowData eval(byte @Nullable [] image) {
    return image == null ? null : decode(image, MAX_PIXELS);
  }

  /** Called by generated code; the mode is known from the literal. */
  public @Nullable RowData eval(byte @Nullable [] image, @Nullable StringData mode) {
    return image == null || mode == null ? null : decode(image, MAX_PIXELS);
  }

  /** Called by generated code; the mode is known from the literal. */
  public @Nullable RowData eval(
      byte @Nullable [] image, @Nullable StringData mode, @Nullable Long maxPixels) {
    return image == null || mode == null || maxPixels == null ? null : decode(image, maxPixels);
  }

  private RowData decode(byte[] image, long maxPixels) {
    try {
      return TensorRow.write(ImageDecoder.decode(image, mode, maxPixels));
    } catch (IOException e) {
      throw FunctionFailure.of(NAME, e);
    }
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return FunctionTypes.inference(
        new FunctionArguments(
            1, FunctionTypes.bytes(), FunctionTypes.imageMode(), FunctionTypes.integer()),
        call -> FunctionTypes.TENSOR_RESULT);
  }
}
