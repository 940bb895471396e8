package io.meshwork.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ledger.TestMesh.Order;
import io.meshwork.internal.table.MeshTables.VendedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers of a store that vends files for a table never use the files of the principal. */
class ReaderTablesTest {
  @TempDir Path folder;

  /** Files of a store that vends none. */
  private static final class UnvendedFiles implements VendedFiles, FileIO {
    private final transient FileIO files;
    private final List<String> asked = new ArrayList<>();

    UnvendedFiles(FileIO files) {
      this.files = files;
    }

    @Override
    public Optional<FileIO> vended(String catalog, TableName table) {
      asked.add(catalog + " " + table.table());
      return Optional.empty();
    }

    @Override
    public String filteringEngines() {
      return "an engine";
    }

    @Override
    public InputFile newInputFile(String path) {
      return files.newInputFile(path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
      return files.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
      files.deleteFile(path);
    }

    @Override
    public void close() {
      files.close();
    }
  }

  @Test
  void aReaderDoesNotUseItsOwnFilesIfTheStoreVendsNone() {
    UnvendedFiles[] store = new UnvendedFiles[1];
    try (Mesh mesh =
        LocalMesh.builder(folder)
            .testing()
            .wrapFiles(real -> store[0] = new UnvendedFiles(real))
            .open()) {
      MeshClient shop = mesh.clientAs(Principal.of("1", "etl"));
      shop.registerDomain("shop").owner("shop@example.org").accounts("1").commit();
      shop.defineProduct("shop/orders").contract(Contract.of(Order.class)).commit();
      shop.publish("shop/orders").records(List.of(new Order(1))).commit();
      MeshClient reader = mesh.clientAs(Principal.of("2", "analyst"));
      reader.registerDomain("books").owner("books@example.org").accounts("2").commit();
      shop.grant("shop/orders").to(Principal.of("2", "analyst")).because("x").commit();

      assertThatThrownBy(() -> reader.read("shop/orders").rows().close())
          .isInstanceOf(MeshException.class)
          .hasMessageContainingAll("shop.orders_v1", "Nothing was read");
      assertThat(store[0].asked).contains("mesh orders_v1");
      assertThat(shop.read("shop/orders").rows().stream()).hasSize(1);
    }
  }
}
