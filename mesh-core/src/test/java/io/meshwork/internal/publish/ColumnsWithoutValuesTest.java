package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ContractViolationException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Avro files and records whose columns have the type null, because no row has a value. */
class ColumnsWithoutValuesTest {
  private static final String EVENTS = "shop/events";

  record Event(
      long id,
      Optional<String> note,
      Optional<Instant> at,
      Optional<List<Optional<String>>> tags,
      Optional<Map<String, Optional<Long>>> counts) {}

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient shop;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    shop = mesh.clientAs(Principal.of("shop", "etl"));
    shop.registerDomain("shop").owner("shop@example.org").commit();
    shop.defineProduct(EVENTS).contract(Contract.of(Event.class)).commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private static GenericRecord row(String id) {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Event", "fields": [
                  {"name": "id", "type": %s},
                  {"name": "note", "type": "null"},
                  {"name": "at", "type": ["null"]},
                  {"name": "tags", "type": {"type": "array", "items": "null"}},
                  {"name": "counts", "type": {"type": "map", "values": "null"}}]}"""
                    .formatted(id));
    GenericRecord row = new GenericData.Record(schema);
    row.put("tags", Arrays.asList((Object) null));
    row.put("counts", Map.of());
    return row;
  }

  private List<Event> rows() {
    try (Rows<Event> rows = shop.read(EVENTS).as(Event.class).rows()) {
      return rows.stream().toList();
    }
  }

  @Test
  void areNullInColumnsThatMayBeNull() throws IOException {
    GenericRecord row = row("\"long\"");
    row.put("id", 7L);
    Path file = folder.resolve("events.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(row.getSchema()))) {
      writer.create(row.getSchema(), file.toFile());
      writer.append(row);
      writer.append(row);
    }
    shop.publish(EVENTS).files(file).commit();
    shop.publish(EVENTS).records(List.of(row)).commit();

    Event expected =
        new Event(
            7,
            Optional.empty(),
            Optional.empty(),
            Optional.of(List.of(Optional.empty())),
            Optional.of(Map.of()));
    assertThat(rows()).containsExactly(expected, expected, expected);
  }

  @Test
  void breakTheContractOfAColumnThatNeedsAValue() {
    assertThatThrownBy(() -> shop.publish(EVENTS).records(List.of(row("\"null\""))).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("id is null or missing, but required", "1 row");
  }
}
