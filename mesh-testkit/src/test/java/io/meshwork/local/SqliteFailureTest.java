package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteFailureTest {
  @Test
  void theErrorOfADamagedRegistrySuggestsARestore() {
    assertThat(
            SqliteFailure.of(
                Path.of("/mesh/mesh.db"),
                MeshAction.of(Verb.READ, "from"),
                new SQLException("", "", 11)))
        .hasMessageContainingAll("restore the mesh from a backup", "docs/operating.md")
        .hasMessageNotContaining("move it away");
  }

  @ParameterizedTest
  @CsvSource({
    "5, BACKEND_FAILED, true, another process held its lock",
    "6, BACKEND_FAILED, true, another process held its lock",
    "517, BACKEND_FAILED, true, another process held its lock",
    "10, BACKEND_FAILED, true, SQLITE_IOERR",
    "778, BACKEND_FAILED, true, SQLITE_IOERR",
    "8, STORAGE_UNWRITABLE, false, SQLITE_READONLY",
    "13, STORAGE_UNWRITABLE, false, disk is full",
    "14, STORAGE_UNWRITABLE, false, SQLITE_CANTOPEN",
    "11, REGISTRY_CORRUPT, false, SQLITE_CORRUPT",
    "26, REGISTRY_CORRUPT, false, SQLITE_NOTADB",
    "1, BACKEND_FAILED, false, SQLITE_ERROR",
  })
  void eachCodeHasAnErrorWithoutTheStatement(
      int sqlite, String code, boolean retryable, String fact) {
    SQLException failure = new SQLException("near: SELECT secret FROM document", "", sqlite);

    BackendException translated =
        SqliteFailure.of(Path.of("/mesh/mesh.db"), MeshAction.of(Verb.READ, "from"), failure);

    assertThat(translated.errorCode().name()).isEqualTo(code);
    assertThat(translated.retryable()).isEqualTo(retryable);
    assertThat(translated)
        .hasMessageContainingAll("read from the registry '/mesh/mesh.db'", fact)
        .hasCause(failure);
    assertThat(translated.getMessage()).doesNotContain("SELECT", "secret");
  }
}
