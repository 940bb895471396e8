package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads records of a module of which the module opens only a part. */
class ModuleAccessTest {
  private static final Schema CONTRACT = FlatTypes.column("x", "\"long\"");

  @TempDir Path folder;

  @Test
  void publicRecordOfAnExportedPackageNeedsNoOpens() throws Exception {
    Class<?> open = compile("exports rows;", "public");
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(CONTRACT));
    Object record = open.getConstructor(long.class).newInstance(5L);

    RecordShredders.forRecords(CONTRACT, batch.schema()).shred(record, batch, new TypeViolations());

    assertThat(batch.longAt("x", 0)).isEqualTo(5);
    assertThat(RowMaterializers.asRecord(open, batch.schema(), CONTRACT).row(batch, 0))
        .isEqualTo(record);
  }

  @Test
  void recordOfAnOpenedPackageNeedNotBePublic() throws Exception {
    Class<?> hidden = compile("opens rows;", "");
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(CONTRACT));
    batch.vector(0).appendNull();
    assertThatThrownBy(
            () -> RowMaterializers.asRecord(hidden, batch.schema(), CONTRACT).row(batch, 0))
        .hasMessageContainingAll("row 1", "'x'", "Long");
  }

  @Test
  void recordOfAClosedPackageIsRejectedWithTheLineToAdd() throws Exception {
    Class<?> closed = compile("", "public");

    assertThatThrownBy(() -> RowMaterializers.asRecord(closed, FlatTypes.table(CONTRACT), CONTRACT))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContainingAll("rows.Row", "module users", "opens rows;");
  }

  private Class<?> compile(String directive, String access) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources/rows"));
    Path module = sources.resolveSibling("module-info.java");
    Path row = sources.resolve("Row.java");
    Files.writeString(module, "module users { " + directive + " }");
    Files.writeString(row, "package rows; " + access + " record Row(long x) {}");
    Path classes = folder.resolve("classes");
    int outcome =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), module.toString(), row.toString());
    assertThat(outcome).isZero();
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("users"));
    try {
      return ModuleLayer.defineModulesWithOneLoader(
              configuration, List.of(ModuleLayer.boot()), getClass().getClassLoader())
          .layer()
          .findLoader("users")
          .loadClass("rows.Row");
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
