// SPDX-License-Identifier: Apache-2.0
package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
final class ObjectLocationTest {

  @ParameterizedTest
  @CsvSource({
    "file:/data/train/, file:/data/train",
    "file:///data///, file:///data",
    "file:/, file:/",
    "file:///, file:///",
    "hdfs://nn:8020/, hdfs://nn:8020",
    "hdfs://nn/a, hdfs://nn/a",
    "s3://bucket, s3://bucket",
    "s3://bucket//, s3://bucket",
    "/data/, /data",
    "/, /"
  })
  void hasNoTrailingSlashExceptARoot(String given, String kept) {
    assertThat(ObjectLocation.of(given).uri()).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "file:/, a, file:/a",
    "file:///, a, file:///a",
    "s3://bucket, a/b, s3://bucket/a/b",
    "hdfs://nn/x/, 'a b#c%20?', 'hdfs://nn/x/a b#c%20?'",
    "file:/x, a:b, file:/x/a:b",
    "file:/x, ...a.., file:/x/...a.."
  })
  void resolvesPathsAsTheyStand(String root, String path, String expected) {
    assertThat(ObjectLocation.of(root).resolve(path).uri()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', it is empty",
    "/etc/passwd, it is absolute",
    "../x, 'it has a part \"..\", which may leave the directory'",
    "a/../../x, 'it has a part \"..\", which may leave the directory'",
    "a/.., 'it has a part \"..\", which may leave the directory'",
    "./x, 'it has a part \".\", which may leave the directory'",
    "a//b, 'it has a part \"\", which may leave the directory'",
    "a/, 'it has a part \"\", which may leave the directory'",
    "s3://other/x, it has a scheme",
    "'..\\x', it has a character that no store names objects with"
  })
  void refusesPathsThatMayLeaveTheDirectory(String path, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectLocation.of("file:/data").resolve(path))
        .withMessage("Cannot use path \"" + path + "\" below file:/data: " + reason);
  }

  @Test
  void refusesControlCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectLocation.of("file:/data").resolve("a\0b"))
        .withMessageEndingWith("it has a character that no store names objects with");
  }

  @Test
  void refusesAnEmptyLocation() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectLocation.of(" "))
        .withMessage("Cannot use an empty location");
  }

  @ParameterizedTest
  @CsvSource({"s3://bucket/x/y.mds, y.mds", "s3://bucket/a b#c, a b#c", "file:/, ''"})
  void namesItsLastPart(String uri, String name) {
    assertThat(ObjectLocation.of(uri).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "s3://key:secret@bucket/x, s3://bucket/x",
    "s3://key:sec/ret@bucket/x, s3://bucket/x",
    "https://token@host:80/x?sig=secret&a=b, https://host:80/x",
    "https://host/x?sig=secret, https://host/x",
    "s3://key:secret@bucket, s3://bucket",
    "abfs://container@account.dfs.core.windows.net/x,"
        + " abfs://container@account.dfs.core.windows.net/x",
    "abfs://user:secret@account/x, abfs://account/x",
    "file:/data/what?.mds, file:/data/what?.mds",
    "hdfs://nn:8020/a@b, hdfs://nn:8020/a@b",
    "s3://bucket/a@b, s3://bucket/a@b",
    "/data/a@b?c, /data/a@b?c"
  })
  void showsNoCredentials(String uri, String shown) {
    assertThat(ObjectLocation.of(uri)).hasToString(shown);
    assertThat(ObjectLocation.of(uri).uri()).isEqualTo(uri);
    assertThat(new CorruptObjectException(ObjectLocation.of(uri), 3, "odd"))
        .hasMessage("Corrupt object " + shown + " at offset 3: odd");
  }
}
