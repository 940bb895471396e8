package io.meshwork.internal.publish;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.parquet.read.EmptyGroups;
import io.meshwork.internal.parquet.read.GroupFile;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Publishes files, and row groups, without rows. */
class EmptyFilesTest {
  private static final String FILE =
      "message m { required int64 id; optional binary note (STRING); }";

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void aProduct() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("days", "etl"));
    owner.registerDomain("days").owner("days@example.org").commit();
    owner
        .defineProduct("days/all")
        .contract(
            Contract.of(
                    new Schema.Parser()
                        .parse(
                            """
                            {"type":"record","name":"Day","fields":[
                              {"name":"id","type":"long"},
                              {"name":"note","type":["null","string"],"default":null}]}
                            """))
                .require(unique("id"), between("id", 0, 100))
                .onViolation(OnViolation.QUARANTINE))
        .commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Path file(String name, String schema, long... ids) {
    Path file = folder.resolve(name + ".parquet");
    GroupFile.Row[] rows = new GroupFile.Row[ids.length];
    for (int i = 0; i < ids.length; i++) {
      long id = ids[i];
      rows[i] = row -> row.append("id", id);
    }
    GroupFile.write(file, schema, rows);
    return file;
  }

  private List<Object> ids() {
    List<Object> ids = new ArrayList<>();
    try (Rows<?> rows = owner.read("days/all").columns("id").asMaps().rows()) {
      rows.forEach(row -> ids.add(((java.util.Map<?, ?>) row).get("id")));
    }
    return ids;
  }

  @ParameterizedTest
  @EnumSource
  void aFileWithoutRowsOfAnyWriterIsPublished(EmptyGroups.Style style) {
    Path empty = file("empty", FILE);
    EmptyGroups.add(empty, style, 0);
    Path some = file("some", FILE, 1, 2);
    EmptyGroups.add(some, style, 0);
    EmptyGroups.add(some, style, 2);

    PublishReceipt nothing = owner.publish("days/all").files(empty).commit();
    PublishReceipt two = owner.publish("days/all").files(empty, some, empty).commit();

    assertThat(nothing.rowsAccepted()).isZero();
    assertThat(nothing.quality().rowsOffered()).isZero();
    assertThat(two.rowsAccepted()).isEqualTo(2);
    assertThat(ids()).containsExactly(1L, 2L);
    assertThat(
            owner
                .publish("days/all")
                .files(empty)
                .replaceAll()
                .allowEmpty()
                .commit()
                .rowsAccepted())
        .isZero();
    assertThat(ids()).isEmpty();
    assertThat(mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void anEmptyPandasFrameWithAnUntypedTextColumnIsPublished() {
    Path empty = folder.resolve("frame.parquet");
    GroupFile.write(empty, "message schema { optional int64 id; optional int32 note (UNKNOWN); }");
    EmptyGroups.add(empty, EmptyGroups.Style.DICTIONARY_ALONE, 0);

    assertThat(owner.publish("days/all").files(empty).commit().rowsAccepted()).isZero();
  }

  @Test
  void aContractIsReadFromAFileWithoutRows() {
    Path empty = file("empty", FILE);
    EmptyGroups.add(empty, EmptyGroups.Style.DICTIONARY_ALONE, 0);

    assertThat(Contract.fromParquet(empty).schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("id", "note");
  }
}
