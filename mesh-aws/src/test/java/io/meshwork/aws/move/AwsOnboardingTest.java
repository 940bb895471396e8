package io.meshwork.aws.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.S3Local;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard.OnboardPlan;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Files of other programs in S3 are registered, refreshed, read, and never deleted. */
class AwsOnboardingTest extends AwsMoveFixture {
  private static final String CLICKS = "commerce/clicks";
  private static final Contract CLICK = Contract.of(Click.class);

  record Click(long id, String day) {}

  private record StoredClick(long id) {}

  private final S3Client s3 = S3Local.client();
  private final String lake = S3Local.newBucket(s3);
  private final AwsConfig config = emptyStores();

  @BeforeEach
  void makeMesh() {
    move(embedded(), config).commit();
  }

  @AfterEach
  void close() {
    s3.close();
  }

  /** Puts a file of one row, which has no relation to the mesh. */
  private void put(String key, long id) throws IOException {
    Path folder = temporary.resolve("other" + id);
    try (Mesh other = LocalMesh.open(folder)) {
      MeshClient program = other.clientAs(Principal.of("other", "program"));
      program.registerDomain("other").owner("other@example.org").commit();
      program.defineProduct("other/clicks").contract(Contract.of(StoredClick.class)).commit();
      program.publish("other/clicks").records(List.of(new StoredClick(id))).commit();
      s3.putObject(
          put -> put.bucket(bucket()).key(key),
          RequestBody.fromBytes(
              Files.readAllBytes(Path.of(program.read("other/clicks").files().get(0)))));
    }
  }

  private String bucket() {
    return lake.substring("s3://".length());
  }

  private Map<String, String> objects() {
    Map<String, String> objects = new TreeMap<>();
    s3.listObjectsV2(list -> list.bucket(bucket()))
        .contents()
        .forEach(object -> objects.put(object.key(), object.eTag()));
    return objects;
  }

  private static List<Click> clicks(MeshClient client) {
    try (var rows = client.read(CLICKS).as(Click.class).rows()) {
      return rows.stream().toList();
    }
  }

  @Test
  void aFolderOfABucketIsRegisteredRefreshedReadAndKept() throws IOException {
    put("clicks/day=mon/a.parquet", 1);
    put("clicks/day=tue/b.parquet", 2);
    put("clicks/_temporary/c.parquet", 3);
    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      OnboardPlan plan = etl.onboard(CLICKS).contract(CLICK).from(lake + "/clicks").plan();
      assertThat(plan.isAccepted()).as(plan.toString()).isTrue();
      assertThat(plan.files())
          .containsOnlyKeys(lake + "/clicks/day=mon/a.parquet", lake + "/clicks/day=tue/b.parquet");
      assertThat(plan.commit().rowsAccepted()).isEqualTo(2);
      assertThat(clicks(etl)).containsExactlyInAnyOrder(new Click(1, "mon"), new Click(2, "tue"));

      put("clicks/day=wed/d.parquet", 4);
      Map<String, String> before = objects();
      PublishReceipt refreshed = etl.onboard(CLICKS).refresh().commit();
      assertThat(refreshed.rowsAccepted()).isEqualTo(1);
      assertThat(etl.onboard(CLICKS).refresh().commit().replayed()).isTrue();
      assertThat(etl.read(CLICKS).where("day = 'wed'").files())
          .containsExactly(lake + "/clicks/day=wed/d.parquet");

      etl.erase(CLICKS).where("id = 1").because("asked").commit();
      etl.publish(CLICKS).records(List.of(new Click(5, "thu"))).replaceAll().commit();
      mesh.maintain().commit();
      assertThat(clicks(etl)).containsExactly(new Click(5, "thu"));
      assertThat(objects()).isEqualTo(before);
    }
  }

  @Test
  void aFileThatIsMissingIsNamedAndTheMeshsOwnFilesAreRefused() throws IOException {
    put("clicks/day=mon/a.parquet", 1);
    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      etl.onboard(CLICKS).contract(CLICK).from(lake + "/clicks").commit();
      s3.deleteObject(delete -> delete.bucket(bucket()).key("clicks/day=mon/a.parquet"));
      assertThat(etl.onboard(CLICKS).refresh().plan().findings())
          .extracting(Finding::code, Finding::where)
          .containsExactly(tuple(FindingCode.FILE_MISSING, lake + "/clicks/day=mon/a.parquet"));

      String own = etl.read(ORDERS).files().get(0);
      String folder = own.substring(0, own.lastIndexOf('/'));
      assertThatThrownBy(() -> etl.onboard("commerce/copies").from(folder).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("files of the mesh itself");
    }
  }
}
