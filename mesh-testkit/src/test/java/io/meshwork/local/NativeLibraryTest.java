package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite's native library is unpacked once per process, so this needs a separate process. */
class NativeLibraryTest {
  @TempDir private Path folder;

  @Test
  void theErrorNamesTheFolderOfTheLibraryAndItsSettings() throws Exception {
    Path noFolder = Files.writeString(folder.resolve("no-folder"), "a file");
    Path place = folder.resolve("mesh");

    String output = openInAChild(noFolder, place);

    assertThat(output)
        .contains("STORAGE_UNWRITABLE", "org.sqlite.tmpdir", "java.io.tmpdir", noFolder.toString())
        .contains("Nothing was created")
        .doesNotContain("SQLITE_OK");
    assertThat(place).doesNotExist();
  }

  @Test
  void theLoadedLibraryLeavesNoFile() throws Exception {
    Path unpackInto = Files.createDirectory(folder.resolve("temporary"));

    String output = openInAChild(unpackInto, folder.resolve("mesh"));

    assertThat(output).contains("opened");
    assertThat(unpackInto).isEmptyDirectory();
  }

  private String openInAChild(Path unpackInto, Path place) throws Exception {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.sqlite.tmpdir=" + unpackInto,
                    "-cp",
                    System.getProperty("java.class.path"),
                    OpeningChild.class.getName(),
                    place.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    child.waitFor();
    return output;
  }

  /** Opens a mesh and prints the failure. */
  static final class OpeningChild {
    private OpeningChild() {}

    public static void main(String[] place) {
      try {
        LocalMesh.open(Path.of(place[0])).close();
        System.out.println("opened");
      } catch (MeshException e) {
        System.out.println(e.errorCode() + " " + e.getMessage());
      }
    }
  }
}
