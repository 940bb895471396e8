package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.files.LocalFileIO;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalFileIOTest extends FileIOConformance {
  @TempDir private Path folder;

  private final LocalFileIO files = new LocalFileIO();

  @Override
  protected FileIO fileIO() {
    return files;
  }

  @Override
  protected String folder() {
    return folder.toString();
  }

  @Test
  void askingForItsPropertiesDoesNotFail() {
    assertThat(files.properties()).isEmpty();
  }

  @Test
  void aFileUrlMeansTheSamePath() throws IOException {
    write("file:" + folder + "/url", "1");

    for (String scheme : new String[] {"", "file:", "file://"}) {
      assertThat(files.newInputFile(scheme + folder + "/url").location())
          .isEqualTo(folder + "/url");
      assertThat(files.newInputFile(scheme + folder + "/url").exists()).isTrue();
    }
    files.deleteFile("file:" + folder + "/url");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"relative/file", "", "s3://bucket/key", "file:relative", "file://host", "/"})
  void aRelativePathIsRejected(String location) {
    assertThatThrownBy(() -> files.newOutputFile(location))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(location);
  }

  @Test
  void anAbandonedWriterLeavesATemporaryFileThatIsListed() throws IOException {
    PositionOutputStream abandoned = files.newOutputFile(folder + "/data/x.parquet").create();
    abandoned.write(new byte[100_000]);

    assertThat(folder.resolve("data"))
        .isDirectoryContaining("glob:**/.x.parquet.tmp")
        .isDirectoryNotContaining("glob:**/x.parquet");
    assertThat(files.listPrefix(folder.toString()))
        .extracting(FileInfo::location)
        .containsExactly(folder + "/data/.x.parquet.tmp");
  }

  @Test
  void aFileLeftByAKilledWriterDoesNotBlockTheName() throws IOException {
    files.newOutputFile(folder + "/x").create().write(1);

    write(folder + "/x", "new");

    assertThat(folder.resolve("x")).hasContent("new");
    assertThat(folder.resolve(".x.tmp")).exists();
  }

  @Test
  void theFirstOfTwoWritersToCloseSucceeds() throws IOException {
    PositionOutputStream one = files.newOutputFile(folder + "/x").create();
    PositionOutputStream two = files.newOutputFile(folder + "/x").create();
    one.write('1');
    two.write('2');
    two.close();

    assertThatThrownBy(one::close).isInstanceOf(AlreadyExistsException.class);
    one.close();

    assertThat(folder.resolve("x")).hasContent("2");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void closingAFailedWriteCreatesNoFile() throws IOException {
    PositionOutputStream stream = files.newOutputFile(folder + "/x").create();
    stream.write('1');
    Thread.currentThread().interrupt(); // closes the channel under the next write

    assertThatThrownBy(() -> stream.write(new byte[200_000])).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(() -> stream.write('2')).isInstanceOf(IOException.class);
    assertThatThrownBy(stream::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder + "/x");
    stream.close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anUnfinishedFileLeavesNothing() throws IOException {
    PositionOutputStream stream = files.newOutputFile(folder + "/x").create();
    stream.write('1');
    Thread.currentThread().interrupt();

    assertThatThrownBy(stream::close).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    stream.close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void filesAndFoldersAreAccessibleToTheirOwnerOnly() throws IOException {
    write(folder + "/a/b/x", "1");

    assertThat(rights(folder.resolve("a"))).isEqualTo("rwx------");
    assertThat(rights(folder.resolve("a/b"))).isEqualTo("rwx------");
    assertThat(rights(folder.resolve("a/b/x"))).isEqualTo("rw-------");
  }

  @Test
  void aFileInThePlaceOfAFolderIsAnError() throws IOException {
    write(folder + "/a", "1");

    assertThatThrownBy(() -> files.newOutputFile(folder + "/a/b").create())
        .isInstanceOf(RuntimeIOException.class)
        .hasMessageContaining(folder + "/a/b");
  }

  @Test
  void aFolderIsNotDeletedAsAFile() throws IOException {
    Files.createDirectory(folder.resolve("empty"));

    assertThatThrownBy(() -> files.deleteFile(folder + "/empty"))
        .isInstanceOf(RuntimeIOException.class);
    assertThat(folder.resolve("empty")).exists();
  }

  @Test
  void linksAreNotFollowedOnDelete() throws IOException {
    Path outside =
        Files.writeString(Files.createDirectory(folder.resolve("out")).resolve("f"), "1");
    Path inside = Files.createDirectory(folder.resolve("in"));
    Files.createSymbolicLink(inside.resolve("link"), outside.getParent());

    assertThat(files.listPrefix(inside.toString())).isEmpty();
    files.deletePrefix(inside.toString());

    assertThat(inside).doesNotExist();
    assertThat(outside).hasContent("1");
  }

  @Test
  void aPrefixIsAFolderNotTheStartOfAName() throws IOException {
    write(folder + "/a/x", "1");
    write(folder + "/ab/y", "2");

    files.deletePrefix(folder + "/a");

    assertThat(folder.resolve("a")).doesNotExist();
    assertThat(folder.resolve("ab/y")).hasContent("2");
  }

  @Test
  void rangesAreReadWithoutMovingThePosition() throws IOException {
    write(folder + "/digits", "0123456789");

    try (SeekableInputStream stream = files.newInputFile(folder + "/digits").newStream()) {
      RangeReadable ranges = (RangeReadable) stream;
      byte[] three = new byte[3];
      ranges.readFully(4, three);
      assertThat(three).asString().isEqualTo("456");
      assertThat(ranges.readTail(three)).isEqualTo(3);
      assertThat(three).asString().isEqualTo("789");
      assertThat(stream.getPos()).isZero();
      assertThatThrownBy(() -> ranges.readFully(8, three)).isInstanceOf(java.io.EOFException.class);
    }
  }

  private void write(String location, String content) throws IOException {
    try (PositionOutputStream stream = files.newOutputFile(location).create()) {
      stream.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
