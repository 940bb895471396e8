package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.files.LocalFileIO;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy has the whole file, or does not exist. */
class FileCopyTest {
  private static final int LENGTH = 200_000;

  @TempDir private Path folder;

  @Test
  void aFileThatCannotBeReadCompletelyIsCopiedLater() throws IOException {
    LocalFileIO to = LocalFileIO.below(folder);
    String target = LocalFileIO.ROOT + "/data/file";

    assertThatThrownBy(() -> new FileCopy(new Source(LENGTH / 2), to).copy("file", target))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the disk failed");

    assertThat(to.newInputFile(target).exists()).isFalse();
    try (var files = Files.list(folder.resolve("data"))) {
      assertThat(files).isEmpty();
    }
    FileCopy again = new FileCopy(new Source(LENGTH), to);
    again.copy("file", target);
    assertThat(again.bytes()).isEqualTo(LENGTH);
    assertThat(to.newInputFile(target).getLength()).isEqualTo(LENGTH);
  }

  /** A store with one file, whose disk fails after some bytes. */
  private record Source(int readable) implements FileIO {
    @Override
    public InputFile newInputFile(String location) {
      return new CopiedSource(location, readable);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      throw new UnsupportedOperationException("the source is only read");
    }

    @Override
    public void deleteFile(String location) {
      throw new UnsupportedOperationException("the source is only read");
    }
  }

  private record CopiedSource(String location, int readable) implements InputFile {
    @Override
    public long getLength() {
      return LENGTH;
    }

    @Override
    public SeekableInputStream newStream() {
      return new FailingStream(readable);
    }

    @Override
    public boolean exists() {
      return true;
    }
  }

  private static final class FailingStream extends SeekableInputStream {
    private final ByteArrayInputStream content;
    private final boolean complete;

    FailingStream(int readable) {
      content = new ByteArrayInputStream(new byte[readable]);
      complete = readable == LENGTH;
    }

    @Override
    public int read() throws IOException {
      int next = content.read();
      if (next < 0 && !complete) {
        throw new IOException("the disk failed");
      }
      return next;
    }

    @Override
    public long getPos() {
      return 0;
    }

    @Override
    public void seek(long position) {
      throw new UnsupportedOperationException("the stream is read once");
    }
  }
}
