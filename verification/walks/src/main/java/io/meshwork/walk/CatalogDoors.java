package io.meshwork.walk;

import io.meshwork.engine.MeshCatalog;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.ByteBuffers;

/** What an engine sees of an embedded mesh through the Iceberg catalog. For one thread. */
final class CatalogDoors {
  private final DoorWalk walk;

  CatalogDoors(DoorWalk walk) {
    this.walk = walk;
  }

  /** Lists and reads all tables as a principal, also those that it does not see. */
  void ask(Path mesh, Principal principal) {
    try (MeshCatalog catalog = new MeshCatalog()) {
      catalog.initialize(
          "mesh",
          Map.of(
              CatalogProperties.WAREHOUSE_LOCATION,
              mesh.toString(),
              CatalogProperties.CACHE_ENABLED,
              "false",
              MeshCatalog.PRINCIPAL,
              principal.account() + "/" + principal.role()));
      ask("MeshCatalog.listNamespaces", "", () -> catalog.listNamespaces(Namespace.empty()));
      for (String domain : List.of("shop", "rival", "absent")) {
        Namespace namespace = Namespace.of(domain);
        ask(
            "MeshCatalog.loadNamespaceMetadata",
            domain,
            () -> catalog.loadNamespaceMetadata(namespace));
        ask("MeshCatalog.listTables", domain, () -> catalog.listTables(namespace));
      }
      for (String product : ShopProducts.ALL) {
        for (String suffix : List.of("_v1", "_v2", "_v1_quarantine", "_v2_quarantine")) {
          ProductName name = ProductName.of(product);
          TableIdentifier table = TableIdentifier.of(name.domain(), name.product() + suffix);
          ask("MeshCatalog.tableExists", product + suffix, () -> catalog.tableExists(table));
          ask("MeshCatalog.loadTable", product + suffix, () -> content(catalog, table));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ask(String door, String about, Supplier<?> question) {
    walk.ask(
        door,
        about,
        () -> {
          try {
            return question.get();
          } catch (ForbiddenException | NoSuchTableException | NoSuchNamespaceException e) {
            return e; // It says why.
          }
        });
  }

  /** What the metadata of a table and the statistics of its files show. */
  private static List<Object> content(MeshCatalog catalog, TableIdentifier name) {
    Table table = catalog.loadTable(name);
    List<Object> content = new ArrayList<>();
    content.add(table.schema().toString());
    content.add(table.spec().toString());
    content.add(table.properties());
    content.add(table.refs().keySet());
    for (HistoryEntry entry : table.history()) {
      content.add(table.snapshot(entry.snapshotId()).summary());
    }
    try (CloseableIterable<FileScanTask> files = table.newScan().includeColumnStats().planFiles()) {
      for (FileScanTask each : files) {
        content.add(each.file().recordCount());
        content.add(each.file().nullValueCounts());
        content.add(texts(each.file().lowerBounds()));
        content.add(texts(each.file().upperBounds()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return content;
  }

  private static Map<Integer, String> texts(Map<Integer, ByteBuffer> bounds) {
    Map<Integer, String> texts = new TreeMap<>();
    bounds.forEach(
        (column, bound) -> texts.put(column, Arrays.toString(ByteBuffers.toByteArray(bound))));
    return texts;
  }
}
