package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.internal.parquet.read.GroupFile;
import io.meshwork.internal.parquet.read.OracleFile;
import io.meshwork.internal.parquet.read.RandomNestedAvro;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractOfAFileTest {
  @TempDir private Path folder;

  @Test
  void aPathOfTwoColumnsIsNamed() {
    Path file = folder.resolve("dots.parquet");
    GroupFile.write(
        file,
        "message m { required int32 a.b; required group a { required int32 b; } }",
        row -> {
          row.append("a.b", 1);
          row.addGroup("a").append("b", 2);
        });
    assertThatThrownBy(() -> Contract.fromParquet(file))
        .hasMessageContainingAll("'a.b'", "Rename one of the columns.")
        .hasMessageNotContaining("Use a Parquet file");
  }

  @Test
  void aNestedFileIsPublishedUnderTheContractOfItsFooter() {
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.clientAs(Principal.of("types", "etl"));
      owner.registerDomain("types").owner("types@example.org").commit();
      for (int seed = 0; seed < 12; seed++) {
        // Lists without null elements are written with two levels, as by older writers.
        boolean threeLevels = seed % 3 > 0;
        RandomNestedAvro maker = new RandomNestedAvro(new Random(900 + seed), threeLevels);
        Schema schema = maker.schema(1 + seed % 4);
        List<GenericRecord> rows = maker.rows(schema, 200);
        Path file = folder.resolve(seed + ".parquet");
        OracleFile.write(
            file,
            schema,
            rows,
            to -> to.config("parquet.avro.write-old-list-structure", "" + !threeLevels));

        owner.defineProduct("types/p" + seed).contract(Contract.fromParquet(file)).commit();
        owner.publish("types/p" + seed).files(file).commit();

        String what = "seed " + seed + ", schema " + schema;
        try (Rows<Map<String, Object>> read = owner.read("types/p" + seed).asMaps().rows()) {
          List<Map<String, Object>> found = read.stream().toList();
          assertThat(found).as(what).hasSize(rows.size());
          for (int row = 0; row < found.size(); row++) {
            assertThat(found.get(row))
                .as("%s, row %s", what, row)
                .isEqualTo(RandomNestedAvro.plain(rows.get(row)));
          }
        }
      }
    }
  }
}
