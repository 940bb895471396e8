package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of a folder that the suites read which take a folder with its subfolders. */
class FolderFilesTest {
  @TempDir Path place;

  private Path folder;

  @BeforeEach
  void aFolderWithABrokenFileInASubfolder() throws IOException {
    folder = Files.createDirectory(place.resolve("folder"));
    Files.createDirectory(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/one.parquet"), "PAR1 and no footer PAR1");
    Files.writeString(folder.resolve("sub/one.yaml"), "[");
  }

  @ParameterizedTest
  @CsvSource({"parquet-read, sub/one.parquet", "odcs, sub/one.yaml"})
  void aLinkToAFolderIsRead(String suite, String file) throws IOException {
    Path link = Files.createSymbolicLink(place.resolve("link"), folder);

    Run run = Run.of(suite, link);

    assertThat(run.errors()).isEmpty();
    assertThat(run.output()).hasSize(2).first().asString().contains(file);
  }

  @Test
  void linksInTheFolderAreFollowed() throws IOException {
    Path other = Files.createDirectory(place.resolve("other"));
    Files.writeString(other.resolve("two.parquet"), "no file of Parquet");
    Files.createSymbolicLink(folder.resolve("linked"), other);
    Files.createSymbolicLink(folder.resolve("three.parquet"), other.resolve("two.parquet"));

    assertThat(parquetFiles())
        .containsExactly("linked/two.parquet", "sub/one.parquet", "three.parquet");
  }

  @Test
  void linksToAFolderAboveOrToNothingAreSkipped() throws IOException {
    Files.createSymbolicLink(folder.resolve("sub/back"), folder);
    Files.createSymbolicLink(folder.resolve("sub/itself"), folder.resolve("sub/itself"));
    Files.createSymbolicLink(folder.resolve("gone.parquet"), place.resolve("gone"));

    assertThat(parquetFiles()).containsExactly("sub/one.parquet");
  }

  /** A path that is too long cannot be read by any account, unlike a folder without permissions. */
  @ParameterizedTest
  @CsvSource({"parquet-read", "odcs"})
  void aSubfolderThatCannotBeReadEndsTheRunWithItsName(String suite) throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    String name = "n".repeat(250);
    Path deep = Files.createDirectories(folder.resolve((name + "/").repeat(10)));
    Path moved = Files.createDirectories(place.resolve((name + "/").repeat(10)));
    Files.move(place.resolve(name), deep.resolve("moved"));
    try {
      Run run = Run.of(suite, folder);

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.output()).isEmpty();
      assertThat(run.errors()).startsWith("Cannot read " + deep.resolve("moved")).contains("long");
    } finally {
      Files.move(deep.resolve("moved"), place.resolve(name));
    }
    assertThat(moved).exists();
  }

  private List<String> parquetFiles() {
    return new FolderFiles(folder).endingWith(".parquet");
  }
}
