package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** The same contract from a record, from an Avro schema, and from a Parquet file. */
public final class ThreeContracts {
  private ThreeContracts() {}

  // tag::record[]
  enum Channel {
    SHOP,
    WEB
  }

  record Sale(
      @Column("sale_id") String saleId,
      LocalDate day,
      @Column(precision = 12, scale = 2) BigDecimal price,
      Channel channel,
      Optional<String> coupon,
      Integer items) {}

  static Contract ofRecord() {
    return Contract.of(Sale.class);
  }

  // end::record[]

  static Contract ofAvro(Path file) {
    // tag::avro[]
    Contract contract = Contract.fromAvro(file); // or Contract.of(Schema)
    // end::avro[]
    return contract;
  }

  static Contract ofParquet(Path file) {
    // tag::parquet[]
    Contract contract = Contract.fromParquet(file);
    // end::parquet[]
    return contract;
  }

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Folder.of(arguments);
    show("record", ofRecord());
    Path avsc = folder.resolve("sale.avsc");
    Files.createDirectories(folder);
    Files.writeString(avsc, ofRecord().schema().toString());
    show("avro", ofAvro(avsc));
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      commerce.publish("commerce/orders").records(Orders.GOOD).commit();
      List<String> files = commerce.read("commerce/orders").files();
      show("parquet", ofParquet(Path.of(files.get(0))));
    }
  }

  private static void show(String what, Contract contract) {
    List<String> columns =
        contract.schema().getFields().stream()
            .map(field -> field.name() + (isNullable(field.schema()) ? "?" : ""))
            .toList();
    System.out.println(what + ": " + String.join(", ", columns));
  }

  private static boolean isNullable(Schema type) {
    return type.isNullable();
  }
}
