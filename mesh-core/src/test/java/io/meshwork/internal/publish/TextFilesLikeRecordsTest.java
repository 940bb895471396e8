package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.internal.parquet.read.OracleFile;
import io.meshwork.internal.parquet.read.RandomNestedAvro;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other writers write as CSV, JSON lines, and Avro is read as the same rows. */
class TextFilesLikeRecordsTest {
  private static final int SCHEMAS = 24;

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("types", "etl"));
    owner.registerDomain("types").owner("types@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void filesOfEachFormatHaveTheRowsOfTheRecords() throws IOException {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(9_000 + seed);
      RandomNestedAvro maker = new RandomNestedAvro(random, true);
      Schema schema = maker.schema(1 + seed % 4);
      List<GenericRecord> records = maker.rows(schema, 1 + random.nextInt(60));
      List<Map<String, Object>> rows = publish("types/a" + seed, schema, records);
      String what = "seed " + seed + ", contract " + schema;

      assertThat(published("types/b" + seed, schema, csv(seed, schema, rows)))
          .as(what)
          .isEqualTo(rows);
      assertThat(published("types/c" + seed, schema, json(seed, rows))).as(what).isEqualTo(rows);
      assertThat(published("types/d" + seed, schema, avro(seed, schema, records)))
          .as(what)
          .isEqualTo(rows);
    }
  }

  @Test
  void filesOfDuckDbAreReadAsItWroteThem() throws SQLException {
    Path csv = folder.resolve("duck.csv");
    Path json = folder.resolve("duck.jsonl");
    String query =
        """
        select i::integer as whole, i::bigint * 4000000000 as large, i / 7.0 as ratio,
               (i * 1.25)::decimal(12, 2) as price, i % 2 = 0 as even,
               case when i % 3 = 0 then null when i % 3 = 1 then '' else 'a "b",' || chr(10) || i end as text,
               date '2026-02-27' + i::integer as day,
               timestamp '2026-03-29 01:59:59.123456' + interval (i) minute as local,
               timestamptz '2026-03-29 00:59:59.5+00' + interval (i) minute as at,
               time '23:59:00' - interval (i) second as clock,
               uuid() as id
        from range(500) r(i)
        """;
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("set timezone = 'UTC'");
      statement.execute("create table t as " + query);
      statement.execute("copy t to '" + csv + "' (header, force_quote (text))");
      statement.execute("copy t to '" + json + "' (format json)");
      Schema schema = new Schema.Parser().parse(DUCK.replace('\'', '"'));
      owner.defineProduct("types/sql").contract(Contract.of(schema)).commit();
      try (var rows = statement.executeQuery("select * from t")) {
        owner.publish("types/sql").resultSet(rows).commit();
      }
      List<Map<String, Object>> expected = all("types/sql");

      assertThat(expected).hasSize(500);
      assertThat(published("types/json", schema, json)).isEqualTo(expected);
      assertThat(published("types/csv", schema, csv)).isEqualTo(expected);
    }
  }

  private static final String DUCK =
      """
      {'type':'record','name':'T','fields':[
      {'name':'whole','type':'int'},
      {'name':'large','type':'long'},
      {'name':'ratio','type':'double'},
      {'name':'price','type':{'type':'bytes','logicalType':'decimal','precision':12,'scale':2}},
      {'name':'even','type':'boolean'},
      {'name':'text','type':['null','string']},
      {'name':'day','type':{'type':'int','logicalType':'date'}},
      {'name':'local','type':{'type':'long','logicalType':'local-timestamp-micros'}},
      {'name':'at','type':{'type':'long','logicalType':'timestamp-micros'}},
      {'name':'clock','type':{'type':'long','logicalType':'time-micros'}},
      {'name':'id','type':{'type':'string','logicalType':'uuid'}}]}
      """;

  private List<Map<String, Object>> publish(
      String product, Schema schema, List<GenericRecord> records) {
    owner.defineProduct(product).contract(Contract.of(schema)).commit();
    owner.publish(product).records(records).commit();
    return all(product);
  }

  private List<Map<String, Object>> published(String product, Schema schema, Path file) {
    owner.defineProduct(product).contract(Contract.of(schema)).commit();
    owner.publish(product).files(file).commit();
    return all(product);
  }

  private List<Map<String, Object>> all(String product) {
    try (Rows<Map<String, Object>> rows = owner.read(product).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  private Path csv(int seed, Schema schema, List<Map<String, Object>> rows) throws IOException {
    Path file = folder.resolve(seed + ".csv");
    List<String> names = schema.getFields().stream().map(Schema.Field::name).toList();
    try (CsvWriter out = CsvWriter.builder().quoteStrategy(QuoteStrategies.EMPTY).build(file)) {
      out.writeRecord(names);
      for (Map<String, Object> row : rows) {
        List<String> cells = new ArrayList<>();
        for (String name : names) {
          cells.add(cell(row.get(name)));
        }
        out.writeRecord(cells);
      }
    }
    return file;
  }

  private static String cell(Object value) throws IOException {
    if (value == null) {
      return null;
    }
    if (value instanceof Map || value instanceof Collection) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        write(json, value);
      }
      return text.toString();
    }
    return value instanceof ByteBuffer bytes ? base64(bytes) : value.toString();
  }

  private static String base64(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return Base64.getEncoder().encodeToString(copy);
  }

  private Path json(int seed, List<Map<String, Object>> rows) throws IOException {
    StringWriter text = new StringWriter();
    for (Map<String, Object> row : rows) {
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        write(json, row);
      }
      text.write("\r\n");
    }
    return Files.writeString(folder.resolve(seed + ".jsonl"), text.toString());
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(entry.getKey().toString());
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> elements) {
      json.writeStartArray();
      for (Object element : elements) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Integer || value instanceof Long) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number && Double.isFinite(number)) {
      json.writeNumber(number);
    } else if (value instanceof Float number && Float.isFinite(number)) {
      json.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else {
      json.writeString(value instanceof ByteBuffer bytes ? base64(bytes) : value.toString());
    }
  }

  private Path avro(int seed, Schema schema, List<GenericRecord> rows) throws IOException {
    Path file = folder.resolve(seed + ".avro");
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema, OracleFile.model()))) {
      out.setCodec(CodecFactory.deflateCodec(5)).create(schema, file.toFile());
      for (GenericRecord row : rows) {
        out.append(row);
      }
    }
    return file;
  }
}
