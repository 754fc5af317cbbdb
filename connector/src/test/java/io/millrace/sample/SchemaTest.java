// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.sample.FieldType.ListType;
import io.millrace.sample.FieldType.Primitive;
import io.millrace.sample.FieldType.TensorType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SchemaTest {
  private final Field image =
      new Field("image", new TensorType(DType.UINT8, List.of(28L, 28L)), false);
  private final Field label = new Field("label", Primitive.INT64, false);
  private final Field tags = new Field("tags", new ListType(Primitive.STRING), true);
  private final Schema schema = Schema.of(image, label, tags);

  @Test
  void findsFieldsByPlaceAndName() {
    assertThat(schema.size()).isEqualTo(3);
    assertThat(schema.field(1)).isEqualTo(label);
    assertThat(schema.indexOf("tags")).isEqualTo(2);
    assertThat(schema.indexOf("Tags")).isEqualTo(-1);
    assertThat(schema.fields()).containsExactly(image, label, tags);
  }

  @Test
  void projectsInTheOrderAskedFor() {
    assertThat(schema.project(List.of("tags", "image"))).isEqualTo(Schema.of(tags, image));
    assertThat(schema.project(List.of()).size()).isZero();
    assertThatThrownBy(() -> schema.project(List.of("label", "nope")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No field named 'nope'; known: image, label, tags");
  }

  @Test
  void namesAreUnique() {
    assertThatThrownBy(() -> Schema.of(label, image, label))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a schema with two fields named 'label'");
    assertThatThrownBy(() -> schema.project(List.of("label", "label")))
        .hasMessage("Cannot make a schema with two fields named 'label'");
  }

  @Test
  void equalityIsByFieldsInOrder() {
    assertThat(schema)
        .isEqualTo(Schema.of(image, label, tags))
        .hasSameHashCodeAs(Schema.of(image, label, tags))
        .isNotEqualTo(Schema.of(label, image, tags))
        .hasToString("(image tensor<uint8>[28,28], label int64, tags list<string>?)");
  }

  @Test
  void travelsInAJobGraph() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(schema);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Schema copy = (Schema) in.readObject();
      assertThat(copy).isEqualTo(schema);
      assertThat(copy.indexOf("label")).isEqualTo(1);
    }
  }
}
