package io.meshwork.internal.naming;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.disk.DesktopFiles;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that systems keep for themselves, and files that they leave in folders. */
class FolderNamesTest {
  @Test
  void noNameIsThatOfADeviceOnWindows() {
    IntStream.range(0, 10)
        .forEach(
            port -> {
              assertThat(NameGrammar.isLegal("com" + port)).isFalse();
              assertThat(NameGrammar.isLegal("lpt" + port)).isFalse();
            });
    assertThat(NameGrammar.isLegal("com10")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {".directory", "@eaDir", ".DS_Store", "Thumbs.db"})
  void whatADesktopOrAStorageDeviceLeavesIsNoFileOfAMesh(String name) {
    assertThat(DesktopFiles.include("/mesh/data/" + name)).isTrue();
    assertThat(DesktopFiles.contain("/mesh/" + name + "/orders.parquet")).isTrue();
    assertThat(DesktopFiles.include("/mesh/data/" + name + ".parquet")).isFalse();
  }
}
