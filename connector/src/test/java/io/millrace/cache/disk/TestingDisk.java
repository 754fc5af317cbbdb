// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The machine's disk with faults put in between: it can die in mid-write, fill up and fail. */
final class TestingDisk implements DiskFiles {

  private long bytesUntilDeath = Long.MAX_VALUE;
  private boolean dead;
  volatile @Nullable String writeError;
  volatile @Nullable String readError;
  volatile @Nullable Space space;

  /** Asked before each operation, for faults of single files and places. */
  volatile Fault fault = (operation, file, position) -> {};

  /** Throws what the operation is to fail with, or does what is to happen just before it. */
  interface Fault {
    /**
     * Called before each operation.
     *
     * @param operation {@code open}, {@code read}, {@code write}, {@code truncate}, {@code delete},
     *     {@code list}, {@code size}, {@code change}, {@code lock}, {@code space} or {@code close}
     * @param position where it begins, 0 if it is about the file as a whole
     */
    void on(String operation, Path file, long position) throws IOException;
  }

  /** Bytes that all files together may still grow by before there is no room. */
  final AtomicLong roomToGrow = new AtomicLong(Long.MAX_VALUE);

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
    fault.on("open", file, 0);
    failIf(writeError);
    return new Faulty(file, DiskFiles.REAL.open(file));
  }

  private static void failIf(@Nullable String error) throws IOException {
    if (error != null) {
      throw new IOException(error);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    checkAlive();
    fault.on("delete", file, 0);
    if (roomToGrow.get() < Long.MAX_VALUE / 2) {
      roomToGrow.addAndGet(file.toFile().length());
    }
    DiskFiles.REAL.delete(file);
  }

  @Override
  public Space space(Path directory) throws IOException {
    checkAlive();
    fault.on("space", directory, 0);
    Space fake = space;
    return fake == null ? DiskFiles.REAL.space(directory) : fake;
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    fault.on("list", directory, 0);
    return DiskFiles.REAL.list(directory);
  }

  @Override
  public long size(Path file) throws IOException {
    fault.on("size", file, 0);
    return DiskFiles.REAL.size(file);
  }

  @Override
  public Instant lastChange(Path file) throws IOException {
    fault.on("change", file, 0);
    return DiskFiles.REAL.lastChange(file);
  }

  @Override
  public @Nullable StoreLock tryLock(Path file) throws IOException {
    fault.on("lock", file, 0);
    return DiskFiles.REAL.tryLock(file);
  }

  private final class Faulty implements DiskFile {

    private final Path path;
    private final DiskFile file;

    private Faulty(Path path, DiskFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      checkAlive();
      fault.on("read", path, position);
      failIf(readError);
      file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      checkAlive();
      fault.on("write", path, position);
      failIf(writeError);
      long growth = Math.max(0, position + source.remaining() - file.size());
      if (growth > roomToGrow.get()) {
        file.write(source.slice(0, source.remaining() / 2), position);
        throw new IOException("No space left on device");
      }
      if (roomToGrow.get() < Long.MAX_VALUE / 2) {
        roomToGrow.addAndGet(-growth);
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
      fault.on("truncate", path, size);
      if (roomToGrow.get() < Long.MAX_VALUE / 2) {
        roomToGrow.addAndGet(Math.max(0, file.size() - size));
      }
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      fault.on("close", path, 0);
      file.close();
    }
  }
}
