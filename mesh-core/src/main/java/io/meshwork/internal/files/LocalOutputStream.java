package io.meshwork.internal.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code .<name>.tmp} and gives it its final name at {@link #close()}, unless a write
 * failed. For one thread.
 */
final class LocalOutputStream extends PositionOutputStream {
  private static final int BUFFER_BYTES = 64 << 10;

  private final DiskCalls disk;
  private final Path target;
  private final Path temporary;
  private final boolean overwrite;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long written;
  private boolean closed;
  private @Nullable IOException failure;

  private LocalOutputStream(
      DiskCalls disk, Path target, Path temporary, boolean overwrite, FileChannel channel) {
    this.disk = disk;
    this.target = target;
    this.temporary = temporary;
    this.overwrite = overwrite;
    this.channel = channel;
  }

  /** Begins a file; what a dead or a living writer left beside the same place is not touched. */
  static LocalOutputStream beside(DiskCalls disk, Path target, boolean overwrite)
      throws IOException {
    Path folder = folderOf(target);
    PrivateFolders.make(folder, disk);
    for (int i = 1; ; i++) {
      Path temporary =
          folder.resolve("." + target.getFileName() + (i == 1 ? "" : "." + i) + ".tmp");
      try {
        FileChannel channel = disk.makeFile(temporary);
        return new LocalOutputStream(disk, target, temporary, overwrite, channel);
      } catch (FileAlreadyExistsException e) {
        if (i == 1_000) {
          throw e;
        }
      }
    }
  }

  @Override
  public long getPos() {
    return written;
  }

  @Override
  public void write(int value) throws IOException {
    requireOpen();
    if (!buffer.hasRemaining()) {
      drain();
    }
    buffer.put((byte) value);
    written++;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    requireOpen();
    if (length > buffer.remaining()) {
      drain();
    }
    if (length >= BUFFER_BYTES) {
      toChannel(ByteBuffer.wrap(source, offset, length));
    } else {
      buffer.put(source, offset, length);
    }
    written += length;
  }

  @Override
  public void flush() throws IOException {
    requireOpen();
    drain();
  }

  /**
   * Syncs the file and gives it its name, or leaves nothing at all.
   *
   * @throws IOException if the file cannot be finished, or an earlier write had failed
   * @throws AlreadyExistsException if somebody else took the name meanwhile
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      if (failure != null) {
        throw new IOException(
            "The file '" + target + "' was not made, since writing it had failed", failure);
      }
      drain();
      disk.syncFile(temporary, channel);
      channel.close();
      publish();
    } finally {
      disk.delete(temporary);
    }
    syncName();
  }

  /** A name that may not survive a loss of power is taken back, since nobody knows it yet. */
  private void syncName() throws IOException {
    try {
      disk.syncFolder(folderOf(target));
    } catch (IOException e) {
      if (!overwrite) {
        disk.delete(target);
      }
      throw e;
    }
  }

  private void publish() throws IOException {
    if (overwrite) {
      disk.move(temporary, target);
      return;
    }
    try {
      try {
        disk.link(target, temporary);
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (UnsupportedOperationException | IOException e) {
        claimAndMove(disk, temporary, target);
      }
    } catch (FileAlreadyExistsException e) {
      throw new AlreadyExistsException(
          e, "There is a file '%s' already; it was left as it is", target);
    }
  }

  /**
   * For file systems without hard links: takes the name with an empty file, which fails if it is
   * taken, and moves the whole file over that. Nobody can know of the name yet, so nobody reads the
   * empty file.
   */
  static void claimAndMove(DiskCalls disk, Path temporary, Path target) throws IOException {
    disk.makeFile(target).close();
    boolean moved = false;
    try {
      disk.move(temporary, target);
      moved = true;
    } finally {
      if (!moved) {
        disk.delete(target);
      }
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    toChannel(buffer);
    buffer.clear();
  }

  private void toChannel(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      failure = e;
      giveUp(e);
      throw e;
    }
  }

  /** What failed never becomes whole, and not every writer closes its stream after a failure. */
  private void giveUp(IOException reason) {
    try (channel) {
      disk.delete(temporary);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("The file '" + target + "' was closed before");
    }
    if (failure != null) {
      throw new IOException("Writing the file '" + target + "' had failed before", failure);
    }
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }
}
