package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.internal.verb.MeshLocation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshPathTest {
  @Test
  void aPathMeansTheFolderWithItsPercentSigns(@TempDir Path folder) {
    Path named = folder.resolve("sp ace #1%41+");

    assertThat(MeshLocation.parse(named.toString()).absolute()).isEqualTo("file:" + named);
    assertThat(MeshLocation.parse(named.toUri().toString()).absolute()).isEqualTo("file:" + named);
    assertThat(MeshLocation.parse("x%41").absolute())
        .isEqualTo("file:" + Path.of("x%41").toAbsolutePath());
  }
}
