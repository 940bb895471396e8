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
 * Writes {@code .<name>.tmp} and renames it to its final name in {@link #close()}, unless a write
 * failed. Not thread-safe.
 */
final class LocalOutputStream extends PositionOutputStream implements AbortableOutput {
  /** What the final name is. */
  enum TargetName {
    /** A new one, which no reader uses yet; synced. */
    NEW,
    /** As {@link #NEW}, but neither the name nor the content is synced. */
    UNSYNCED,
    /** New, or the name of a file which is replaced; synced. */
    SYNCED,
    /** As {@link #SYNCED}, but after a loss of power, the name may have the replaced content. */
    NOT_SYNCED
  }

  private static final int BUFFER_BYTES = 64 << 10;

  private final DiskCalls disk;
  private final Path target;
  private final Path temporary;
  private final TargetName name;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long written;
  private boolean closed;

  /** False as soon as another writer may have created a file with the temporary name. */
  private boolean hasTemporary = true;

  private @Nullable IOException failure;

  private LocalOutputStream(
      DiskCalls disk, Path target, Path temporary, TargetName name, FileChannel channel) {
    this.disk = disk;
    this.target = target;
    this.temporary = temporary;
    this.name = name;
    this.channel = channel;
  }

  /** Creates a file; temporary files of other writers remain untouched. */
  static LocalOutputStream create(DiskCalls disk, Path target, TargetName name) throws IOException {
    Path folder = folderOf(target);
    PrivateFolders.create(folder, disk);
    for (int i = 1; ; i++) {
      Path temporary =
          folder.resolve("." + target.getFileName() + (i == 1 ? "" : "." + i) + ".tmp");
      try {
        FileChannel channel = disk.createFile(temporary);
        return new LocalOutputStream(disk, target, temporary, name, channel);
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
      writeToChannel(ByteBuffer.wrap(source, offset, length));
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
   * Syncs the file unless that can wait, and renames it, or leaves nothing.
   *
   * @throws IOException if the file cannot be completed, or an earlier write failed
   * @throws io.meshwork.error.AlreadyExistsException if another writer created the file meanwhile
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
            "File '" + target + "' was not created, because a write failed", failure);
      }
      drain();
      if (name != TargetName.UNSYNCED) {
        disk.syncFile(temporary, channel);
      }
      channel.close();
      publish();
    } finally {
      deleteTemporary();
    }
    if (name == TargetName.NEW || name == TargetName.SYNCED) {
      syncName();
    }
  }

  /** Deletes a new file if its name cannot be synced; no reader uses the name yet. */
  private void syncName() throws IOException {
    try {
      disk.syncFolder(folderOf(target));
    } catch (IOException e) {
      if (name == TargetName.NEW) {
        disk.delete(target);
      }
      throw e;
    }
  }

  private void publish() throws IOException {
    if (name == TargetName.SYNCED || name == TargetName.NOT_SYNCED) {
      disk.move(temporary, target);
      hasTemporary = false;
      return;
    }
    try {
      try {
        disk.link(target, temporary);
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (UnsupportedOperationException | IOException e) {
        claimAndMove(disk, temporary, target);
        hasTemporary = false;
      }
    } catch (FileAlreadyExistsException e) {
      throw new AlreadyExistsException(e, "File '%s' already exists; it was not changed", target);
    }
  }

  /**
   * For file systems without hard links: creates an empty file with the name, which fails if the
   * name exists, then replaces it with the complete file. No reader uses the name yet, so none
   * reads the empty file.
   */
  static void claimAndMove(DiskCalls disk, Path temporary, Path target) throws IOException {
    disk.createFile(target).close();
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

  @Override
  public void abort() {
    if (!closed && failure == null) {
      IOException aborted = new IOException("the writer aborted it");
      failure = aborted;
      deleteAfterFailure(aborted);
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    writeToChannel(buffer);
    buffer.clear();
  }

  private void writeToChannel(ByteBuffer bytes) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      failure = e;
      deleteAfterFailure(e);
      throw e;
    }
  }

  /** Deletes the file after a failed write; not every writer closes its stream then. */
  private void deleteAfterFailure(IOException reason) {
    try (channel) {
      deleteTemporary();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Deletes the temporary file of this writer, never a later writer's. */
  private void deleteTemporary() throws IOException {
    if (hasTemporary) {
      disk.delete(temporary);
      hasTemporary = false;
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("File '" + target + "' is closed");
    }
    if (failure != null) {
      throw new IOException("an earlier write to file '" + target + "' failed", failure);
    }
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }
}
