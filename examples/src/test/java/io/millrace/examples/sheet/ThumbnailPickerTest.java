// SPDX-License-Identifier: Apache-2.0
package io.millrace.examples.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sample.Field;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.Sample;
import io.millrace.sample.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ThumbnailPickerTest {

  private static List<Thumbnail> pick(List<Sample> samples) {
    ThumbnailPicker picker = new ThumbnailPicker(Samples.SCHEMA);
    List<Thumbnail> picked = new ArrayList<>();
    samples.forEach(sample -> picker.flatMap(sample, new ListCollector<>(picked)));
    return picked;
  }

  @Test
  void picksTheFirstOfEachClassInWhateverOrderTheyCome() {
    List<Sample> samples =
        new ArrayList<>(
            LongStream.range(0, 100)
                .mapToObj(i -> Samples.of(0, i, i % 2 == 0 ? 7L : 3L))
                .toList());
    List<Thumbnail> expected = ContactSheet.choose(pick(samples));
    assertThat(expected).hasSize(2 * ContactSheet.COLUMNS);
    assertThat(expected)
        .extracting(Thumbnail::position)
        .containsExactlyElementsOf(
            IntStream.range(0, 32).mapToObj(i -> i < 16 ? 2L * i + 1 : 2L * (i - 16)).toList());
    for (int seed = 0; seed < 10; seed++) {
      Collections.shuffle(samples, new Random(seed));
      List<Thumbnail> picked = pick(samples);
      assertThat(ContactSheet.choose(picked)).isEqualTo(expected);
    }
  }

  @Test
  void keepsTheSmallestLabelsIfThereAreMany() {
    List<Sample> samples = LongStream.range(0, 60).mapToObj(i -> Samples.of(0, i, 59 - i)).toList();
    assertThat(ContactSheet.choose(pick(samples)))
        .extracting(Thumbnail::label)
        .containsExactlyElementsOf(LongStream.range(0, ContactSheet.MOST_ROWS).boxed().toList());
  }

  @Test
  void leavesOutLaterEpochs() {
    assertThat(pick(List.of(Samples.of(1, 0, 1L)))).isEmpty();
  }

  @Test
  void putsSamplesWithoutALabelTogether() {
    assertThat(pick(List.of(Samples.of(0, 5, null))))
        .singleElement()
        .satisfies(
            thumbnail -> {
              assertThat(thumbnail.label()).isEqualTo(Thumbnail.NO_LABEL);
              assertThat(thumbnail.pixel(7, 7)).isEqualTo(0x050505);
            });
  }

  @Test
  void takesTheFieldNamedLikeALabelOrTheOnlyInteger() {
    Field id = new Field("id", Primitive.INT64, false);
    Field target = new Field("target", Primitive.UINT8, false);
    Field text = new Field("label", Primitive.STRING, false);
    assertThat(ThumbnailPicker.labelField(Schema.of(id, target))).hasValue(1);
    assertThat(ThumbnailPicker.labelField(Schema.of(text, id))).hasValue(1);
    assertThat(ThumbnailPicker.labelField(Schema.of(id, new Field("n", Primitive.INT8, false))))
        .isEmpty();
    assertThat(ThumbnailPicker.labelField(Schema.of(text))).isEmpty();
  }

  @Test
  void thumbnailsAreOfATypeThatFlinkSerialisesByItsComponents() {
    assertThat(TypeInformation.of(Thumbnail.class)).isInstanceOf(PojoTypeInfo.class);
  }
}
