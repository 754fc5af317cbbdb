// SPDX-License-Identifier: Apache-2.0
package io.millrace.flink.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.ObjectLocation;
import io.millrace.storage.ObjectVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
final class StreamPoolTest {

  @TempDir private Path directory;

  @Test
  void givesNoStreamOfAnotherVersion() throws IOException {
    Path file = Files.write(directory.resolve("object"), new byte[1]);
    CountingFileSystem files = new CountingFileSystem();
    ObjectLocation object = ObjectLocation.of("file:" + file);
    ObjectVersion old = new ObjectVersion(1, 1, "");
    StreamPool pool = new StreamPool(new StreamPool.Limits(4, 4, Duration.ofHours(1)), () -> 0);
    PooledStream stream =
        new PooledStream(object, old, files.open(new org.apache.flink.core.fs.Path(file.toUri())));
    pool.give(stream);

    assertThat(pool.take(object, new ObjectVersion(1, 2, ""))).isNull();
    assertThat(pool.size()).isEqualTo(1);
    assertThat(pool.take(object, old)).isSameAs(stream);

    pool.give(stream);
    assertThat(pool.take(object, new ObjectVersion(2, 0, ""))).isNull();
    assertThat(pool.take(object, new ObjectVersion(1, 0, "")))
        .as("of which only the length is told")
        .isSameAs(stream);

    pool.give(stream);
    pool.retain(object, new ObjectVersion(1, 0, ""));
    assertThat(pool.take(object)).as("whatever its version").isSameAs(stream);
    stream.close();
    assertThat(files.open()).isZero();
  }
}
