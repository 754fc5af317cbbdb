// SPDX-License-Identifier: Apache-2.0
package io.millrace.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class BytesTest {
  private final byte[] array = {1, 2, 3, 4, 5, 6, 7, 8, (byte) 0xf9};
  private final Bytes bytes = Bytes.copyOf(array);

  @Test
  void wrapTakesTheArrayAndCopyOfDoesNot() {
    Bytes wrapped = Bytes.wrap(array);
    array[0] = 42;
    assertThat(wrapped.byteAt(0)).isEqualTo((byte) 42);
    assertThat(bytes.byteAt(0)).isEqualTo((byte) 1);
  }

  @Test
  void copyOfTakesARange() {
    assertThat(Bytes.copyOf(array, 2, 3)).isEqualTo(Bytes.wrap(new byte[] {3, 4, 5}));
    assertThat(Bytes.copyOf(array, 9, 0)).isEqualTo(Bytes.EMPTY);
    assertThatThrownBy(() -> Bytes.copyOf(array, 8, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Bytes.copyOf(array, 1, Integer.MAX_VALUE))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void copyOfABufferTakesWhatRemains() {
    ByteBuffer buffer = ByteBuffer.wrap(array, 1, 2);
    assertThat(Bytes.copyOf(buffer)).isEqualTo(Bytes.wrap(new byte[] {2, 3}));
    assertThat(buffer.position()).isEqualTo(3);
  }

  @Test
  void sliceSharesAndStaysWithinItsBounds() {
    Bytes slice = Bytes.wrap(array).slice(2, 4).slice(1, 2);
    array[3] = 99;
    assertThat(slice.toByteArray()).containsExactly(99, 5);
    assertThat(slice.size()).isEqualTo(2);
    assertThat(bytes.slice(0, 9)).isSameAs(bytes);
    assertThatThrownBy(() -> slice.byteAt(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.byteAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.slice(1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> slice.shortAt(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void numbersAreLittleEndian() {
    Bytes slice = bytes.slice(1, 8);
    assertThat(slice.shortAt(0)).isEqualTo((short) 0x0302);
    assertThat(slice.intAt(1)).isEqualTo(0x06050403);
    assertThat(slice.longAt(0)).isEqualTo(0xf908070605040302L);
  }

  @Test
  void bufferIsReadOnlyLittleEndianAndBounded() {
    ByteBuffer buffer = bytes.slice(1, 4).asByteBuffer();
    assertThat(buffer.position()).isZero();
    assertThat(buffer.capacity()).isEqualTo(4);
    assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(buffer.getInt()).isEqualTo(0x05040302);
    assertThatThrownBy(() -> buffer.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    assertThat(buffer.hasArray()).isFalse();
  }

  @Test
  void copiesGoWhereTheyAreTold() throws IOException {
    byte[] target = new byte[4];
    bytes.slice(1, 8).copyTo(2, target, 1, 3);
    assertThat(target).containsExactly(0, 4, 5, 6);
    assertThatThrownBy(() -> bytes.copyTo(0, target, 2, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);

    ByteBuffer buffer = ByteBuffer.allocate(3);
    bytes.slice(7, 2).copyTo(buffer);
    assertThat(buffer.position()).isEqualTo(2);
    assertThat(buffer.array()).containsExactly(8, 0xf9, 0);
    assertThatThrownBy(() -> bytes.copyTo(buffer)).isInstanceOf(BufferOverflowException.class);

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    bytes.slice(3, 2).writeTo(new DataOutputStream(out));
    assertThat(out.toByteArray()).containsExactly(4, 5);
  }

  @Test
  void toByteArrayIsACopy() {
    bytes.toByteArray()[0] = 42;
    assertThat(bytes.byteAt(0)).isEqualTo((byte) 1);
  }

  @Test
  void equalityIsByContent() {
    assertThat(bytes.slice(2, 2))
        .isEqualTo(Bytes.wrap(new byte[] {3, 4}))
        .hasSameHashCodeAs(Bytes.wrap(new byte[] {3, 4}))
        .isNotEqualTo(Bytes.wrap(new byte[] {3, 5}))
        .isNotEqualTo(Bytes.wrap(new byte[] {3}))
        .isNotEqualTo("3");
    assertThat(bytes.slice(2, 2).hashCode()).isEqualTo((31 + 3) * 31 + 4);
    assertThat(bytes.slice(4, 0).isEmpty()).isTrue();
    assertThat(bytes.isEmpty()).isFalse();
  }

  @Test
  void textIsShort() {
    assertThat(Bytes.EMPTY).hasToString("Bytes[0: ]");
    assertThat(bytes.slice(7, 2)).hasToString("Bytes[2: 08f9]");
    assertThat(bytes).hasToString("Bytes[9: 0102030405060708...]");
  }
}
