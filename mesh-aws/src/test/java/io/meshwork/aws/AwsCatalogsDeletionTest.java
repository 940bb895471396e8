package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.product.Principal;
import io.meshwork.publish.Erase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.Test;

/** What one catalog of several deletes leaves the files of the others as they are. */
class AwsCatalogsDeletionTest extends CatalogsMoveFixture {
  @Test
  void anErasureAndMaintenanceKeepTheRowsOfOtherCatalogsAndFilesThatNobodyWrote() {
    AwsConfig config = stores();
    move(federated(), config).commit();
    FileIO files = ports(config).files();
    String unknown = config.root() + "/data/finance/risks_v1/data/part-0.parquet";
    try (OutputStream out = files.newOutputFile(unknown).create()) {
      out.write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      MeshClient analyst = mesh.clientAs(Principal.of(FINANCE, "analyst"));

      Erase.Proof proof =
          etl.erase(ORDERS)
              .where("id = 'o-15'")
              .because("They asked.")
              .withProof()
              .ignoreReaders()
              .commit();
      mesh.maintain().trustClock().commit();

      assertThat(proof.outOfReach()).noneMatch(file -> file.contains("risks_v1"));
      assertThat(rows(etl, ORDERS)).hasSize(39);
      assertThat(rows(analyst, ORDERS)).hasSize(29);
      assertThat(rows(analyst, RISKS)).hasSize(5);
      assertThat(files.newInputFile(unknown).exists()).isTrue();
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }
}
