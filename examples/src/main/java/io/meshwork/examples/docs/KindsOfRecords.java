package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecordBase;

/** The same product from Java records, generic and specific Avro records, and maps. */
public final class KindsOfRecords {
  private KindsOfRecords() {}

  // tag::record[]
  record Sale(long id, Instant at, BigDecimal price, Optional<String> note) {}

  // end::record[]

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"SaleRecord","fields":[
                {"name":"id","type":"long"},
                {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
                {"name":"price","type":
                  {"type":"bytes","logicalType":"decimal","precision":10,"scale":2}},
                {"name":"note","type":["null","string"],"default":null}]}
              """);

  /** What Avro's compiler generates from the schema, in short. */
  static final class SaleRecord extends SpecificRecordBase {
    private final Object[] values = new Object[SCHEMA.getFields().size()];

    SaleRecord(long id, Instant at, BigDecimal price, String note) {
      put(0, id);
      put(1, at);
      put(2, price);
      put(3, note);
    }

    @Override
    public Schema getSchema() {
      return SCHEMA;
    }

    @Override
    public Object get(int field) {
      return values[field];
    }

    @Override
    public void put(int field, Object value) {
      values[field] = value;
    }
  }

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      Contract contract = Contract.of(SCHEMA);
      commerce.defineProduct("commerce/sales").contract(contract).commit();
      Instant at = Instant.parse("2026-11-21T08:00:00Z");
      // tag::records[]
      List<Sale> sales = List.of(new Sale(1, at, new BigDecimal("9.50"), Optional.empty()));
      commerce.publish("commerce/sales").records(sales).commit();
      // end::records[]

      // tag::generic[]
      GenericRecord generic = new GenericData.Record(contract.schema());
      generic.put("id", 2L);
      generic.put("at", at); // or its microseconds since 1970, as Avro's readers return it
      generic.put("price", new BigDecimal("20"));
      commerce.publish("commerce/sales").records(List.of(generic)).commit();
      // end::generic[]

      // tag::specific[]
      SaleRecord specific = new SaleRecord(3, at, new BigDecimal("7.25"), "a gift");
      commerce.publish("commerce/sales").records(List.of(specific)).commit();
      // end::specific[]

      // tag::maps[]
      Map<String, Object> row = Map.of("id", 4, "at", at, "price", new BigDecimal("3.10"));
      commerce.publish("commerce/sales").records(List.of(row)).commit();
      // end::maps[]

      try (Rows<Sale> rows = commerce.read("commerce/sales").as(Sale.class).rows()) {
        rows.forEach(System.out::println);
      }
    }
  }
}
