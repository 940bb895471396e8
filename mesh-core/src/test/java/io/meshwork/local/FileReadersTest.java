package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Engine;
import io.meshwork.product.Principal;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engines that a contract names decide on the encodings of its files. */
class FileReadersTest {
  record SensorValue(long id, String sensor, double value) {}

  @TempDir Path folder;

  @Test
  void filesHaveDeltaEncodingsOnlyIfEachReaderKnowsThem() throws SQLException {
    assertThat(encodings()).doesNotContain("DELTA");
    assertThat(encodings(Engine.MESHWORK, Engine.SPARK_ICEBERG_1_10)).doesNotContain("DELTA");
    assertThat(encodings(Engine.MESHWORK, Engine.DUCKDB, Engine.PARQUET_JAVA, Engine.SPARK))
        .contains("DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY");
  }

  /** Publishes rows for these readers; returns the encodings of the file, which DuckDB reads. */
  private String encodings(Engine... readers) throws SQLException {
    List<SensorValue> rows =
        LongStream.range(0, 5_000)
            .mapToObj(id -> new SensorValue(id * 7, new UUID(id * 31, id).toString(), id / 3.0))
            .toList();
    String name = "mesh" + Arrays.hashCode(readers);
    try (Mesh mesh = LocalMesh.open(folder.resolve(name))) {
      MeshClient plant = mesh.clientAs(Principal.of("plant", "etl"));
      plant.registerDomain("plant").owner("plant@example.org").commit();
      Contract contract = Contract.of(SensorValue.class).readers(readers);
      assertThat(Contract.fromJson(contract.toJson())).isEqualTo(contract);
      plant.defineProduct("plant/readings").contract(contract).commit();
      plant.publish("plant/readings").records(rows).commit();
      String file = plant.read("plant/readings").files().get(0);
      Path path = file.startsWith("file:") ? Path.of(URI.create(file)) : Path.of(file);
      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = duck.createStatement()) {
        assertThat(text(statement, "SELECT count(*) || ' ' || sum(id) FROM '" + path + "'"))
            .isEqualTo("5000 87482500");
        return text(
            statement, "SELECT string_agg(encodings, ' ') FROM parquet_metadata('" + path + "')");
      }
    }
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }
}
