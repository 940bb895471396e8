package io.meshwork.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records of a file are the rows that a mesh reads from it itself: mesh-core is the oracle. */
class RecordsLikeFilesTest {
  private static final String SIMPLE =
      """
      message m {
        required int64 id;
        optional boolean yes;
        optional int32 whole;
        optional int32 tiny (INTEGER(8,false));
        optional int32 unsigned (INTEGER(32,false));
        optional int64 huge (INTEGER(64,false));
        optional float single;
        optional double twice;
        optional fixed_len_byte_array(2) half (FLOAT16);
        optional binary text (STRING);
        optional binary symbol (ENUM);
        optional binary json (JSON);
        optional binary bytes;
        optional fixed_len_byte_array(5) fixed;
        optional fixed_len_byte_array(16) uuid (UUID);
        optional int32 small_decimal (DECIMAL(9,2));
        optional int64 decimal (DECIMAL(18,3));
        optional binary long_decimal (DECIMAL(30,4));
        optional fixed_len_byte_array(9) fixed_decimal (DECIMAL(18,2));
        optional int32 day (DATE);
        optional int32 time_millis (TIME(MILLIS,true));
        optional int64 time_micros (TIME(MICROS,true));
        optional int64 time_nanos (TIME(NANOS,true));
        optional int64 millis (TIMESTAMP(MILLIS,true));
        optional int64 micros (TIMESTAMP(MICROS,false));
        optional int64 nanos (TIMESTAMP(NANOS,true));
        optional int96 legacy;
        optional int32 nothing (UNKNOWN);
      }
      """;

  private static final String NESTED =
      """
      message m {
        required int64 id;
        optional group list (LIST) { repeated group list { optional int32 element; } }
        required group required_list (LIST) { repeated group list { required int96 element; } }
        optional group bag (LIST) { repeated group bag { optional int32 array_element; } }
        optional group two_levels (LIST) { repeated int32 element; }
        optional group array (LIST) { repeated group array { required int32 x; } }
        optional group pairs (LIST) { repeated group pairs_tuple { optional int32 x; } }
        optional group fields (LIST) { repeated group a { required int32 x; optional int64 y; } }
        repeated int32 bare;
        repeated group bare_group { optional binary s (STRING); repeated int64 n; }
        optional group lists (LIST) {
          repeated group list {
            optional group element (LIST) { repeated group list { optional binary element (STRING); } }
          }
        }
        optional group map (MAP) {
          repeated group key_value { required binary key (STRING); optional int32 value; }
        }
        optional group old_map (MAP_KEY_VALUE) {
          repeated group map {
            required binary key (STRING);
            optional group value { optional int64 a; required group b { optional int32 c; } }
          }
        }
        optional group keys (MAP) { repeated group key_value { required binary key (STRING); } }
        optional group struct {
          optional group inner { optional int32 x; required int64 y; }
          required group tags (LIST) { repeated group list { optional group element {
            optional int32 u (INTEGER(32,false)); } } }
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void everyTypeHasTheValuesThatAMeshReadsItself() throws Exception {
    for (WriterVersion version : WriterVersion.values()) {
      for (CompressionCodecName codec :
          List.of(
              CompressionCodecName.UNCOMPRESSED,
              CompressionCodecName.SNAPPY,
              CompressionCodecName.GZIP,
              CompressionCodecName.ZSTD,
              CompressionCodecName.LZ4_RAW)) {
        assertSameRows(new RandomFile(SIMPLE, 11).version(version).codec(codec).rows(2_000));
      }
    }
  }

  @Test
  void nestedColumnsOfEveryEncodingHaveTheValuesThatAMeshReadsItself() throws Exception {
    for (long seed = 1; seed <= 4; seed++) {
      assertSameRows(new RandomFile(NESTED, seed).rows(2_000));
    }
  }

  @Test
  void aFileWithoutRowsHasNoRecords() throws Exception {
    Path file = new RandomFile(NESTED, 5).rows(0).write(folder.resolve("empty.parquet"));
    try (Stream<GenericRecord> rows = HadoopParquetFile.at(file).records()) {
      assertThat(rows).isEmpty();
    }
  }

  @Test
  void valuesThatTheirColumnCannotHoldAreBadRowsOfThePublish() throws Exception {
    // Random milliseconds, most of which exceed the microseconds of a long.
    String schema = "message m { required int64 id; optional int64 t (TIMESTAMP(MILLIS,false)); }";
    Path file = new RandomFile(schema, 6).rows(50).write(folder.resolve("fits.parquet"));
    Path raw =
        new RandomFile("message m { required int64 id; optional int64 t; }", 6)
            .rows(50)
            .write(folder.resolve("raw.parquet"));
    Path outside = Footers.withTypeOf(file, raw, folder.resolve("outside.parquet"));
    assertSameBadRows(outside);
  }

  @Test
  void aMapWithAKeyTwiceIsABadRowOfThePublish() throws Exception {
    String schema =
        """
        message m { required int64 id; optional group map (MAP) {
          repeated group key_value { required binary key (STRING); optional int32 value; } } }
        """;
    assertSameBadRows(
        new RandomFile(schema, 8).repeatedKeys().rows(200).write(folder.resolve("keys.parquet")));
  }

  @Test
  void aTypeWithoutAContractTypeIsRejectedWithItsColumn() throws Exception {
    Path file =
        new RandomFile("message m { required fixed_len_byte_array(12) span (INTERVAL); }", 7)
            .write(folder.resolve("interval.parquet"));
    assertThatThrownBy(() -> HadoopParquetFile.at(file).records())
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SCHEMA_UNSUPPORTED))
        .hasMessageContaining("span")
        .hasMessageContaining("INTERVAL");
  }

  @Test
  void datesOfOldSparkHaveTheValuesThatAMeshReadsItself() throws Exception {
    Path file = new RandomFile(SIMPLE, 12).rows(2_000).write(folder.resolve("new.parquet"));
    Path old =
        Footers.change(
            file,
            folder.resolve("old.parquet"),
            footer -> {
              property(footer, "version", "2.4.8");
              property(footer, "timeZone", "America/Los_Angeles");
            });
    assertThat(assertSameRows(old, "old")).isNotEqualTo(assertSameRows(file, "new"));
  }

  private static void property(FileMetaData footer, String key, String value) {
    KeyValue property = new KeyValue("org.apache.spark." + key);
    footer.addToKey_value_metadata(property.setValue(value));
  }

  private void assertSameRows(RandomFile random) throws Exception {
    Path file = random.write(Files.createTempDirectory(folder, "f").resolve("f"));
    assertSameRows(file, random.toString());
  }

  private List<GenericRecord> assertSameRows(Path file, String what) throws Exception {
    Contract contract = contractOf(file);
    assertThat(HadoopParquetFile.at(file).schema()).isEqualTo(contract.schema());
    try (Mesh mesh = LocalMesh.open(Files.createTempDirectory(folder, "m"))) {
      MeshClient client = client(mesh);
      client.defineProduct("d/a").contract(contract).tableFormat(3).commit();
      client.defineProduct("d/b").contract(contract).tableFormat(3).commit();
      Publish<?> files = client.publish("d/a").files(file).ignoreUnknownColumns();
      long rows = files.commit().rowsAccepted();
      Stream<GenericRecord> records = HadoopParquetFile.at(file).records();
      assertThat(client.publish("d/b").records(records).commit().rowsAccepted()).isEqualTo(rows);
      assertThat(rows).as(what).isEqualTo(2_000);
      List<GenericRecord> published = rows(client, "d/a");
      assertThat(rows(client, "d/b")).as(what).isEqualTo(published);
      return published;
    }
  }

  private void assertSameBadRows(Path file) throws Exception {
    Contract contract =
        Contract.fromParquet(file).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100);
    try (Mesh mesh = LocalMesh.open(Files.createTempDirectory(folder, "m"))) {
      MeshClient client = client(mesh);
      client.defineProduct("d/a").contract(contract).commit();
      client.defineProduct("d/b").contract(contract).commit();
      PublishReceipt own = client.publish("d/a").files(file).commit();
      PublishReceipt records =
          client.publish("d/b").records(HadoopParquetFile.at(file).records()).commit();
      long bad = own.quality().rowsQuarantined();
      assertThat(bad).isPositive();
      assertThat(records.quality().rowsQuarantined()).isEqualTo(bad);
      assertThat(rows(client, "d/b")).isEqualTo(rows(client, "d/a"));
    }
  }

  private static Contract contractOf(Path file) {
    return Contract.of(HadoopParquetFile.at(file).schema());
  }

  private static MeshClient client(Mesh mesh) {
    MeshClient client = mesh.clientAs(Principal.of("d", "etl"));
    client.registerDomain("d").owner("d@example.org").commit();
    return client;
  }

  private static List<GenericRecord> rows(MeshClient client, String product) {
    List<GenericRecord> all = new ArrayList<>();
    try (Rows<GenericRecord> rows = client.read(product).rows()) {
      rows.forEach(all::add);
    }
    return all;
  }
}
