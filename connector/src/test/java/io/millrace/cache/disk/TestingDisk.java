// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The machine's disk with faults put in between: it can die in mid-write, fill up and fail. */
final class TestingDisk implements DiskFiles {

  private long bytesUntilDeath = Long.MAX_VALUE;
  private boolean dead;
  volatile @Nullable String writeError;
  volatile @Nullable String readError;
  volatile @Nullable Space space;

  /** Bytes that all files together may still grow by before there is no room. */
  volatile long roomToGrow = Long.MAX_VALUE;

  /** Has the process die after so many further bytes: the rest of the write is lost. */
  synchronized void dieAfter(long bytes) {
    bytesUntilDeath = bytes;
  }

  synchronized boolean isDead() {
    return dead;
  }

  private synchronized void checkAlive() throws IOException {
    if (dead) {
      throw new IOException("The process is dead");
    }
  }

  /** How many bytes of a write reach the disk. */
  private synchronized int survive(int bytes) {
    int survives = (int) Math.min(bytes, bytesUntilDeath);
    bytesUntilDeath -= survives;
    dead = survives < bytes;
    return survives;
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    checkAlive();
    failIf(writeError);
    return new Faulty(DiskFiles.REAL.open(file));
  }

  private static void failIf(@Nullable String error) throws IOException {
    if (error != null) {
      throw new IOException(error);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    checkAlive();
    if (roomToGrow < Long.MAX_VALUE / 2) {
      roomToGrow += file.toFile().length();
    }
    DiskFiles.REAL.delete(file);
  }

  @Override
  public Space space(Path directory) throws IOException {
    checkAlive();
    Space fake = space;
    return fake == null ? DiskFiles.REAL.space(directory) : fake;
  }

  private final class Faulty implements DiskFile {

    private final DiskFile file;

    private Faulty(DiskFile file) {
      this.file = file;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      checkAlive();
      failIf(readError);
      file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      checkAlive();
      failIf(writeError);
      long growth = Math.max(0, position + source.remaining() - file.size());
      if (growth > roomToGrow) {
        file.write(source.slice(0, source.remaining() / 2), position);
        throw new IOException("No space left on device");
      }
      if (roomToGrow < Long.MAX_VALUE / 2) {
        roomToGrow -= growth;
      }
      int survives = survive(source.remaining());
      file.write(source.slice(source.position(), survives), position);
      if (isDead()) {
        throw new IOException("The process died");
      }
      source.position(source.limit());
    }

    @Override
    public long size() throws IOException {
      checkAlive();
      return file.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      checkAlive();
      if (roomToGrow < Long.MAX_VALUE / 2) {
        roomToGrow += Math.max(0, file.size() - size);
      }
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
