package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Column;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** A contract of orders, nested in all ways, and Java records for it. */
public final class NestedRows {
  public static final Schema CONTRACT =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Order","fields":[
                {"name":"id","type":"long"},
                {"name":"address","type":["null",{"type":"record","name":"Address","fields":[
                  {"name":"zip","type":"int"},
                  {"name":"city","type":["null","string"],"default":null},
                  {"name":"country","type":"string","default":"CH"}]}],"default":null},
                {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line",
                  "fields":[
                    {"name":"quantity","type":"int"},
                    {"name":"price","type":["null",
                      {"type":"bytes","logicalType":"decimal","precision":9,"scale":2}]},
                    {"name":"codes","type":["null",{"type":"array","items":["null","long"]}]},
                    {"name":"color","type":["null",
                      {"type":"enum","name":"Color","symbols":["RED","GREEN","BLUE"]}]}]}}},
                {"name":"tags","type":["null",{"type":"map","values":"string"}]},
                {"name":"history","type":["null",{"type":"map","values":["null",
                  {"type":"array","items":{"type":"record","name":"Event","fields":[
                    {"name":"day","type":{"type":"int","logicalType":"date"}},
                    {"name":"marks","type":{"type":"map","values":["null","double"]}}]}}]}]},
                {"name":"weights","type":["null",{"type":"array","items":"float"}]}]}
              """);
  public static final org.apache.iceberg.Schema TABLE = IcebergSchemas.fromAvro(CONTRACT);

  record Address(int zip, Optional<String> city, String country) {}

  record Line(
      @Column("quantity") int pieces, BigDecimal price, List<Long> codes, FlatTypes.Color color) {}

  record Event(LocalDate day, Map<String, Double> marks) {}

  record NestedOrder(
      long id,
      Address address,
      List<Line> lines,
      Map<String, String> tags,
      Map<String, List<Event>> history,
      List<Float> weights) {}

  private NestedRows() {}

  public static VectorBatch shred(Schema contract, List<?> records) {
    VectorBatch batch = VectorBatch.empty(IcebergSchemas.fromAvro(contract));
    TypeViolations violations = new TypeViolations();
    RecordShredder shredder = RecordShredders.forRecords(contract, batch.schema());
    records.forEach(record -> shredder.shred(record, batch, violations));
    for (int row = 0; row < records.size(); row++) {
      if (!violations.at(row).isEmpty()) {
        throw new AssertionError("row " + row + ": " + violations.at(row));
      }
    }
    return batch;
  }

  /** Returns all rows, which are the same if they are read one by one and together. */
  public static <T> List<T> all(RowMaterializer<T> materializer, VectorBatch batch) {
    List<T> records = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      records.add(materializer.row(batch, row));
    }
    List<T> together = new ArrayList<>();
    materializer.rows(batch).forEachRemaining(together::add);
    assertThat(together).isEqualTo(records);
    return records;
  }
}
