// SPDX-License-Identifier: Apache-2.0
package io.millrace.cache.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file over a channel that is opened again when it was closed by an interrupt: an interruptible
 * channel ends for everyone when one thread is interrupted in it.
 */
final class ReopeningFile implements DiskFile {

  private final Path path;
  private FileChannel channel;
  private boolean closed;

  ReopeningFile(Path path) throws IOException {
    this.path = path;
    this.channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Not created again: a file that was removed meanwhile has nothing to read. */
  private synchronized FileChannel channel() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!channel.isOpen()) {
      channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    return channel;
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    int begin = target.position();
    again(
        open -> {
          while (target.hasRemaining()) {
            if (open.read(target, position + target.position() - begin) < 0) {
              throw new EOFException(
                  "Cannot read " + target.remaining() + " more bytes of " + path + ": it ends");
            }
          }
          return 0;
        });
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    int begin = source.position();
    again(
        open -> {
          while (source.hasRemaining()) {
            open.write(source, position + source.position() - begin);
          }
          return 0;
        });
  }

  @Override
  public long size() throws IOException {
    return again(FileChannel::size);
  }

  @Override
  public void truncate(long size) throws IOException {
    again(open -> open.truncate(size).size());
  }

  private interface Operation {
    long on(FileChannel open) throws IOException;
  }

  /** Again and again while others' interrupts close the channel; ends with the caller's own. */
  private long again(Operation operation) throws IOException {
    while (true) {
      FileChannel open = channel();
      try {
        return operation.on(open);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException e) {
        if (open.isOpen()) {
          throw e;
        }
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
