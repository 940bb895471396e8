package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Test;

/** The number of files that the doctor opens. */
class DoctorCostTest {
  private final Map<String, Integer> opened = new ConcurrentHashMap<>();

  @Test
  void everyManifestIsReadOnceForAllSnapshots() {
    try (Mesh mesh = InMemoryMesh.with().testing().throughFiles(CountedFiles::new).open()) {
      MeshClient shop = mesh.actingAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").ownedBy("shop@example.org").commit();
      shop.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      for (int i = 0; i < 30; i++) {
        shop.publish("commerce/orders").records(Order.range(i, i + 1)).commit();
      }
      opened.clear();

      assertThat(mesh.doctor().findings()).isEmpty();

      Map<String, Integer> manifests = new ConcurrentHashMap<>(opened);
      manifests.keySet().removeIf(location -> !location.endsWith(".avro"));
      assertThat(manifests).as("30 lists and 30 manifests").hasSize(60);
      assertThat(manifests.values()).containsOnly(1);
    }
  }

  private final class CountedFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    private final FileIO real;

    CountedFiles(FileIO real) {
      this.real = real;
    }

    @Override
    public InputFile newInputFile(String location) {
      InputFile file = real.newInputFile(location);
      return new InputFile() {
        @Override
        public long getLength() {
          return file.getLength();
        }

        @Override
        public SeekableInputStream newStream() {
          opened.merge(location, 1, Integer::sum);
          return file.newStream();
        }

        @Override
        public String location() {
          return file.location();
        }

        @Override
        public boolean exists() {
          return file.exists();
        }
      };
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return real.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      real.deleteFile(location);
    }
  }
}
