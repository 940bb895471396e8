package io.meshwork.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.crypto.ColumnEncryptionProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide. */
class PublishEncryptedFileTest {
  @TempDir Path folder;

  @Test
  void theGuidePublishesAnEncryptedFile() throws Exception {
    byte[] footerKey = new byte[16];
    byte[] emailKey = new byte[32];
    new Random(1).nextBytes(footerKey);
    new Random(2).nextBytes(emailKey);
    ColumnPath email = ColumnPath.get("email");
    Path path =
        new RandomFile("message m { required int64 id; optional binary email (STRING); }", 3)
            .rows(100)
            .encryption(
                FileEncryptionProperties.builder(footerKey)
                    .withCompleteColumnEncryption()
                    .withEncryptedColumns(
                        Map.of(
                            email,
                            ColumnEncryptionProperties.builder(email).withKey(emailKey).build()))
                    .build())
            .write(folder.resolve("customers.parquet"));
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      // tag::encrypted[]
      HadoopParquetFile file =
          HadoopParquetFile.at(path).footerKey(footerKey).columnKey("email", emailKey);
      commerce.defineProduct("commerce/customers").contract(Contract.of(file.schema())).commit();
      commerce.publish("commerce/customers").records(file.records()).commit();
      // end::encrypted[]
      try (Rows<GenericRecord> rows = commerce.read("commerce/customers").rows()) {
        assertThat(rows).hasSize(100);
      }
    }
  }
}
