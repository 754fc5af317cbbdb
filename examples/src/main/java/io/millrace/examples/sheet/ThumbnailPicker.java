// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import io.millrace.sample.Field;
import io.millrace.sample.FieldType;
import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Passes on, of the first epoch, thumbnails of what may be the first samples of each class: a few
 * more than are needed, which {@link ContactSheet} leaves out. Of samples without a picture, none.
 */
public final class ThumbnailPicker implements FlatMapFunction<Sample, Thumbnail> {

  private static final long serialVersionUID = 1L;

  private static final Set<String> LABEL_NAMES =
      Set.of("label", "labels", "class", "cls", "target", "y");

  private final int[] imageFields;
  private final int labelField;
  private final FirstOfEachClass first =
      new FirstOfEachClass(ContactSheet.MOST_ROWS, ContactSheet.COLUMNS);

  /**
   * @param schema of the samples
   */
  public ThumbnailPicker(Schema schema) {
    this.imageFields = imageFields(schema);
    this.labelField = labelField(schema).orElse(-1);
  }

  /** Whether samples of the schema may have a picture. */
  public static boolean mayHaveImages(Schema schema) {
    return imageFields(schema).length > 0;
  }

  private static int[] imageFields(Schema schema) {
    return IntStream.range(0, schema.size())
        .filter(index -> ImageDecoder.mayBeImage(schema.field(index)))
        .toArray();
  }

  /** The integer field that is named like a label, else the only integer field. */
  static OptionalInt labelField(Schema schema) {
    List<Integer> integers =
        IntStream.range(0, schema.size())
            .filter(index -> isInteger(schema.field(index)))
            .boxed()
            .toList();
    for (int index : integers) {
      if (LABEL_NAMES.contains(schema.field(index).name())) {
        return OptionalInt.of(index);
      }
    }
    return integers.size() == 1 ? OptionalInt.of(integers.get(0)) : OptionalInt.empty();
  }

  private static boolean isInteger(Field field) {
    return field.type() instanceof FieldType.Primitive primitive
        && switch (primitive) {
          case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> true;
          default -> false;
        };
  }

  @Override
  public void flatMap(Sample sample, Collector<Thumbnail> out) {
    if (sample.metadata().epoch() > 0 || imageFields.length == 0) {
      return;
    }
    long label =
        labelField < 0 || sample.isNull(labelField)
            ? Thumbnail.NO_LABEL
            : sample.getLong(labelField);
    long position = sample.metadata().epochPosition();
    if (first.admits(label, position)) {
      picture(sample).ifPresent(found -> out.collect(Thumbnail.of(label, position, found)));
    }
  }

  private Optional<BufferedImage> picture(Sample sample) {
    for (int field : imageFields) {
      Optional<BufferedImage> found = ImageDecoder.decode(sample.get(field));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
