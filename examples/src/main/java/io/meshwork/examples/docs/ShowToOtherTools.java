package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.interchange.BackstageExport;
import io.meshwork.interchange.OdpsExport;
import io.meshwork.interchange.OpenLineageExport;
import io.meshwork.interchange.PrometheusExport;
import io.meshwork.local.LocalMesh;
import io.meshwork.odcs.OdpsDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A mesh as OpenLineage, as metrics, as ODPS, and as entities of Backstage. */
public final class ShowToOtherTools {
  private ShowToOtherTools() {}

  /** Writes each format to the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Folder.of(arguments);
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.QUARANTINE);
      commerce.publish("commerce/orders").records(Orders.WITH_A_BAD_ROW).commit();

      // tag::lineage[]
      OpenLineageExport export = OpenLineageExport.of(commerce, "meshwork://shop", "commerce");
      OpenLineageExport.Batch batch = export.read();
      batch.lines().forEach(System.out::println);
      String cursor = batch.cursor(); // stored by the caller, such as in a file
      boolean hasNews = export.after(cursor).read().events() > 0;
      // end::lineage[]
      System.out.println("More: " + hasNews);

      // tag::metrics[]
      PrometheusExport.of(commerce).writeTo(folder.resolve("meshwork.prom"));
      // end::metrics[]

      // tag::documents[]
      String product = OdpsExport.of(commerce, "commerce/orders").asYaml();
      Files.writeString(folder.resolve("orders.odps.yaml"), product);
      String catalog = BackstageExport.of(commerce).asYaml();
      Files.writeString(folder.resolve("catalog-info.yaml"), catalog);
      // end::documents[]
    }
  }

  /** Describes a contract by a document of its product. */
  static Contract describe(String product, Contract contract) {
    // tag::product[]
    OdpsDocument document = OdpsDocument.parse(product);
    Contract described = document.describe(contract);
    System.out.println(document.report(described));
    // end::product[]
    return described;
  }

  /** Posts what is new to a receiver of OpenLineage, and stores the cursor after each batch. */
  static void post(MeshClient commerce, Path cursorFile) throws IOException {
    // tag::post[]
    String last = Files.exists(cursorFile) ? Files.readString(cursorFile) : "";
    OpenLineageExport.of(commerce, "meshwork://shop", "commerce")
        .after(last)
        .post(
            URI.create("http://localhost:5000/api/v1/lineage"),
            cursor -> storeAtomically(cursorFile, cursor));
    // end::post[]
  }

  private static void storeAtomically(Path file, String text) {
    try {
      Path part = Files.writeString(file.resolveSibling(file.getFileName() + ".part"), text);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
