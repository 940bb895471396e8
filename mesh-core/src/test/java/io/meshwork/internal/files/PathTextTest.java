package io.meshwork.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text that is no path on this system is refused at each door, without the value in it. */
class PathTextTest {
  private static final String IMPOSSIBLE = "city=Bern\0/a.parquet";

  @TempDir private Path folder;

  @Test
  void aNameThatIsImpossibleHereIsRefusedWithItsFolder() {
    LocalFileIO files =
        LocalFileIO.below(folder.resolve("mesh")).reading("lake", folder.resolve("lake"));
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> files.newInputFile("mesh:/t/" + IMPOSSIBLE),
            () -> files.newOutputFile("mesh:/t/" + IMPOSSIBLE),
            () -> files.newInputFile("root:lake/" + IMPOSSIBLE),
            () -> files.deleteFile("mesh:/t/" + IMPOSSIBLE),
            () -> files.identity("mesh:/t/" + IMPOSSIBLE))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.UNSAFE_PATH))
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("Nul character")
          .hasMessageNotContaining("Bern");
    }
    assertThat(files.target("mesh:/t/" + IMPOSSIBLE)).isEqualTo("mesh:/t/" + IMPOSSIBLE);
  }

  @Test
  void aUriOfAUserMeansTheFileThatItEncodes() throws IOException {
    for (String name : List.of("a b", "Zürich", "100%", "a+b", "50%25", "x#y?z")) {
      Path file = Files.createFile(folder.resolve(name));
      assertThat(LocalFileIO.path(file.toUri().toString())).isEqualTo(file);
      assertThat(LocalFileIO.path("file:" + file)).isEqualTo(file);
      assertThat(LocalFileIO.path(file.toString())).isEqualTo(file);
      assertThat(PathText.of("file:" + file)).isEqualTo(file);
      Path later = folder.resolve("later " + name);
      assertThat(LocalFileIO.path(later.toUri().toString())).isEqualTo(later);
    }
  }

  @Test
  void aNameThatHasThePercentSignsWinsAndALocationIsNeverDecoded() throws IOException {
    String uri = "file:" + folder + "/city=%62ern";
    Path decoded = Files.createDirectory(folder.resolve("city=bern"));
    assertThat(LocalFileIO.path(uri)).isEqualTo(decoded);
    assertThat(PathText.of(uri)).isEqualTo(folder.resolve("city=%62ern"));

    Path literal = Files.createDirectory(folder.resolve("city=%62ern"));
    assertThat(LocalFileIO.path(uri)).isEqualTo(literal);
    assertThat(LocalFileIO.path(folder + "/later=%62ern"))
        .isEqualTo(folder.resolve("later=%62ern"));
    assertThat(LocalFileIO.path("file:" + folder + "/later=%FF"))
        .isEqualTo(folder.resolve("later=%FF"));
  }

  @Test
  void aLocationIsAPathOrAUri() {
    for (String text : List.of("/data/mesh", "file:/data/mesh", "file:///data/mesh")) {
      assertThat(PathText.of(text)).as(text).isEqualTo(Path.of("/data/mesh"));
    }
    assertThat(PathText.isAbsolute("s3://bucket/mesh")).isFalse();
    assertThatThrownBy(() -> PathText.of("file:///data/\0"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aPathOrAUriOfWindowsIsAPathWithADriveOrAShare() {
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("C:\\data\\mesh", "C:\\data\\mesh");
    paths.put("C:/data/mesh", "C:/data/mesh");
    paths.put("file:C:\\data\\mesh", "C:\\data\\mesh");
    paths.put("file:/C:/data/mesh", "C:/data/mesh");
    paths.put("file:///C:/data/mesh", "C:/data/mesh");
    paths.put("\\\\server\\share\\mesh", "\\\\server\\share\\mesh");
    paths.put("file://server/share/mesh", "//server/share/mesh");
    paths.put("file:\\\\server\\share\\mesh", "\\\\server\\share\\mesh");
    paths.put("file:shop", "shop");

    paths.forEach(
        (text, path) -> {
          assertThat(PathText.withoutScheme(text, true)).as(text).isEqualTo(path);
          assertThatCode(() -> PathText.requireNotRelativeToDrive(text, true))
              .doesNotThrowAnyException();
        });
    assertThat(PathText.withoutScheme("file:///C:/data", false)).isEqualTo("/C:/data");
  }

  @Test
  void aPathThatIsRelativeToTheCurrentFolderOfADriveIsRefusedOnWindows() {
    for (String text : List.of("C:mesh", "c:", "file:C:mesh", "file:///C:mesh", "D:..\\mesh")) {
      assertThatThrownBy(() -> PathText.requireNotRelativeToDrive(text, true))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .hasMessageContaining("'" + text + "'")
          .hasMessageContaining("current folder of the drive")
          .hasMessageContaining("C:\\data\\mesh");
      assertThatCode(() -> PathText.requireNotRelativeToDrive(text, false))
          .doesNotThrowAnyException();
    }
  }
}
