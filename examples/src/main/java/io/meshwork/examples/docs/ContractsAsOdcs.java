package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.local.LocalMesh;
import io.meshwork.odcs.OdcsDocument;
import io.meshwork.odcs.OdcsExport;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A contract that is read from an ODCS document, changed, and written into the document again. */
public final class ContractsAsOdcs {
  private static final String DOCUMENT =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: 0d4cf1a3-8a0e-4f57-9d53-4a4c6c3e6a10
      name: energy/readings
      version: 1.0.0
      status: active
      description: {purpose: Hourly readings of all meters}
      schema:
        - name: readings
          physicalName: readings_v1
          properties:
            - {name: meter, logicalType: string, required: true, primaryKey: true}
            - name: read_at
              logicalType: timestamp
              required: true
              primaryKey: true
              partitioned: true
              logicalTypeOptions: {timezone: true}
              customProperties: [{property: partitionTransform, value: month}]
            - name: kwh
              logicalType: number
              physicalType: decimal(12,3)
              logicalTypeOptions: {minimum: 0}
              quality:
                - {type: sql, query: SELECT COUNT(*) FROM readings WHERE kwh > 99, mustBe: 0}
      slaProperties:
        - {property: latency, value: 26, unit: h}
      customProperties:
        - {property: costCenter, value: 4711}
      """;

  private ContractsAsOdcs() {}

  /** Defines a product from the document, and prints the report and a part of the export. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Folder.of(arguments);
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient energy = mesh.clientAs(Principal.of("energy", "etl"));
      energy.registerDomain("energy").owner("grid@example.org").commit();
      Path file = Files.writeString(folder.resolve("readings.odcs.yaml"), DOCUMENT);
      define(energy, file);
      String export = export(energy);
      export
          .lines()
          .filter(line -> line.contains("purpose") || line.contains("4711"))
          .forEach(System.out::println);
      avro(energy, folder);
    }
  }

  private static void define(MeshClient energy, Path file) {
    // tag::read[]
    OdcsDocument document = OdcsDocument.read(file);
    for (Element element : document.report().elements()) {
      System.out.println(element);
    }
    energy
        .defineProduct(document.product().orElseThrow())
        .contract(document.contract())
        .partitionBy(document.partitions().toArray(Partition[]::new))
        .commit();
    // end::read[]
  }

  private static String export(MeshClient energy) {
    // tag::export[]
    Contract contract = energy.describe("energy/readings").contract();
    String yaml =
        OdcsExport.of(contract.description("Readings of all meters, corrected for a month"))
            .product(ProductName.of("energy/readings"))
            .asYaml();
    // end::export[]
    return yaml;
  }

  private static void avro(MeshClient energy, Path folder) throws IOException {
    // tag::avro[]
    Contract contract = energy.describe("energy/readings").contract();
    Path file = folder.resolve("readings.avsc");
    Files.writeString(file, contract.schema().toString());
    Contract columns = Contract.fromAvro(file);
    // end::avro[]
    if (!columns.schema().equals(contract.schema())) {
      throw new IllegalStateException("the schema file has other columns");
    }
  }
}
