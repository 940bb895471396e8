package io.meshwork.benchmarks;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** Local files for Iceberg, which are synced with their folder when they are closed. */
public final class SyncedFiles implements FileIO {
  private static final long serialVersionUID = 1L;

  /** For Iceberg, which creates it by its name. */
  public SyncedFiles() {}

  @Override
  public InputFile newInputFile(String location) {
    return org.apache.iceberg.Files.localInput(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new SyncedFile(Path.of(location));
  }

  @Override
  public void deleteFile(String location) {
    try {
      Files.delete(Path.of(location));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Syncs a file or folder. */
  static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private record SyncedFile(Path path) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      try {
        Path folder = path.resolve("..").normalize();
        Files.createDirectories(folder);
        return new SyncedStream(path, folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String location() {
      return path.toString();
    }

    @Override
    public InputFile toInputFile() {
      return org.apache.iceberg.Files.localInput(path.toFile());
    }
  }

  private static final class SyncedStream extends PositionOutputStream {
    private final Path folder;
    private final FileOutputStream out;
    private long position;

    SyncedStream(Path path, Path folder) throws IOException {
      this.folder = folder;
      out = new FileOutputStream(path.toFile());
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      position++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      position += length;
    }

    @Override
    public void close() throws IOException {
      if (out.getChannel().isOpen()) {
        out.getFD().sync();
        out.close();
        sync(folder);
      }
    }
  }
}
